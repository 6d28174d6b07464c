"""models: what is loaded once, whatever index is open."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from footnote.app.answering.answerer import Answerer
from footnote.app.answering.arms import WHO, SecondAnswerer, Split, arm_of
from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.answering.unavailable import Unavailable
from footnote.app.checking.second_opinion import SecondOpinion, make_second_opinion
from footnote.app.checking.support import EntailmentSupport
from footnote.app.conversation.standalone import ByLanguageModel, Standalone, by_rules
from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.settings import Settings
from footnote.app.core.types import Arm
from footnote.app.engine.pool import ModelPool
from footnote.app.models.embedder import Embedder, embedder_fingerprint
from footnote.app.models.llm.chat import EXTRACTIVE, label_of, require_key, resolve_llm
from footnote.app.models.llm.own_llm import naming_own, second_llm
from footnote.app.models.reranker import Reranker
from footnote.app.rewriting.rewriter import Rewriter, make_rewriter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once, whatever index is open.

    `answerer` writes, or for a share of the questions the second model of `split`; `fallback` answers where they fail.
    """

    embedder: Embedder
    reranker: Reranker | None
    answerer: Answerer
    entailment: EntailmentSupport | None = None
    second_opinion: SecondOpinion | None = None
    rewriter: Rewriter | None = None
    standalone: Standalone = by_rules
    fallback: Answerer | None = None
    split: Split | None = None

    def answering(self, question: str) -> tuple[Answerer, Arm | None]:
        """What writes the answer to a question, and in which arm; None where nothing is split."""
        if self.split is None:
            return self.answerer, None
        arm = arm_of(question, self.split.share)
        return (self.split.second if arm == "B" else self.answerer), arm


def load_models(
    settings: Settings,
    search_only: bool = False,
    searching: Models | None = None,
    pool: ModelPool | None = None,
) -> Models:
    """The models that the settings name, loaded side by side.

    With `search_only` no language model is loaded or asked for but one that rewrites queries; the embedder and the
    reranker of `searching` are taken as they are. What the `pool` has is not loaded again.

    Raises:
        ModelError: a local model cannot be loaded.
        SettingsError: the language model's settings are incomplete.
        LLMError: a .gguf file cannot be loaded, and nothing is to take its place.
    """
    threads, llm, pool = settings.models.threads, settings.llm, pool or ModelPool()
    # First, so that a wrong setting is said before anything is loaded.
    is_extractive = search_only or resolve_llm(llm) == EXTRACTIVE
    written = None if is_extractive else _written_by(llm, threads)
    split = None if search_only else _split(settings)
    asks = not is_extractive and not isinstance(written, Unavailable)
    opinion = make_second_opinion(settings.second_opinion, llm, threads) if asks else None
    rewriter = make_rewriter(settings.query_rewrite, llm, threads)
    if searching:
        embedder, reranker = searching.embedder, searching.reranker
    else:
        with ThreadPoolExecutor(1) as beside:
            loading_reranker = beside.submit(pool.reranker, settings.models)
            embedder = pool.embedder(settings.models, llm, settings.embedding_service)
            reranker = loading_reranker.result()
    entailment = pool.entailment(settings.check.entailment) if asks else None
    quotes = ExtractiveAnswerer(reranker, embedder, settings.links)
    max_chars = settings.service.max_question_chars
    standalone = ByLanguageModel(LanguageModel(llm, threads), max_chars, falls_back(llm)) if asks else by_rules
    fallback = quotes if written and falls_back(llm) else None
    return Models(embedder, reranker, written or quotes, entailment, opinion, rewriter, standalone, fallback, split)


def require_models(settings: Settings) -> None:
    """Be sure that the models can be loaded, as far as that is known without loading them.

    Raises:
        ModelError: the folder of the embedder is not there.
        SettingsError: the language model's settings are incomplete.
    """
    require_key(settings.llm)
    embedder_fingerprint(settings.models)


def _split(settings: Settings) -> Split | None:
    """The second model; None where no question goes to one."""
    split, llm = settings.split, settings.llm
    if not split.share:
        return None
    made = second_llm(split, llm)
    try:
        return Split(split.share, SecondAnswerer(_written_by(made, settings.models.threads), split, made))
    except (SettingsError, LLMError) as error:
        raise naming_own(error, split, made, WHO) from error


def falls_back(llm: LLMSettings) -> bool:
    """Whether an answer comes without the language model where that fails."""
    return llm.fallback == EXTRACTIVE


def _written_by(llm: LLMSettings, threads: int) -> Answerer:
    """What writes answers; where a .gguf file cannot be loaded, what says so of each, if others can take its place."""
    try:
        return make_llm_answerer(llm, threads)
    except LLMError as error:
        if not falls_back(llm):
            raise
        log.error("%s", error)
        return Unavailable(label_of(None, llm), error)
