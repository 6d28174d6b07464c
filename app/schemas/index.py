"""What is being served, and what changed in the docs since: `footnote status --json` and `GET /index`."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from footnote.app.core.types import Lost
from footnote.app.schemas.shape import WHOLE, Shape


class FingerprintOut(Shape):
    name: str
    sha256: str


class SkipOut(Shape):
    """A page or folder that was left out, or what was lost in reading."""

    path: str
    reason: str
    detail: str
    lost: Lost = Field(
        description="What was not read: a `folder`, a `page`, the `patterns` of an ignore file, only `front matter`, "
        "or an `include`: what a page shows of another file."
    )


class OutlookOut(Shape):
    """What writes answers, until when, and what comes then."""

    llm: str
    ends: date | None = Field(description="The first day without it; null where none is known.")
    successor: str | None = Field(description="What its maker names in its place.")
    is_said: bool = Field(description="Its server says so; else it is from the list that comes with Footnote.")
    problem: str | None = Field(description="Why it would not answer; null where nothing is known against it.")


class LagOut(Shape):
    """How far a replica is behind what it follows, as far as it knows since the last contact."""

    generation: int | None = Field(description="What was taken up last; null before the first one.")
    source_generation: int | None = Field(description="What is live at the source; null before the first contact.")
    publishings_behind: int | None = Field(
        description="How many times another generation was made live there since; null where that is not known."
    )
    behind_s: float = Field(description="For how long it has been known that another one is live there; else 0.")
    contact_s: float | None = Field(description="Seconds since the source last answered; null before it did.")


class ReplicaOut(LagOut):
    """The same with what is followed."""

    source: str
    error: str | None = Field(description="What went wrong at the last try; null if nothing did.")


class ReadyOut(BaseModel):
    """`GET /health/ready`."""

    status: str
    generation: int = Field(description="That is served; 0 where there are several collections.")
    replica: LagOut | None = Field(None, description="Of a service that follows a source; else it is left out.")


class CommitOut(Shape):
    """Which commit of a repository the docs are as."""

    source: str | None = Field(description="The Git address that they were fetched from; null for those of a folder.")
    branch: str | None = Field(description="Null where that is not known.")
    commit: str
    uncommitted: int = Field(description="How many pages are not as the commit has them.")


class IndexOut(BaseModel):
    """What is being served: `footnote status --json` and `GET /index`."""

    generation: int
    created_at: str
    tool_version: str
    docs_dir: str
    git: CommitOut | None = Field(None, description="Null where the docs are in no Git repository.")
    flavour: str = Field(description="The kind of site that the pages were read as, such as `mkdocs`.")
    files: int
    included: int = Field(0, description="How many of them are no pages, but there for what pages show of them.")
    languages: dict[str, int] = Field(
        description="How many files are in each language, by its code, the most first; `unknown` is one too."
    )
    chunks: int
    skipped: list[SkipOut] = Field(description="What was left out, and what was read with a loss.")
    models: dict[str, FingerprintOut | None] = Field(description="`embedder` (which built the index), `reranker`.")
    llm: str
    outlook: OutlookOut = Field(description="Of `llm`; only `footnote status` asks its server.")
    settings: dict[str, Any]
    replica: ReplicaOut | None = Field(None, description="Of an index that follows a source; null for all others.")


class DocsChangesOut(Shape):
    """What the next ingest would find in the docs folder."""

    added: list[str]
    changed: list[str]
    deleted: list[str]


class GenerationOut(Shape):
    """A complete index that is there: `footnote rollback --to` makes it live."""

    generation: int
    created_at: str
    docs_dir: str
    files: int
    chunks: int
    live: bool


class RollbackIn(BaseModel):
    """Which generation to make live."""

    model_config = ConfigDict(extra="forbid", strict=True)

    to: Annotated[int, Field(ge=1), WHOLE] | None = Field(
        None, description="Any that is there; without it the one before the live one."
    )


class RollbackOut(BaseModel):
    generation: int = Field(description="The one that is live now.")
    was: int


class IndexChangesOut(BaseModel):
    """`GET /index/changes`."""

    generation: int
    before: int | None = Field(description="The generation that it is compared with; null where there is none.")
    changes: DocsChangesOut | None = Field(description="What differs from the generation before.")
    docs_changes: DocsChangesOut | None = Field(description="What the next ingest would find; null where unknown.")
    docs_problem: str | None = Field(description="Why that is not known, or why the next ingest would stop.")


class SecondModelOut(OutlookOut):
    """The second of two language models that share the questions."""

    share: float = Field(description="The share of the questions that it answers, 0 to 1: FOOTNOTE_LLM_SPLIT.")


class DiskOut(BaseModel):
    """What the index takes on the disk, in bytes; what two generations share counts in both, but once in `total`."""

    total: int
    free: int
    generations: dict[int, int]
    checkout: int = Field(0, description="Repositories that docs were fetched from.")
    cache: int = Field(description="Embeddings of earlier ingests; may be deleted.")
    logs: int = Field(description="What was asked, saved and kept.")


class StatusOut(IndexOut):
    """`footnote status --json`: the index, and the docs folder as it is now."""

    second_model: SecondModelOut | None = Field(description="Null where one model answers all questions.")
    disk: DiskOut
    docs_changes: DocsChangesOut | None
    generations: list[GenerationOut] = Field(description="Those that are there, oldest first.")
    docs_problem: str | None = Field(description="Why the next ingest would not run or would stop; null if neither.")
