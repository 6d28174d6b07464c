"""What the command lines share: consoles, and errors turned into messages and exit codes."""

import codecs
import io
import json
import math
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from footnote.app.core.errors import PROBLEM_TYPE, FootnoteError

INTERRUPTED = 130
_UNWRAPPED_CHARS = 1_000_000  # no line of an answer or a table is so long


def _drop_senseless_size() -> None:
    """Let a size that is none count as not given: rich, and the help with it, would print nothing at all."""
    for name in ("COLUMNS", "LINES"):
        size = os.environ.get(name, "")
        if size and not (size.isascii() and size.isdecimal() and int(size) > 0):
            del os.environ[name]


_drop_senseless_size()  # before the first console, which keeps what it reads
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

# Text of the docs must not drive the terminal: every control character but tab and line feed goes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without control characters and direction overrides."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """The same in one line: names of files can hold line ends."""
    return plain(text.replace("\n", "\\n"))


def warn(text: str) -> None:
    """Tell of something that was left out or goes on as it was, in one line of standard error."""
    err.print(one_line(text), style="yellow", markup=False, soft_wrap=True)


def counted(count: int, thing: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def dollars(usd: float) -> str:
    """`$0`, `$0.0009`, `$1.2300`; of less than that the first digit that counts."""
    if usd == 0:
        return "$0"
    digits = 4 if usd >= 0.0001 else min(12, -math.floor(math.log10(usd)))
    return f"${usd:.{digits}f}"


def accept_any_text() -> None:
    """Let standard output and error replace what their encoding lacks; call it before anything is printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def show(content: RenderableType) -> None:
    """Print for a reader: prose wraps at the terminal's width; into a pipe or a file no line is wrapped or padded.

    A string is printed as it is: it holds no markup.
    """
    sys.stdout.write(_written(content))
    sys.stdout.flush()  # as below


class Growing:
    """Prints what grows by and by, such as an answer that is being written: of each version what is new."""

    def __init__(self) -> None:
        self._shown = ""

    def show(self, content: RenderableType) -> None:
        """Print more of it; a version that changes what is on the screen is left for later."""
        written = _written(content).rstrip("\n")
        if written.startswith(self._shown):
            self._write(written)

    def show_all(self, content: RenderableType) -> None:
        """Print the rest of it."""
        written = _written(content)
        if not written.startswith(self._shown):
            self.leave()
        self._write(written)

    def leave(self) -> None:
        """End the line, so that something else can be printed."""
        if self._shown:
            sys.stdout.write("\n")
            sys.stdout.flush()
        self._shown = ""

    def _write(self, written: str) -> None:
        new, self._shown = written[len(self._shown) :], written  # first: once it is on the screen Ctrl-C may come
        sys.stdout.write(new)
        sys.stdout.flush()


def _written(content: RenderableType) -> str:
    """What is printed for the content, line ends included."""
    content = Text(content) if isinstance(content, str) else content
    if sys.stdout.isatty():
        with out.capture() as captured:
            out.print(content, crop=False)  # what must not be broken may be longer than the terminal is wide
        return captured.get()
    piped = Console(file=sys.stdout, width=_UNWRAPPED_CHARS, highlight=False)
    with piped.capture() as captured:
        piped.print(content, crop=False)
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def print_json(text: str, collection: str | None = None) -> None:
    """One JSON document on standard output, for programs: never coloured or wrapped.

    It is UTF-8, or where standard output is not, ASCII with escapes. An object begins with the name of the collection
    that it is about, where one is given.
    """
    if collection is not None:
        text = f'{{"collection": {json.dumps(collection)}, {text.removeprefix("{")}'
    sys.stdout.write((text if _is_utf8(text) else _escaped(text)) + "\n")
    sys.stdout.flush()  # here, where a closed pipe is handled, and not at exit


def _is_utf8(text: str) -> bool:
    """Whether standard output can hold the text, and holds it as UTF-8."""
    try:
        return codecs.lookup(sys.stdout.encoding).name == "utf-8" and bool(text.encode())
    except UnicodeEncodeError:  # half characters
        return False


def _escaped(text: str) -> str:
    """JSON with an escape for each character beyond ASCII, which stand in its strings alone."""
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


@contextmanager
def command(as_json: bool, interrupted: str = "interrupted", collection: str | None = None) -> Iterator[None]:
    """Ends the process with the error's exit code and one message, JSON when asked for; it names the collection.

    Exit codes: 0 done (an answer that the docs do not say included), 1 failed, 2 wrong usage or
    setting, 3 the index is missing, damaged, of another model or being built, 4 a model failed,
    5 the service cannot listen on its address, 130 interrupted.
    """
    try:
        yield
    except FootnoteError as error:
        if as_json:
            _print_problem(error.problem_type, error.title, str(error), collection)
        else:
            err.print(Text.assemble(("error: ", "bold red"), plain(str(error))), soft_wrap=True)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        if as_json:
            _print_problem(f"{PROBLEM_TYPE}interrupted", "Interrupted", interrupted, collection)
        else:
            err.print(interrupted)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; nothing more may be written, not even at exit.
        sys.stdout = None
        raise typer.Exit(0) from None


def _print_problem(problem_type: str, title: str, detail: str, collection: str | None) -> None:
    problem = {"type": problem_type, "title": title, "status": None, "detail": detail}
    print_json(json.dumps(problem, ensure_ascii=False), collection)
