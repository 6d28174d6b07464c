"""convert: one document to markdown, by a process that can take no more than its share of time, memory and disk."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.console import plain
from footnote.app.core.pages.source_marks import count_marks
from footnote.app.core.stop import Stop
from footnote.ingest.importing.converters.left_out import LEFT_OUT
from footnote.ingest.importing.formats import FORMATS
from footnote.ingest.importing.page_file import plain_line
from footnote.ingest.importing.types import Converted, Source

_TITLE = "@title "
_REASON = "@reason "
_LIMIT = "@limit "
_NO_MEMORY = ("heap exhausted", "MemoryError", "memory allocation", "out of memory", "Cannot allocate memory")
_MAX_REASON_CHARS = 200
_PATIENCE = 5
_HEAP_EXHAUSTED = 251  # Source: GHC's runtime, of a program that was given -M


@dataclass(frozen=True, slots=True)
class Limits:
    """What the conversion of one document may take.

    Attributes:
        seconds: of a processor's time; beside other work it may take five times as long.
        memory_mb: of address space.
        output_mb: of markdown.
    """

    seconds: int = 120
    memory_mb: int = 1536
    output_mb: int = 32

    def __str__(self) -> str:
        return f"{self.seconds} s, {self.memory_mb} MB of memory, {self.output_mb} MB of markdown"


class UnreadableError(Exception):
    """A document cannot be converted; the message says why, for a list of such.

    `over_limit` says whether it takes more than a limit, so that it would cost as much to try it again.
    """

    def __init__(self, reason: str, over_limit: bool = False) -> None:
        super().__init__(reason)
        self.over_limit = over_limit


def convert(source: Source, raw: bytes, limits: Limits, stop: Stop) -> Converted:
    """The document of these bytes as markdown; its process ends at once when `stop` is set.

    Raises:
        UnreadableError: it is damaged, encrypted or without text, or takes more than the limits.
    """
    if not raw.strip():
        raise UnreadableError("it is empty")
    kind = FORMATS[source.ending]
    with tempfile.TemporaryDirectory(prefix="footnote-import-") as name:
        folder = Path(name)
        # No name of a document reaches a command line.
        (folder / f"source.{source.ending}").write_bytes(raw)
        _run(folder, source.ending, limits, stop)
        text = (folder / "out.md").read_text("utf-8", "replace")
        left_out = (folder / LEFT_OUT).read_text("utf-8") if (folder / LEFT_OUT).exists() else ""
    head, _, body = text.partition("\n")
    if not head.startswith(_TITLE.rstrip()):
        raise UnreadableError("nothing came of it")
    if not any(line.strip() and not line.startswith("<!--") for line in body.split("\n")):
        raise UnreadableError(
            "it holds no text"
            + (" (a scan? its pages are images)" if source.ending == "pdf" else "")
            + (f" but what was left out: {left_out}" if left_out else "")
        )
    return Converted(head[len(_TITLE) :].strip(), body, count_marks(body, kind.part) if kind.part else None, left_out)


def _run(folder: Path, ending: str, limits: Limits, stop: Stop) -> None:
    # It finds the modules that this process found, and no secret of its environment.
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-P", "-m", "footnote.ingest.importing.converters", ending]
    command += [str(limits.seconds), str(limits.memory_mb), str(limits.output_mb)]
    with (folder / "out.md").open("wb") as out, (folder / "errors").open("wb") as errors:
        # In a session of its own, Ctrl-C reaches this process alone, which then ends that one.
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
        try:
            with stop.calling(process.kill):
                code = process.wait(limits.seconds * _PATIENCE)
        except subprocess.TimeoutExpired:
            code = -signal.SIGXCPU
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code:
        raise _refusal(code, folder / "errors", limits)


def _refusal(code: int, errors: Path, limits: Limits) -> UnreadableError:
    with errors.open("rb") as opened:
        opened.seek(max(0, errors.stat().st_size - 20_000))
        said = opened.read().decode("utf-8", "replace")
    lines = [line for line in said.splitlines() if line.strip()]
    for line in lines:
        if line.startswith((_REASON, _LIMIT)):
            told = line.removeprefix(_REASON).removeprefix(_LIMIT)
            return UnreadableError(plain(plain_line(told))[:_MAX_REASON_CHARS], line.startswith(_LIMIT))
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return UnreadableError(f"it takes more than {limits.seconds} s (--max-seconds)", over_limit=True)
    if code == -signal.SIGXFSZ or "File too large" in said:
        return UnreadableError(f"it becomes more than {limits.output_mb} MB of markdown", over_limit=True)
    if code == _HEAP_EXHAUSTED or any(sign in said for sign in _NO_MEMORY):
        over = f"it takes more than {limits.memory_mb} MB of memory (--max-memory-mb)"
        return UnreadableError(over, over_limit=True)
    last = lines[-1] if lines else f"the converter ended with {code}"
    return UnreadableError("cannot be read: " + plain(plain_line(last.removeprefix("pandoc: ")))[:_MAX_REASON_CHARS])


def missing_extra() -> str | None:
    """What of the extra is not installed; None where all is there."""
    from importlib.util import find_spec

    missing = [name for name in ("pypandoc", "pdf_oxide", "openpyxl") if find_spec(name) is None]
    return ", ".join(missing) or None
