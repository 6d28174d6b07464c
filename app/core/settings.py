"""Every setting, in one place.

Built once by an entry point (`load_settings`) and passed down; nothing else reads the environment.
Order of precedence: command-line flag, environment, `.env` in the working folder, default.
"""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from footnote.app.core.errors import SettingsError
from footnote.app.core.link_template import LinkTemplate

PREFIX = "FOOTNOTE_"
ADMIN_KEY_CHARS = 16  # the fewest; a longer one costs nothing, as nobody types it
Globs = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Settings with their defaults; each is `FOOTNOTE_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        # Compose passes `${OPENAI_API_KEY:-}`: set, but empty.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    docs_dir: Path = Field(Path("docs"), description="The docs folder.")
    index_dir: Path = Field(Path("chroma_db"), description="Where the index lives.")

    include: Globs = Field(
        ("**/*.md", "**/*.mdx", "**/*.markdown"),
        description="Globs of files to read, comma-separated, below the docs folder.",
    )
    exclude: Globs = Field((), description="Ignore patterns, comma-separated, as in `.gitignore`.")
    max_file_mb: float = Field(
        10.0, gt=0, allow_inf_nan=False, description="Larger files are skipped, in megabytes (10^6 bytes)."
    )
    chunk_size_chars: int = Field(1000, ge=100, le=20_000, description="Longest chunk, in characters.")
    chunk_overlap_chars: int = Field(200, ge=0, description="Overlap where a long section must be cut, in characters.")

    embedder: str = Field(
        "bundled",
        description="`bundled`; a folder with model.onnx and tokenizer.json; "
        "`st:<folder or Hugging Face id>` for sentence-transformers; `openai:<model>`.",
    )
    query_prefix: str | None = Field(
        None, description="Text put before a question when it is embedded; unset means the model's own."
    )
    lexical: Literal["tantivy", "rank-bm25"] = Field("tantivy", description="The lexical search engine.")
    reranker: str = Field(
        "bundled",
        description="`bundled`; a folder with model.onnx and tokenizer.json; "
        "`st:<folder or Hugging Face id>` for sentence-transformers; `none`.",
    )
    model_threads: int = Field(0, ge=0, description="Threads of a local model; 0 means one per core.")

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

    llm: str = Field(
        "auto",
        description="`auto`; `extractive`; `provider:model` as in LangChain (`openai:gpt-4o`); "
        "or the path of a .gguf file. `auto` is `openai:gpt-4o` with a key or a base URL, else `extractive`.",
    )
    llm_api_key: SecretStr | None = Field(None, description="The key of the provider that `llm` names.")
    llm_base_url: str | None = Field(None, description="An OpenAI-compatible server, such as http://localhost:8080/v1.")
    # OpenAI's own names, so that an environment set up for it works as it is; no other provider gets them.
    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="OpenAI's key, where FOOTNOTE_LLM_API_KEY is not set."
    )
    openai_base_url: str | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description="The same for FOOTNOTE_LLM_BASE_URL."
    )
    llm_timeout_s: float = Field(
        60.0, gt=0, allow_inf_nan=False, description="Longest wait for the language model, in seconds, each try."
    )
    llm_max_tokens: int = Field(600, ge=16, description="Longest answer of the language model, in tokens.")
    llm_prompt: Literal["auto", "full", "compact"] = Field(
        "auto",
        description="`full`, or `compact` with worked examples for small models; "
        "`auto` is compact for a .gguf file and full otherwise.",
    )
    llm_context_tokens: int = Field(4096, ge=512, description="Context of a .gguf model, in tokens.")

    unsupported: Literal["drop", "mark", "refuse"] = Field(
        "drop",
        description="What happens to a sentence that no passage supports: `drop` it, `mark` it with [?], "
        "or `refuse` the whole answer.",
    )
    entailment: str = Field(
        "none",
        description="The model that checks an answer's sentences: `none` for the reranker and rules; "
        "`st:<folder or Hugging Face id>` for an NLI model of sentence-transformers.",
    )

    judge_llm: str | None = Field(
        None,
        description="The language model that judges answers in `footnote eval`, written as for `llm`; "
        "unset means the one that writes them.",
    )
    judge_api_key: SecretStr | None = Field(None, description="The key of the provider that `judge_llm` names.")
    judge_base_url: str | None = Field(None, description="The judge's OpenAI-compatible server.")
    judge_timeout_s: float = Field(
        120.0, gt=0, allow_inf_nan=False, description="Longest wait for the judge, in seconds, each try."
    )
    judge_max_tokens: int = Field(1024, ge=16, description="Longest reply of the judge, in tokens.")
    judge_concurrency: int = Field(4, ge=1, le=64, description="Requests of RAGAS to the judge at the same time.")
    ragas_python: Path = Field(
        Path(".venv-ragas/bin/python"), description="The Python of the environment that has RAGAS (`make ragas`)."
    )

    link_template: str | None = Field(
        None,
        description="The URL of a cited passage, with fields such as `{path}` and `{anchor}`; unset means no links.",
    )
    anchor_style: Literal["github", "mkdocs"] = Field(
        "github", description="How the site that the links point to makes `{anchor}` of a heading."
    )

    host: str = Field("127.0.0.1", description="Address that `footnote serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `footnote serve` listens on.")
    max_question_chars: int = Field(2000, ge=1, description="Longest question, in characters.")
    max_request_kb: int = Field(64, ge=1, description="Largest HTTP request body, in kilobytes (10^3 bytes).")
    query_workers: int = Field(4, ge=1, description="Questions answered at the same time.")
    query_queue: int = Field(16, ge=0, description="Questions that may wait; one more gets 503.")
    workers: int = Field(1, ge=1, description="Processes of `footnote serve`; each loads the models.")
    watch: bool = Field(False, description="Whether `footnote serve` ingests at every change of the docs folder.")
    admin_key: SecretStr | None = Field(None, description="The key for `POST /ingest`; without it the route is off.")

    keep_questions: bool = Field(
        True, description="Whether questions that the docs do not answer are kept, for `footnote gaps`."
    )
    keep_questions_days: int = Field(90, ge=1, description="Days after which a kept question is deleted.")

    @field_validator("include", "exclude", mode="before")
    @classmethod
    def _split_globs(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("link_template")
    @classmethod
    def _fillable(cls, template: str | None) -> str | None:
        if template is not None:
            LinkTemplate(template)
        return template

    @field_validator("admin_key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        value = None if key is None else key.get_secret_value()
        if value is not None and not re.fullmatch(f"[!-~]{{{ADMIN_KEY_CHARS},}}", value):
            raise ValueError(f"must be at least {ADMIN_KEY_CHARS} visible ASCII characters, with no space")
        return key

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.chunk_overlap_chars * 2 > self.chunk_size_chars:
            raise ValueError("FOOTNOTE_CHUNK_OVERLAP_CHARS must be at most half of FOOTNOTE_CHUNK_SIZE_CHARS")
        if self.lexical_weight == 0 and self.vector_weight == 0:
            raise ValueError("FOOTNOTE_LEXICAL_WEIGHT and FOOTNOTE_VECTOR_WEIGHT must not both be 0")
        return self

    @property
    def max_file_bytes(self) -> int:
        """The size of the largest file that is read."""
        return int(self.max_file_mb * 1_000_000)

    @property
    def openai_key(self) -> SecretStr | None:
        """The key for OpenAI and compatible servers."""
        return self.llm_api_key or self.openai_api_key

    @property
    def openai_url(self) -> str | None:
        """The base URL for OpenAI and compatible servers; None means OpenAI's own."""
        return self.llm_base_url or self.openai_base_url


def environment_name(field_name: str) -> str:
    """`docs_dir` -> `FOOTNOTE_DOCS_DIR`; OpenAI's own names as they are."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field_name.upper()


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables from which a child process makes the same settings, keys included.

    Only what was given, not the defaults: what is given nowhere may have another meaning (`docs_dir`).
    """
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {environment_name(name): _as_text(value) for name, value in given.items() if value is not None}


def load_settings(env_file: Path | None = Path(".env"), **flags: object) -> Settings:
    """Settings from flags, environment and `.env`; a flag that is None was not given.

    Raises:
        SettingsError: a value is malformed, or a `FOOTNOTE_` name is not a setting.
    """
    _refuse_unknown_names(env_file)
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(_env_file=env_file, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_readable(error)) from error


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(value) or ","  # an empty variable counts as not set
    return str(value)


def _refuse_unknown_names(env_file: Path | None) -> None:
    known = {environment_name(name) for name in Settings.model_fields}
    names = list(os.environ)
    if env_file is not None and env_file.is_file():
        from dotenv import dotenv_values

        try:
            names += dotenv_values(env_file)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"cannot read {env_file}: {error}") from error
    for name in names:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {close[0]}?" if close else "docs/configuration.md lists them all."
            raise SettingsError(f"unknown setting {name}: {hint}")


def _readable(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        where = (name if name.isupper() else environment_name(name)) + ": " if name else ""
        lines.append(where + problem["msg"].removeprefix("Value error, "))
    return "; ".join(lines)
