"""Ingests that the service runs: `POST /ingest` and `GET /ingest/{id}`."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from footnote.app.schemas.problem import Problem
from footnote.app.schemas.shape import Shape


class IngestIn(BaseModel):
    """How to ingest; the docs folder is the one of the service's settings."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rebuild: bool = Field(False, description="Build from nothing, as `footnote ingest --rebuild`.")
    replace: bool = Field(False, description="Also where the index was built from another docs folder.")
    allow_deletes: bool = Field(False, description="Also where more than ten files and a tenth of all would go.")
    checksum: bool = Field(False, description="Compare files by hash, not by size and times.")


class IngestOut(Shape):
    """An ingest that the service started, and how far it is."""

    id: str
    state: Literal["running", "done", "failed"]
    started_at: str = Field(description="ISO 8601, in UTC.")
    stage: str | None = Field(
        description="`read`, `embed` or `write`, of a repository `fetch` and `checkout` before; null at first."
    )
    done: int = Field(description="Of the stage: files read, chunks embedded or written.")
    total: int
    report: dict[str, Any] | None = Field(description="When done: what `footnote ingest --json` prints.")
    problem: Problem | None = Field(description="When failed: why.")
