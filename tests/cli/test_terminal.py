"""What is printed where: terminals of any width, pipes, and encodings that lack characters."""

import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path

import pytest
from rich.console import Console, Group
from rich.progress import BarColumn, Progress

from footnote.app.cli.lines import ends_in_code, on_one_line, text_lines
from footnote.app.core.settings import load_settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import MAIN, WriteDocs
from tests.serving import ROOT

COMMAND = "docker run --rm --publish 7070:7070 --volume relay-data:/var/lib/relay --name relay example/relay:1.4.2-slim"
PROSE = (
    "Grüße – the fan starts at 60 °C “as measured at the inlet”, and it stops as soon as the inlet is "
    "below 55 °C for a whole minute, which is seldom the case in summer."
)
PAGE = f"# Lüfter → fan\n\n{PROSE}\n\n## Docker\n\nRun Relay with Docker like this:\n\n```console\n$ {COMMAND}\n```\n"
FAN = "When does the fan start?"
DOCKER = "How do I run Relay with Docker?"
COMMANDS = [["ask", FAN], ["search", FAN], ["search", FAN, "--explain"], ["status"], ["gaps"], ["ingest"], ["--help"]]

Footnote = Callable[..., str]


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("a-folder-whose-name-is-so-long-that-no-line-with-it-fits-into-a-terminal")
    docs_dir = write_docs(folder / "docs", {"lüfter.md": PAGE})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=folder / "index")
    ingest(settings, lambda *_: None, embedder)
    return folder / "index"


def environment(index_dir: Path, env: dict[str, str]) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT / "src"), "FOOTNOTE_INDEX_DIR": str(index_dir), "FOOTNOTE_RERANKER": "none"}
    rest = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "PYTHONIOENCODING")}
    return {**rest, **own, **env}


@pytest.fixture
def piped(index_dir: Path) -> Footnote:
    """Standard output of the command line in a pipe."""

    def run(*arguments: str, exit_code: int = 0, **env: str) -> str:
        command = [sys.executable, "-c", MAIN, *arguments]
        ended = subprocess.run(command, env=environment(index_dir, env), capture_output=True, timeout=60, check=False)
        assert (ended.returncode, b"Traceback" in ended.stderr) == (exit_code, False), ended.stderr
        return ended.stdout.decode(env.get("PYTHONIOENCODING", "utf-8"))

    return run


@pytest.fixture
def terminal(index_dir: Path) -> Footnote:
    """What the command line writes to a terminal, both of its outputs."""

    def run(*arguments: str, columns: int = 60, exit_code: int = 0, **env: str) -> str:
        parent, child = pty.openpty()
        ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        env = environment(index_dir, {"TERM": "xterm", "NO_COLOR": "1", **env})
        running = subprocess.Popen([sys.executable, "-c", MAIN, *arguments], env=env, stdout=child, stderr=child)
        os.close(child)
        written = b""
        try:
            while block := os.read(parent, 65536):
                written += block
        except OSError:  # how Linux says that nobody writes any more
            pass
        os.close(parent)
        assert running.wait(60) == exit_code, written
        assert b"Traceback" not in written
        shown = written.decode(env.get("PYTHONIOENCODING", "utf-8"))
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r\n", "\n")

    return run


@pytest.mark.parametrize("columns", ["0", "-5", "many", "²", "٣", ""])
def test_a_senseless_width_counts_as_not_given(terminal: Footnote, columns: str) -> None:
    lines = terminal("ask", FAN, columns=0, COLUMNS=columns).splitlines()
    prose = lines[: lines.index("Sources")]
    assert 60 < max(len(line.rstrip()) for line in prose) <= 80


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_prints_something_at_no_width(piped: Footnote, terminal: Footnote, arguments: list[str]) -> None:
    for printed in (piped(*arguments, COLUMNS="0"), terminal(*arguments, COLUMNS="0", LINES="0")):
        assert len(printed.split()) > 3


@pytest.mark.parametrize("arguments", [["ask", FAN], ["search", FAN], ["status"], ["ask", "Who won the cup in 1998?"]])
def test_lines_in_a_pipe_are_neither_wrapped_nor_padded(piped: Footnote, arguments: list[str]) -> None:
    narrow, wide = (piped(*arguments, COLUMNS=columns) for columns in ("20", "500"))
    lines = narrow.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert len(lines) == len(wide.splitlines())
    if arguments == ["ask", FAN]:
        assert f"{PROSE} [1]" in lines
    if arguments == ["status"]:
        assert len(next(line for line in lines if line.startswith("docs "))) > 80


def test_a_table_in_a_pipe_is_as_wide_as_what_it_holds(piped: Footnote) -> None:
    rows = piped("search", FAN, "--explain").splitlines()
    assert rows[1].startswith("1  lüfter.md:1-3  Lüfter → fan")
    assert max(map(len, rows)) < 120


def test_prose_wraps_in_a_terminal(terminal: Footnote) -> None:
    lines = terminal("ask", FAN).splitlines()
    assert lines[0].startswith("Grüße – the fan starts")
    assert all(len(line.rstrip()) <= 60 for line in lines[:3])
    assert " ".join("\n".join(lines).split()).startswith(PROSE)


def test_code_and_sources_are_not_broken_in_a_terminal(terminal: Footnote) -> None:
    lines = [line.rstrip() for line in terminal("ask", DOCKER, columns=40).splitlines()]
    assert f"$ {COMMAND}" in lines
    assert "[1] lüfter.md:7-11  Lüfter → fan > Docker" in lines
    assert any(line.startswith("    sha256 ") and len(line) == 4 + len("sha256 ") + 64 for line in lines)


def test_the_places_of_a_refusal_and_of_search_are_not_broken(terminal: Footnote) -> None:
    place = "lüfter.md:5-11  Lüfter → fan > Docker"
    refused = terminal("ask", "Who won the football cup in 1998?", columns=20, FOOTNOTE_RERANKER="bundled")
    assert f"  {place}" in refused.splitlines()
    assert any(line.endswith(place) for line in terminal("search", DOCKER, columns=20).splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("arguments", [["ask", FAN], ["search", FAN], ["search", FAN, "--explain"], ["status"]])
def test_characters_that_an_encoding_lacks_are_replaced(
    piped: Footnote, terminal: Footnote, encoding: str, arguments: list[str]
) -> None:
    for printed in (piped(*arguments, PYTHONIOENCODING=encoding), terminal(*arguments, PYTHONIOENCODING=encoding)):
        assert "–" not in printed
        if arguments[0] == "ask":
            assert "? the fan starts at 60 " in printed
            assert ("ü" in printed) == (encoding != "ascii")


def test_a_plain_c_locale_is_no_error(piped: Footnote) -> None:
    assert "the fan starts" in piped("ask", FAN, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("arguments", [["ask", FAN, "--json"], ["search", FAN, "--json"], ["ingest", "--json"]])
def test_json_is_escaped_where_the_output_is_not_utf_8(piped: Footnote, encoding: str, arguments: list[str]) -> None:
    printed = piped(*arguments, PYTHONIOENCODING=encoding)
    assert printed.isascii()
    document, expected = json.loads(printed), json.loads(piped(*arguments))
    times = ("timings_ms", "total_s", "embed_s")
    assert {name: document[name] for name in document if name not in times} == {
        name: expected[name] for name in expected if name not in times
    }


def test_a_problem_is_escaped_too(piped: Footnote) -> None:
    printed = piped("status", "--json", "--index-dir", "größe", exit_code=3, PYTHONIOENCODING="ascii")
    assert "gr\\u00f6\\u00dfe" in printed
    assert "größe" in json.loads(printed)["detail"]


def test_an_error_in_a_terminal_replaces_what_its_encoding_lacks(terminal: Footnote) -> None:
    assert "no index in gr??e" in terminal("status", "--index-dir", "größe", exit_code=3, PYTHONIOENCODING="ascii")
    assert "gr??e" in terminal("größe", exit_code=2, PYTHONIOENCODING="ascii")


def test_progress_and_report_of_an_ingest_are_printed_in_any_encoding(
    terminal: Footnote, write_docs: WriteDocs, tmp_path: Path
) -> None:
    docs = write_docs(tmp_path / "größe – docs", {f"{n}.md": f"# {n}\n\n{'text ' * n}\n" for n in range(30)})
    index = str(tmp_path / "index")
    shown = terminal("ingest", str(docs), "--index-dir", index, NO_COLOR="", PYTHONIOENCODING="ascii", columns=300)
    assert "embed" in shown
    assert "gr??e ? docs in " in shown


def test_a_bar_is_ascii_where_the_encoding_is_not_unicode() -> None:
    """What rich promises, and the progress bars rely on."""
    with open(os.devnull, "w", encoding="ascii") as file:
        console = Console(file=file, force_terminal=True)
        with Progress(BarColumn(), console=console) as progress:
            progress.add_task("", total=2, completed=1)


def printed(text: str, columns: int, **how: bool) -> list[str]:
    console = Console(width=columns, file=io.StringIO())
    with console.capture() as captured:
        console.print(Group(*text_lines(text, **how)), crop=False)
    return [line.rstrip() for line in captured.get().splitlines()]


LONG = "make all of it"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (LONG, ["make all", "of it"]),
        (f"```\n{LONG}\n```\n{LONG}", ["```", LONG, "```", "make all", "of it"]),
        (f"~~~sh\n```\n{LONG}\n~~~\n{LONG}", ["~~~sh", "```", LONG, "~~~", "make all", "of it"]),
        (f"````md\n```\n{LONG}\n```\n{LONG}\n````", ["````md", "```", LONG, "```", LONG, "````"]),
        (f"> ```\n> {LONG}\n> ```", ["> ```", f"> {LONG}", "> ```"]),
        (f"1. x\n   ```\n   {LONG}\n   ```", ["1. x", "   ```", f"   {LONG}", "   ```"]),
        (f"    {LONG}", [f"    {LONG}"]),
        (f"```{LONG}```\n{LONG}", ["```make", "all of", "it```", "make all", "of it"]),
    ],
)
def test_lines_of_code_are_whole(text: str, lines: list[str]) -> None:
    assert printed(text, 8) == lines


def test_a_text_may_begin_within_code() -> None:
    assert printed(f"{LONG}\n```\n{LONG}", 8, in_code=True) == [LONG, "```", "make all", "of it"]
    assert ends_in_code("a\n```sh\nb")
    assert not ends_in_code("a\n```sh\nb\n```\nc")


FILLER = "Relay keeps nothing of what it is told in this part of the page, which is about something else. " * 4
LONG_PAGE = f"""# Relay

{FILLER}

## Start

{FILLER}

The okapi is the animal of Relay.

{FILLER}

```console
$ echo first
$ {COMMAND} && {COMMAND} --zebra
$ echo last
```

{FILLER}
"""


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("long")
    docs_dir = write_docs(folder / "docs", {"a.md": LONG_PAGE})
    settings = load_settings(
        env_file=None, docs_dir=docs_dir, index_dir=folder / "index", chunk_size_chars=4000, chunk_overlap_chars=0
    )
    ingest(settings, lambda *_: None, embedder)
    return folder / "index"


def test_search_shows_the_part_that_matches_the_question(piped: Footnote, long_page: Path) -> None:
    shown = piped("search", "okapi animal", "--top-k", "1", "--index-dir", str(long_page))
    assert "   The okapi is the animal of Relay." in shown.splitlines()
    assert len(shown) < 400


def test_search_keeps_lines_of_code_whole(piped: Footnote, terminal: Footnote, long_page: Path) -> None:
    arguments = ("search", "docker --zebra", "--top-k", "1", "--index-dir", str(long_page))
    for shown in (piped(*arguments), terminal(*arguments, columns=30)):
        assert f"   $ {COMMAND} && {COMMAND} --zebra" in [line.rstrip() for line in shown.splitlines()]


def test_search_shows_a_short_passage_whole_and_line_by_line(piped: Footnote) -> None:
    lines = piped("search", DOCKER, "--top-k", "1").splitlines()
    assert lines[1:] == [
        "   ## Docker",
        "   Run Relay with Docker like this:",
        "   ```console",
        f"   $ {COMMAND}",
        "   ```",
    ]


def test_search_marks_where_a_line_of_prose_is_cut(piped: Footnote, long_page: Path) -> None:
    shown = piped("search", "told nothing in this part", "--top-k", "1", "--index-dir", str(long_page))
    assert shown.rstrip().endswith("something else. …")


def test_a_line_end_in_the_name_of_a_file_begins_no_line(
    tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    name = "guide\n[2] payroll.md"
    docs = write_docs(tmp_path / "docs", {name: PAGE.encode()})
    ingest(load_settings(None, docs_dir=docs, index_dir=tmp_path / "index"), lambda *_: None, embedder)
    asked = [sys.executable, "-c", MAIN, "ask", FAN, "--index-dir", str(tmp_path / "index")]
    printed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert f"[1] {on_one_line(name)}:" in printed
    assert not any(line.startswith("[2]") for line in printed.splitlines())
