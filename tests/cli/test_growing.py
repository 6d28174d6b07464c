"""Growing: what is printed while an answer is written is, in the end, what is printed at once."""

import io
from itertools import accumulate

import pytest
from hypothesis import given
from rich.console import Console, Group

from footnote.app.answering.pieces import pieces
from footnote.app.cli.prose import answer_lines
from footnote.app.core import console
from tests.property.answers import answers


class Interrupted(io.StringIO):
    """Standard output whose reader presses Ctrl-C at what is shown."""

    def flush(self) -> None:
        if self.getvalue() == "Relay":
            raise KeyboardInterrupt


class Screen(io.StringIO):
    """Standard output that is a terminal, or not."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def printed(monkeypatch, is_terminal, show):
    screen = Screen(is_terminal)
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", screen)
        patch.setattr(console, "out", Console(file=screen, width=30, force_terminal=is_terminal, highlight=False))
        show(screen)
    return screen.getvalue()


def rendered(text):
    return Group(*answer_lines(text))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_each_part_is_printed_when_it_comes(monkeypatch, is_terminal):
    seen = []

    def show(screen):
        growing, text = console.Growing(), ""
        for part in ("Relay listens on a port that is free.", " It is blue and has\nno name."):
            text += part
            growing.show(rendered(text))
            seen.append(screen.getvalue())
        growing.show_all(rendered(text))

    whole = printed(monkeypatch, is_terminal, show)
    assert "free." in seen[0]
    assert "blue" not in seen[0]
    assert whole == f"{seen[1]}\n"
    assert whole == printed(monkeypatch, is_terminal, lambda _: console.show(rendered(" ".join(whole.split()))))


def test_a_lone_carriage_return_ends_a_line_as_it_does_in_markdown(monkeypatch):
    shown = printed(monkeypatch, False, lambda _: console.show(rendered("``` a`b\n\r ``` a`b")))
    assert shown == "``` a`b\n\n ``` a`b\n"


@pytest.mark.parametrize("is_terminal", [True, False])
@given(text=answers().filter(str.strip))
def test_in_the_end_it_is_what_is_printed_at_once(is_terminal, text):
    with pytest.MonkeyPatch.context() as monkeypatch:
        versions = list(accumulate(piece for piece in pieces([text])))

        def show(screen):
            growing = console.Growing()
            for version in versions:
                growing.show(rendered(version.rstrip()))
            growing.show_all(rendered(text.strip()))

        at_once = printed(monkeypatch, is_terminal, lambda _: console.show(rendered(text.strip())))
        grown = printed(monkeypatch, is_terminal, show)
        assert grown == at_once or grown.endswith(f"\n{at_once}")


def test_a_line_that_was_interrupted_while_it_was_shown_is_ended(monkeypatch):
    growing, screen = console.Growing(), Interrupted()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", screen)
        with pytest.raises(KeyboardInterrupt):
            growing.show("Relay")
        growing.leave()
    assert screen.getvalue() == "Relay\n"
