"""`serve --watch` where there are several collections: a process each, as footnote.toml has them."""

import os
from pathlib import Path

import pytest

from footnote.app.collections.upkeep import Upkeep
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from tests.serving import children, until

ONE, TWO = "[collections.one]\ndocs = 'one'\n", "[collections.two]\ndocs = 'two'\n"


def live(name: str) -> int | None:
    return Generations(Path("chroma_db/collections") / name).current()


def test_the_docs_of_each_are_watched_as_the_file_says(write_docs, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("one", "two"):
        write_docs(Path(name), {"page.md": f"# {name}\n\nA page.\n"})
    file = Path("footnote.toml")
    file.write_text(ONE, "utf-8")
    before = len(children(os.getpid()))
    with Upkeep(load_settings(watch=True)).running():
        until(lambda: live("one") == 1, "the first ingest")
        file.write_text(TWO, "utf-8")  # the first is not in it any more
        until(lambda: live("two") == 1, "the ingest of what was added")
        until(lambda: len(children(os.getpid())) == before + 1, "the end of the first process")
        file.write_text("[collections.two]\ndoc = 'x'\n", "utf-8")
        Path("two/page.md").write_text("# two\n\nAnother page.\n", "utf-8")
        until(lambda: live("two") == 2, "the change, though the file is wrong now")
    assert len(children(os.getpid())) == before
    assert live("one") == 1


def test_what_a_watching_process_tells_to_run_is_of_its_collection(
    write_docs, caplog: pytest.LogCaptureFixture
) -> None:
    write_docs(Path("one"), {f"{number}.md": f"# Page {number}\n\nThe text of {number}.\n" for number in range(13)})
    Path("footnote.toml").write_text(ONE, "utf-8")
    with Upkeep(load_settings(watch=True)).running():
        until(lambda: live("one") == 1, "the first ingest")
        for number in range(12):
            Path(f"one/{number}.md").unlink()
        until(lambda: "`footnote ingest --collection one --allow-deletes`" in caplog.text, "the refusal")
