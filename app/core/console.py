"""What the command lines share: consoles, and errors turned into messages and exit codes."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from footnote.app.core.errors import FootnoteError

INTERRUPTED = 130

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

# Text of the docs must not drive the terminal: every control character but tab and line feed goes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without control characters and direction overrides."""
    return _CONTROL.sub("", text)


def print_json(text: str) -> None:
    """One JSON document on standard output, for programs: never coloured or wrapped."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()  # here, where a closed pipe is handled, and not at exit


@contextmanager
def command(as_json: bool, interrupted: str = "interrupted") -> Iterator[None]:
    """Ends the process with the error's exit code and one message, JSON when asked for.

    Exit codes: 0 done (an answer that the docs do not say included), 1 failed, 2 wrong usage or
    setting, 3 the index is missing, damaged, of another model or being built, 4 a model failed,
    130 interrupted.
    """
    try:
        yield
    except FootnoteError as error:
        if as_json:
            problem = {"type": error.problem_type, "title": error.title, "status": None, "detail": str(error)}
            print_json(json.dumps(problem, ensure_ascii=False))
        else:
            err.print(Text.assemble(("error: ", "bold red"), plain(str(error))), soft_wrap=True)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        err.print(interrupted)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; nothing more may be written, not even at exit.
        sys.stdout = None
        raise typer.Exit(0) from None
