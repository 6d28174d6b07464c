"""The settings by group, each with its default and its meaning.

A field is `FOOTNOTE_<NAME>` in the environment, after its group's prefix; where that would read badly, the field names
its variable itself. `settings.py` reads them.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from footnote.app.core.addresses import POSTGRES_EXAMPLE, postgres_address, sendable_key, server_url, web_origin
from footnote.app.core.git_address import PREFIX as GIT_PREFIX
from footnote.app.core.git_address import GitAddress, docs_dir_of_checkout, git_address, is_git
from footnote.app.core.link_template import LinkTemplate
from footnote.app.core.types import AnchorStyle

PREFIX = "FOOTNOTE_"
NO_ADAPTER = "none"
NO_INCLUDES = "none"
STORE_EXAMPLES = {
    "chroma": "chroma:http://HOST:8000",
    "milvus": "milvus:http://HOST:19530",
    "postgres": POSTGRES_EXAMPLE,
}
STORE_KINDS = tuple(STORE_EXAMPLES)  # that have an address
ADMIN_KEY_CHARS = 16  # the fewest; a longer one costs nothing, as nobody types it
Globs = Annotated[tuple[str, ...], NoDecode]
ServerURL = Annotated[str, AfterValidator(server_url)]
Key = Annotated[SecretStr, AfterValidator(sendable_key)]


class Group(BaseSettings):
    """Settings of one concern."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        # Compose passes `${OPENAI_API_KEY:-}`: set, but empty.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )


class FolderSettings(Group):
    """Where docs and index are."""

    docs: Path | str = Field(
        Path("docs"),
        validation_alias="FOOTNOTE_DOCS_DIR",
        repr=False,
        description="The docs folder; or a Git repository: `git+URL#BRANCH:FOLDER`.",
    )
    index_dir: Path = Field(Path("chroma_db"), description="Where the index lives.")

    @field_validator("docs")
    @classmethod
    def _names_docs(cls, docs: Path | str) -> Path | str:
        if str(docs).startswith(GIT_PREFIX):
            return git_address(str(docs)).given
        return Path(docs)

    @property
    def git(self) -> GitAddress | None:
        """The repository that the docs are in; None for those of a folder."""
        return git_address(str(self.docs)) if is_git(self.docs) else None

    @property
    def docs_dir(self) -> Path:
        """The docs folder; of a repository the one of its checkout, which is there after the first ingest."""
        return docs_dir_of_checkout(self.index_dir, self.git) if self.git else Path(self.docs)

    @property
    def docs_shown(self) -> str:
        """What errors and reports call the docs: without the login of an address."""
        return self.git.shown if self.git else str(self.docs_dir.resolve())

    @property
    def docs_place(self) -> Path:
        """The docs folder by its one name: absolute, and whatever link leads to it."""
        return self.docs_dir if self.git else self.docs_dir.resolve()


class StoreSettings(Group):
    """What holds the chunks of the index."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_STORE_")

    name: str = Field(
        "embedded",
        validation_alias="FOOTNOTE_STORE",
        description="What holds the chunks and answers the searches: files in the index folder (`embedded`), or a "
        "server: `chroma:http://HOST:8000`, `milvus:http://HOST:19530`, `postgres:postgresql://USER@HOST/DATABASE`.",
    )
    token: SecretStr | None = Field(
        None, description="The login of the store's server: `USER:PASSWORD`, or an API key."
    )
    timeout_s: float = Field(10.0, gt=0, le=600, description="How long one answer of the store's server may take.")

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        kind, _, address = name.partition(":")
        if name == "embedded":
            return name
        if kind not in STORE_KINDS:
            raise ValueError(f"must be embedded, or one of {', '.join(STORE_EXAMPLES.values())}")
        if kind == "postgres":
            return f"{kind}:{postgres_address(address)}"
        if "@" in address:
            raise ValueError("must hold no login: put that into FOOTNOTE_STORE_TOKEN")
        return f"{kind}:{server_url(address, f'{kind}:', STORE_EXAMPLES[kind])}"

    @property
    def kind(self) -> str:
        """What is in front of the address: `embedded`, or one of STORE_KINDS."""
        return self.name.partition(":")[0]

    @property
    def address(self) -> str:
        """Where the store's server is; "" of the embedded one."""
        return self.name.partition(":")[2]


class IngestSettings(Group):
    """What is read, and how it is cut."""

    include: Globs = Field(
        ("**/*.md", "**/*.mdx", "**/*.markdown"),
        description="Globs of files to read, comma-separated, below the docs folder.",
    )
    exclude: Globs = Field((), description="Ignore patterns, comma-separated, as in `.gitignore`.")
    include_roots: Globs = Field(
        (),
        description="Folders beside the docs folder, comma-separated, whose files pages may show parts of; `none`: "
        "show none, not even those of the docs folder.",
    )
    max_file_mb: float = Field(
        10.0, gt=0, allow_inf_nan=False, description="Larger files are skipped, in megabytes (10^6 bytes)."
    )
    chunk_size_chars: int = Field(1000, ge=100, le=20_000, description="Longest chunk, in characters.")
    chunk_overlap_chars: int = Field(200, ge=0, description="Overlap where a long section must be cut, in characters.")
    small_section_chars: int = Field(
        120,
        ge=0,
        description="A section of fewer characters shares a chunk with those beside it, as far as there is room; "
        "0 keeps each apart.",
    )
    keep_generations: int = Field(
        2, ge=1, description="How many generations an ingest leaves, the live one among them, for `footnote rollback`."
    )
    disk_check: bool = Field(
        True, description="Whether an ingest is refused that the disk has no room for, before it begins."
    )

    @field_validator("include", "exclude", "include_roots", mode="before")
    @classmethod
    def _split_globs(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("include_roots")
    @classmethod
    def _have_names_of_their_own(cls, roots: tuple[str, ...]) -> tuple[str, ...]:
        if NO_INCLUDES in roots and len(roots) > 1:
            raise ValueError("names folders and none: one or the other")
        folders = {Path(root).expanduser().resolve() for root in roots}
        names = Counter(folder.name for folder in folders)
        if twice := [name for name, count in names.items() if count > 1 or not name]:
            # Files of a root are named by it: `docs_src/first.py`.
            raise ValueError(f"has several folders called {twice[0] or '/'!r}: name the folder above one of them")
        return roots

    @model_validator(mode="after")
    def _overlap_is_small(self) -> "IngestSettings":
        if self.chunk_overlap_chars * 2 > self.chunk_size_chars:
            raise ValueError("FOOTNOTE_CHUNK_OVERLAP_CHARS must be at most half of FOOTNOTE_CHUNK_SIZE_CHARS")
        return self

    @property
    def resolved_include_roots(self) -> tuple[str, ...]:
        """The folders of `include_roots` as absolute paths, in order; `("none",)` where nothing may be shown."""
        if self.include_roots == (NO_INCLUDES,):
            return self.include_roots
        return tuple(sorted({str(Path(root).expanduser().resolve()) for root in self.include_roots}))

    @property
    def max_file_bytes(self) -> int:
        """The size of the largest file that is read."""
        return int(self.max_file_mb * 1_000_000)


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


class LLMSettings(Group):
    """The language model that writes answers."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_LLM_")

    name: str = Field(
        "auto",
        validation_alias="FOOTNOTE_LLM",
        description="`auto`; `extractive`; `provider:model` as in LangChain (`openai:gpt-4o`); "
        "or the path of a .gguf file. `auto` is GPT-4o with a key, and its successor once it is gone; with a base URL "
        "the model of that server; else `extractive`.",
    )
    adapter: str = Field(
        NO_ADAPTER,
        description="A LoRA adapter in GGUF that was trained on the .gguf file of FOOTNOTE_LLM; `none`. A model "
        "that is named by a flag is taken without.",
    )
    fallback: Literal["extractive", "error"] = Field(
        "extractive",
        description="What comes when the language model fails: an answer of quotes that says so (`extractive`), or an "
        "`error`.",
    )
    api_key: Key | None = Field(None, description="The key of the provider that `llm` names.")
    base_url: ServerURL | None = Field(
        None, description="An OpenAI-compatible server, such as http://localhost:8080/v1."
    )
    # OpenAI's own names, so that an environment set up for it works as it is; no other provider gets them.
    openai_api_key: Key | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="OpenAI's key, where FOOTNOTE_LLM_API_KEY is not set."
    )
    openai_base_url: ServerURL | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description="The same for FOOTNOTE_LLM_BASE_URL."
    )
    timeout_s: float = Field(
        60.0,
        gt=0,
        allow_inf_nan=False,
        description="Longest wait for the language model's first or next words, in seconds, each try; "
        "where it is not set, 600 for a .gguf file.",
    )
    max_tokens: int = Field(600, ge=16, description="Longest answer of the language model, in tokens.")
    reasoning_tokens: int = Field(
        4096, ge=0, description="What a model that reasons may spend on it, in tokens, beside its answer."
    )
    reasoning_effort: str = Field(
        "low", pattern="^[a-z]+$", description="How much one of OpenAI's reasons: `none`, `low`, `medium` or `high`."
    )
    prompt: Literal["auto", "full", "compact"] = Field(
        "auto",
        description="`full`, or `compact` with worked examples for small models; "
        "`auto` is compact for a .gguf file and full otherwise.",
    )
    context_tokens: int = Field(4096, ge=512, description="Context of a .gguf model, in tokens.")
    prices: Path | None = Field(
        None, description="A TOML file of what models cost, which goes before the prices that are built in."
    )

    @model_validator(mode="after")
    def _adapter_has_its_base(self) -> "LLMSettings":
        if self.adapter != NO_ADAPTER and not self.name.endswith(".gguf"):
            raise ValueError(
                f"FOOTNOTE_LLM_ADAPTER={self.adapter} needs the .gguf file that it was trained on in FOOTNOTE_LLM, "
                f"which is {self.name}"
            )
        return self

    @property
    def openai_key(self) -> SecretStr | None:
        """The key for OpenAI and compatible servers."""
        return self.api_key or self.openai_api_key

    @property
    def openai_url(self) -> str | None:
        """The base URL for OpenAI and compatible servers; None means OpenAI's own."""
        return self.base_url or self.openai_base_url


class CheckSettings(Group):
    """The check of written answers."""

    unsupported: Literal["drop", "mark", "refuse"] = Field(
        "drop",
        description="What happens to a sentence that the passages contradict, or that is made up: `drop` it, `mark` it "
        "with [unsupported], or `refuse` the whole answer.",
    )
    unverified: Literal["mark", "keep", "drop"] = Field(
        "mark",
        description="What happens to a sentence that the passages neither prove nor contradict: `mark` it with [?], "
        "`keep` it as it is, or `drop` it.",
    )
    entailment: str = Field(
        "none",
        description="A model that decides about sentences in which the rules find nothing wrong: `none`, or "
        "`st:<folder or Hugging Face id>` for an NLI model of sentence-transformers.",
    )


class OtherLLMSettings(Group):
    """Another language model, beside the one that writes answers."""

    llm: str | None = Field(
        None, description="The language model, written as for FOOTNOTE_LLM; unset means the one that writes answers."
    )
    api_key: Key | None = Field(None, description="The key of its provider.")
    base_url: ServerURL | None = Field(None, description="Its OpenAI-compatible server.")


class SplitSettings(OtherLLMSettings):
    """A second language model that writes the answers to a share of the questions, to be compared with the first."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_LLM_B_")

    share: float = Field(
        0.0,
        validation_alias="FOOTNOTE_LLM_SPLIT",
        ge=0,
        le=1,
        description="The share of questions, 0 to 1, that FOOTNOTE_LLM_B answers in place of FOOTNOTE_LLM.",
    )
    llm: str | None = Field(
        None,
        validation_alias="FOOTNOTE_LLM_B",
        description="The second language model, written as for FOOTNOTE_LLM; what is not set for it is as for that.",
    )
    adapter: str = Field(
        NO_ADAPTER,
        description="A LoRA adapter in GGUF for the .gguf file of FOOTNOTE_LLM_B, or without one of FOOTNOTE_LLM.",
    )

    @model_validator(mode="after")
    def _has_another_model(self) -> "SplitSettings":
        if self.share and not (self.llm or self.base_url or self.adapter != NO_ADAPTER):
            raise ValueError("FOOTNOTE_LLM_SPLIT needs a second language model: name it in FOOTNOTE_LLM_B")
        return self


class OwnLLMSettings(OtherLLMSettings):
    """A language model with settings of its own, beside the one that writes answers."""

    timeout_s: float = Field(60.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    max_tokens: int = Field(1024, ge=16, description="Its longest reply, in tokens.")


class SecondOpinionSettings(OwnLLMSettings):
    """The language model that is asked about the sentences of a written answer."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_CHECK_")

    mode: Literal["rules", "model", "both"] = Field(
        "rules",
        validation_alias="FOOTNOTE_CHECK",
        description="What decides about a sentence in which the rules find nothing false: the `rules`; a language "
        "`model`; or `both`, which must agree that it is supported.",
    )
    max_tokens: int = Field(2048, ge=16, description="Its longest reply, in tokens.")


RewriteMode = Literal["off", "rewrite", "multi", "hyde"]


class QueryRewriteSettings(OwnLLMSettings):
    """The language model that is asked what to search for beside a question."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_QUERY_REWRITE_")

    mode: RewriteMode = Field(
        "off",
        validation_alias="FOOTNOTE_QUERY_REWRITE",
        description="What a language model writes to be searched beside the question: nothing (`off`); a better query "
        "(`rewrite`); up to three queries (`multi`); or a passage that could answer it (`hyde`).",
    )
    timeout_s: float = Field(20.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    max_tokens: int = Field(200, ge=16, description="Its longest reply, in tokens.")


class JudgeSettings(OwnLLMSettings):
    """The language model that judges answers in `footnote eval`."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_JUDGE_")

    timeout_s: float = Field(120.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    concurrency: int = Field(4, ge=1, le=64, description="Requests of RAGAS to the judge at the same time.")
    ragas_python: Path = Field(
        Path(".venv-ragas/bin/python"),
        validation_alias="FOOTNOTE_RAGAS_PYTHON",
        description="The Python of the environment that has RAGAS (`make ragas`).",
    )


class FineTuningSettings(Group):
    """The provider that tunes a language model."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_FINE_TUNING_")

    base_url: ServerURL | None = Field(
        None, description="A service with OpenAI's fine-tuning API; unset means OPENAI_BASE_URL, or OpenAI."
    )
    api_key: Key | None = Field(
        None, description="Its key; unset means OPENAI_API_KEY, unless the base URL is one of its own."
    )
    timeout_s: float = Field(
        60.0, gt=0, allow_inf_nan=False, description="Longest wait for its next words, in seconds, each try."
    )


class LinkSettings(Group):
    """Links to cited pages."""

    template: str | None = Field(
        None,
        validation_alias="FOOTNOTE_LINK_TEMPLATE",
        description="The URL of a cited passage, with fields such as `{path}` and `{anchor}`; unset means no links.",
    )
    anchor_style: Literal["auto"] | AnchorStyle = Field(
        "auto",
        description="How the site that the links point to makes `{anchor}` of a heading; `auto`: as GitHub where the "
        "template leads there, else as the site that the docs are made for.",
    )

    @field_validator("template")
    @classmethod
    def _fillable(cls, template: str | None) -> str | None:
        if template is not None:
            LinkTemplate(template)
        return template


class QuestionSettings(Group):
    """The unanswered questions that are kept."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_KEEP_QUESTIONS_")

    keep: bool = Field(
        True,
        validation_alias="FOOTNOTE_KEEP_QUESTIONS",
        description="Whether questions that the docs do not answer are kept, for `footnote gaps`.",
    )
    days: int = Field(90, ge=1, description="Days after which a kept question is deleted.")


class KeptAnswerSettings(Group):
    """The answers that are kept whole, for a language model to learn from."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_KEEP_ANSWERS_")

    keep: bool = Field(
        False,
        validation_alias="FOOTNOTE_KEEP_ANSWERS",
        description="Whether every answer that is given is kept, with the passages that it was written from.",
    )
    days: int = Field(90, ge=1, description="Days after which a kept answer is deleted.")


class SharingSettings(Group):
    """The answers that readers save on the service, to share them."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_SAVED_")

    save: bool = Field(
        False,
        validation_alias="FOOTNOTE_SAVED_ANSWERS",
        description="Whether readers can save an answer on the service, for all who have its address.",
    )
    days: int = Field(365, ge=1, description="Days after which a saved answer is deleted.")


class ReplicaSettings(Group):
    """What a service follows that has no docs of its own."""

    follow: str | None = Field(
        None,
        description="Where another machine publishes its index, for a service that takes it up from there: a folder, "
        "`s3://bucket/prefix`, `rsync://host/module/path` or `user@host:path`.",
    )
    every_s: float = Field(
        5.0,
        validation_alias="FOOTNOTE_FOLLOW_EVERY_S",
        gt=0,
        allow_inf_nan=False,
        description="Seconds between two looks at it.",
    )


class ServiceSettings(Group):
    """The HTTP service."""

    host: str = Field("127.0.0.1", description="Address that `footnote serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `footnote serve` listens on.")
    max_question_chars: int = Field(2000, ge=1, description="Longest question, in characters.")
    max_request_kb: int = Field(64, ge=1, description="Largest HTTP request body, in kilobytes (10^3 bytes).")
    query_workers: int = Field(4, ge=1, description="Questions answered at the same time.")
    query_queue: int = Field(16, ge=0, description="Questions that may wait; one more gets 503.")
    answer_cache: int = Field(
        256, ge=0, description="Answers that are kept for when the same is asked again; 0 keeps none."
    )
    answer_cache_mb: float = Field(
        32.0, gt=0, allow_inf_nan=False, description="What the kept answers may take, in megabytes (10^6 bytes)."
    )
    workers: int = Field(1, ge=1, description="Processes of `footnote serve`; each loads the models.")
    watch: bool = Field(False, description="Whether `footnote serve` ingests at every change of the docs folder.")
    admin_key: SecretStr | None = Field(None, description="The key for `POST /ingest`; without it the route is off.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Other sites whose pages may ask, as the widget does, comma-separated; none without it."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names under which the service may be asked, comma-separated; `*.example.com` for all below one. "
        "Unset: on a loopback address the names of the loopback alone, on another address any.",
    )
    suggested_questions: str | None = Field(
        None, description="Questions that the page suggests, separated by `|`; unset: made of the docs' headings."
    )

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(web_origin(origin) for origin in origins)

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not re.fullmatch(r"(?:\*\.)?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", host):
                raise ValueError(
                    f"{host!r} is no name of a host: write it without scheme and port, such as docs.example.com, "
                    "*.example.com or [2001:db8::1]"
                )
        return tuple(host.lower() for host in hosts)

    @field_validator("admin_key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        value = None if key is None else key.get_secret_value()
        if value is not None and not re.fullmatch(f"[!-~]{{{ADMIN_KEY_CHARS},}}", value):
            raise ValueError(f"must be at least {ADMIN_KEY_CHARS} visible ASCII characters, with no space")
        return key
