"""support: how well passages support a sentence, by a model of entailment, for those who have one."""

from typing import Any, Protocol

from footnote.app.checking.alignment import Reading, content_terms
from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.models.sentence_transformers import import_sentence_transformers

# Windows that are scored: the ones that hold most of the sentence's terms. More add time and no recall.
MAX_WINDOWS = 4


class SupportModel(Protocol):
    def support(self, sentence: str, read: Reading, question: str) -> float:
        """How likely it is that the passages support the sentence, [0, 1]."""
        ...


class EntailmentSupport:
    """A natural language inference model of sentence-transformers: does a window entail the sentence?

    Raises:
        ModelError: the extra is missing, or the model cannot be loaded or has no label "entailment".
    """

    def __init__(self, name_or_folder: str) -> None:
        sentence_transformers = import_sentence_transformers()
        try:
            self._model: Any = sentence_transformers.CrossEncoder(name_or_folder, device="cpu")
            labels = {str(label).casefold(): int(at) for at, label in self._model.config.id2label.items()}
        except Exception as error:  # the library raises many kinds; all mean that the model is not to be had
            raise ModelError(f"cannot load the entailment model {name_or_folder}: {error}") from error
        if "entailment" not in labels:
            raise ModelError(f"{name_or_folder} has no label `entailment`: FOOTNOTE_ENTAILMENT needs an NLI model")
        self._column = labels["entailment"]

    def support(self, sentence: str, read: Reading, question: str) -> float:
        windows = read.windows(content_terms(sentence), lambda term: 1.0, MAX_WINDOWS)
        pairs = [(text, sentence) for text in [*windows, *read.passages]]
        scores = self._model.predict(pairs, batch_size=1, apply_softmax=True, show_progress_bar=False)
        return max((float(row[self._column]) for row in scores), default=0.0)


def make_entailment(name: str) -> EntailmentSupport | None:
    """The entailment model of FOOTNOTE_ENTAILMENT; None for `none`.

    Raises:
        SettingsError: the name is not `none` or `st:<model>`.
        ModelError: it cannot be loaded.
    """
    if name == "none":
        return None
    if not name.startswith("st:"):
        raise SettingsError(f"FOOTNOTE_ENTAILMENT={name}: use `none` or `st:<model>`")
    return EntailmentSupport(name.removeprefix("st:"))
