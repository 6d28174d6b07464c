"""The settings of models that search, of the search itself, and of when it found too little."""

from typing import Literal

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from footnote.app.core.setting_groups.group import Group, Key, ServerURL


class ModelSettings(Group):
    """The models that search."""

    profile: Literal["default", "multilingual"] = Field(
        "default",
        validation_alias="FOOTNOTE_MODELS",
        description="The models that are used where no other is named: `default` for English, `multilingual` for more.",
    )
    embedder: str = Field(
        "bundled",
        description="`bundled`; a folder with model.onnx and tokenizer.json; "
        "`st:<folder or Hugging Face id>` for sentence-transformers; `openai:<model>`.",
    )
    query_prefix: str | None = Field(
        None, description="Text put before a question when it is embedded; unset means the model's own."
    )
    passage_prefix: str | None = Field(
        None, description="Text put before each passage when it is embedded; unset means none."
    )
    reranker: str = Field(
        "bundled",
        description="`bundled`; a folder with model.onnx and tokenizer.json; "
        "`st:<folder or Hugging Face id>` for sentence-transformers; `none`.",
    )
    threads: int = Field(
        0,
        validation_alias="FOOTNOTE_MODEL_THREADS",
        ge=0,
        description="Threads of a local model; 0 means one per core.",
    )


class EmbeddingServiceSettings(Group):
    """The server that embeds, where the embedder is one of `openai:`."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_EMBEDDER_")

    base_url: ServerURL | None = Field(
        None,
        description="A server with OpenAI's /embeddings, such as http://localhost:8080/v1; unset means that of the "
        "language model.",
    )
    api_key: Key | None = Field(
        None, description="Its key; unset means that of the language model, unless the base URL is one of its own."
    )
    concurrency: int = Field(8, ge=1, le=256, description="Requests to it at the same time, of an ingest.")
    batch: int = Field(32, ge=1, le=2048, description="Most texts in one request.")
    batch_kb: int = Field(256, ge=1, le=100_000, description="Most text in one request, in kilobytes (10^3 bytes).")
    timeout_s: float = Field(
        60.0, gt=0, allow_inf_nan=False, description="Longest time for one request of an ingest, in seconds."
    )
    give_up_s: float = Field(
        300.0,
        ge=0,
        allow_inf_nan=False,
        description="An ingest that gets nothing from it for so many seconds ends with an error.",
    )
    query_timeout_s: float = Field(
        10.0, gt=0, allow_inf_nan=False, description="Longest wait for the vector of a question, in seconds, all tries."
    )


class SearchSettings(Group):
    """How passages are found and ranked."""

    lexical: Literal["tantivy", "rank-bm25"] = Field("tantivy", description="The lexical search engine.")
    candidates: int = Field(50, ge=1, le=200, description="Candidates from each of the two searches.")
    lexical_weight: float = Field(
        0.5, ge=0, allow_inf_nan=False, description="Weight of the lexical search in the fusion."
    )
    vector_weight: float = Field(
        0.5, ge=0, allow_inf_nan=False, description="Weight of the vector search in the fusion."
    )
    cosine_span: float = Field(
        0.2,
        gt=0,
        allow_inf_nan=False,
        description="A chunk whose cosine is so far below the best counts nothing in the vector part of the fusion; "
        "a model whose cosines lie closer together or further apart needs another.",
    )
    rerank_depth: int = Field(12, ge=1, le=200, description="How many of the fused candidates the reranker reads.")
    fused_weight: float = Field(
        2.0,
        ge=0,
        allow_inf_nan=False,
        description="What the fused score, [0, 1], counts beside the reranker's logit in the final order.",
    )
    top_k: int = Field(4, ge=1, le=50, description="Passages an answer is written from.")

    @model_validator(mode="after")
    def _something_counts(self) -> "SearchSettings":
        if self.lexical_weight == 0 and self.vector_weight == 0:
            raise ValueError("FOOTNOTE_LEXICAL_WEIGHT and FOOTNOTE_VECTOR_WEIGHT must not both be 0")
        return self


class GateSettings(Group):
    """When a question is refused before anything is written."""

    strictness: float = Field(
        0.15,
        ge=0,
        le=1,
        description="Refuse when the probability that the docs answer the question is below this; 0 refuses nothing. "
        "With the bundled models.",
    )
    min_rerank_score: float = Field(
        -5.0,
        description="Refuse when the best passage's reranker score (a logit) is below this; set it anew for another "
        "reranker.",
    )
