"""reading: what a provider sends, as our types; what it leaves out or spells otherwise is nothing to fail for."""

from collections.abc import Mapping
from typing import Any

from footnote.app.core.console import plain
from footnote.app.finetuning.jobs.types import Job, JobEvent

_MAX_CHARS = 2_000


def job_of(said: Any) -> Job | None:
    """The job; None for what is none."""
    if not isinstance(said, Mapping) or not isinstance(said.get("id"), str) or not isinstance(said.get("status"), str):
        return None
    return Job(
        id=_text(said["id"]),
        status=_text(said["status"]),
        model=_text(said.get("model")),
        tuned_model=_text(said.get("fine_tuned_model")) or None,
        problem=_problem(said.get("error")),
        training_file=_text(said.get("training_file")),
        validation_file=_text(said.get("validation_file")) or None,
        created_s=_whole(said.get("created_at")),
        finished_s=_whole(said.get("finished_at")),
        estimated_finish_s=_whole(said.get("estimated_finish")),
        trained_tokens=_whole(said.get("trained_tokens")),
    )


def event_of(said: Any) -> JobEvent | None:
    """The event; None for what is none."""
    if not isinstance(said, Mapping) or not isinstance(said.get("id"), str):
        return None
    data = said.get("data")
    data = data if isinstance(data, Mapping) else {}
    return JobEvent(
        id=_text(said["id"]),
        created_s=_whole(said.get("created_at")) or 0,
        level=_text(said.get("level")) or "info",
        message=_text(said.get("message")),
        step=_whole(data.get("step")),
        steps=_whole(data.get("total_steps")),
        train_loss=_number(data.get("train_loss")),
        valid_loss=_number(data.get("full_valid_loss", data.get("valid_loss"))),
    )


def _problem(said: Any) -> str:
    """An `error` object is sent even where there is none: then its fields are null."""
    if not isinstance(said, Mapping):
        return ""
    code, message, param = (_text(said.get(name)) for name in ("code", "message", "param"))
    named = f" ({', '.join(filter(None, (code, param)))})" if code or param else ""
    return f"{message}{named}".strip()


def _text(said: Any) -> str:
    return " ".join(plain(said).split())[:_MAX_CHARS] if isinstance(said, str) else ""


def _whole(said: Any) -> int | None:
    return int(said) if isinstance(said, (int, float)) and not isinstance(said, bool) and abs(said) < 1e15 else None


def _number(said: Any) -> float | None:
    return float(said) if isinstance(said, (int, float)) and not isinstance(said, bool) else None
