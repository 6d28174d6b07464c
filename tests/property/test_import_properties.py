"""Whatever happens to documents and to their markdown: the folder is what a first import would write, but for edits."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.app.core.stop import Stop
from footnote.ingest.importing import flow
from footnote.ingest.importing.convert import Limits, UnreadableError
from footnote.ingest.importing.flow import Wanted, run_import
from footnote.ingest.importing.types import Converted, Source

NAMES = ("a.pdf", "deep/a.html")
STEP = st.tuples(
    st.sampled_from(("write", "write", "damage", "remove", "edit", "lose")),
    st.sampled_from(NAMES),
    st.sampled_from("xyz"),
)
# What happens between two imports.
ROUNDS = st.lists(st.lists(STEP, min_size=1, max_size=4), min_size=2, max_size=5)


def converted(source: Source, raw: bytes, limits: Limits, stop: Stop) -> Converted:
    if raw == b"damaged":
        raise UnreadableError("it is damaged")
    return Converted("", raw.decode(), None)


@pytest.fixture(scope="module", autouse=True)
def _quick_converter() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "convert", converted)
        patch.setattr(flow, "missing_extra", lambda: None)
        yield


def pages(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.md")}


@settings(max_examples=15)
@given(ROUNDS)
def test_a_folder_is_what_a_first_import_would_write_but_for_edits(rounds: list[list[tuple[str, str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        sources, out = Path(name) / "sources", Path(name) / "out"
        (sources / "deep").mkdir(parents=True)
        for one in NAMES:
            (sources / one).write_text("first")
        run_import(Wanted((sources,), out), lambda *_: None)
        edited: dict[str, str] = {}
        for number, steps in enumerate(rounds):
            for step in steps:
                happen(*step, sources, out, edited)
            before = pages(out)
            done = run_import(Wanted((sources,), out), lambda *_: None)
            now = pages(out)
            assert {path: now.get(path) for path in edited} == edited
            # A document that cannot be read any more leaves what was made of it before.
            stale = {f"{one.path}.md" for one in done.unread}
            assert all(now.get(path) == before.get(path) for path in stale)
            fresh = Path(name) / f"fresh-{number}"
            run_import(Wanted((sources,), fresh), lambda *_: None)
            as_new = {path: text for path, text in pages(fresh).items() if path not in edited}
            assert {path: text for path, text in now.items() if path not in {*edited, *stale}} == as_new
            again = run_import(Wanted((sources,), out), lambda *_: None)
            assert not (again.added or again.changed or again.removed) and pages(out) == now


def happen(step: str, path: str, text: str, sources: Path, out: Path, edited: dict[str, str]) -> None:
    """One step; `edited` has what must stay."""
    source, page = sources / path, out / f"{path}.md"
    if step == "write":
        source.write_text(f"text {text}")
    elif step == "damage":
        source.write_bytes(b"damaged")
    elif step == "remove":
        source.unlink(missing_ok=True)
    elif step == "edit" and page.exists():
        page.write_text(f"mine {text}")
        edited[f"{path}.md"] = f"mine {text}"
    elif step == "lose":
        page.unlink(missing_ok=True)
        edited.pop(f"{path}.md", None)
