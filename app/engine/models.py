"""models: what is loaded once, whatever index is open."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from footnote.app.answering.answerer import Answerer
from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.checking.second_opinion import SecondOpinion, make_second_opinion
from footnote.app.checking.support import EntailmentSupport, make_entailment
from footnote.app.conversation.standalone import ByLanguageModel, Standalone, by_rules
from footnote.app.core.settings import Settings
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.app.models.llm.chat import EXTRACTIVE, resolve_llm
from footnote.app.models.reranker import Reranker, make_reranker
from footnote.app.rewriting.rewriter import Rewriter, make_rewriter


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once, whatever index is open."""

    embedder: Embedder
    reranker: Reranker | None
    answerer: Answerer
    entailment: EntailmentSupport | None = None
    second_opinion: SecondOpinion | None = None
    rewriter: Rewriter | None = None
    standalone: Standalone = by_rules


def load_models(settings: Settings, search_only: bool = False) -> Models:
    """The models that the settings name, loaded side by side.

    With `search_only` no language model is loaded or asked for but one that rewrites queries.

    Raises:
        ModelError: a local model cannot be loaded.
        SettingsError: the language model's settings are incomplete.
        LLMError: a .gguf file cannot be loaded.
    """
    extractive = search_only or resolve_llm(settings.llm) == EXTRACTIVE
    # First, so that a wrong setting is said before anything is loaded.
    threads = settings.models.threads
    written = None if extractive else make_llm_answerer(settings.llm, threads)
    opinion = None if extractive else make_second_opinion(settings.second_opinion, settings.llm, threads)
    rewriter = make_rewriter(settings.query_rewrite, settings.llm, threads)
    with ThreadPoolExecutor(1) as pool:
        loading_reranker = pool.submit(make_reranker, settings.models)
        embedder = make_embedder(settings.models, settings.llm)
        reranker = loading_reranker.result()
    entailment = None if extractive else make_entailment(settings.check.entailment)
    answerer = written or ExtractiveAnswerer(reranker, embedder, settings.links)
    max_chars = settings.service.max_question_chars
    standalone = by_rules if extractive else ByLanguageModel(LanguageModel(settings.llm, threads), max_chars)
    return Models(embedder, reranker, answerer, entailment, opinion, rewriter, standalone)
