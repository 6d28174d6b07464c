"""weights: what the scores of the stages count against each other, and where an index keeps those fitted to it."""

import logging
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from footnote.app.core.files import replace_text
from footnote.app.core.setting_groups import GateSettings, SearchSettings

FILE = "tuning.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the fused ranking and of the final one; see the settings of the same names.

    Attributes:
        lexical_share: of the lexical search in the fusion, the rest being that of the vector search, [0, 1].
    """

    lexical_share: float
    cosine_span: float
    fused_weight: float

    @classmethod
    def of(cls, search: SearchSettings) -> "Weights":
        """Those that are set."""
        share = search.lexical_weight / (search.lexical_weight + search.vector_weight)
        return cls(share, search.cosine_span, search.fused_weight)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was fitted to questions about one index, with the models whose scores it is about; None was not fitted."""

    embedder: str
    reranker: str
    weights: Weights | None = None
    strictness: float | None = None


def tuning_of(index_dir: Path, embedder: str, reranker: str | None) -> Tuning | None:
    """What was fitted to the index with these models; None where nothing was."""
    tuning = read_tuning(index_dir)
    if tuning and (tuning.embedder, tuning.reranker) != (embedder, reranker):
        log.warning("%s is of other models and not used: run `footnote tune` again", index_dir / FILE)
        return None
    return tuning


def tuned_gate(gate: GateSettings, tuning: Tuning | None) -> GateSettings:
    """The settings with what was fitted; what is set by hand stays as it is."""
    if tuning is None or tuning.strictness is None or "strictness" in gate.model_fields_set:
        return gate
    return gate.model_copy(update={"strictness": tuning.strictness})


def tuned_search(search: SearchSettings, tuning: Tuning | None) -> SearchSettings:
    """The same of the ranking."""
    if tuning is None or tuning.weights is None:
        return search
    weights = tuning.weights
    fitted = {
        "lexical_weight": weights.lexical_share,
        "vector_weight": 1 - weights.lexical_share,
        "cosine_span": weights.cosine_span,
        "fused_weight": weights.fused_weight,
    }
    by_hand = search.model_fields_set
    if by_hand & {"lexical_weight", "vector_weight"}:
        by_hand = by_hand | {"lexical_weight", "vector_weight"}
    return search.model_copy(update={name: value for name, value in fitted.items() if name not in by_hand})


def read_tuning(index_dir: Path) -> Tuning | None:
    """What was fitted to the index; None where nothing was, or where its file cannot be read, which is logged."""
    file = index_dir / FILE
    try:
        return TypeAdapter(Tuning).validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        log.warning("%s cannot be read and is not used: run `footnote tune` again (%s)", file, error)
        return None


def write_tuning(index_dir: Path, tuning: Tuning) -> Path:
    """Write it beside the generations, whole or not at all."""
    file = index_dir / FILE
    replace_text(file, TypeAdapter(Tuning).dump_json(tuning, indent=1).decode())
    return file
