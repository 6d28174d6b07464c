"""What an import has to do, and what was written before; nothing is converted."""

import hashlib
import json
from pathlib import Path

import pytest

from footnote.app.core.errors import DocsFolderError, ImportStateError, SettingsError
from footnote.ingest.importing.find import find_sources
from footnote.ingest.importing.plan import Plan, make_plan
from footnote.ingest.importing.state import STATE_FILE, Failed, State, Written, read_state, write_state

BY = dict.fromkeys(("pdf", "docx", "html"), "v1")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.pdf", "a.docx", "deep/B.HTML"):
        (folder / name).write_text(name)
    return folder


def written(sources: Path, folder: Path, target: str, by: str = "v1") -> Written:
    """Put a file there as an import would."""
    source = target.removesuffix(".md")
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    (folder / target).write_text(f"page of {source}")
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in (source, f"page of {source}")]
    return Written(str(sources.resolve()), source, digests[0], by, digests[1])


def plan(sources: Path, folder: Path, before: dict[str, Written], replace: bool = False) -> Plan:
    found = find_sources([sources], (), 1_000_000).sources
    return make_plan(found, [sources.resolve()], folder, State(before), BY, replace)


def targets(one: Plan) -> list[str]:
    return [source.target for source in one.convert]


def test_documents_of_one_name_become_files_of_their_own(sources: Path, tmp_path: Path) -> None:
    found = plan(sources, tmp_path / "out", {})
    assert targets(found) == ["a.docx.md", "a.pdf.md", "deep/B.HTML.md"]
    assert found.new == set(targets(found))


def test_only_what_changed_or_has_another_converter_is_converted_again(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = {name: written(sources, out, name) for name in ("a.docx.md", "a.pdf.md")}
    before["deep/B.HTML.md"] = written(sources, out, "deep/B.HTML.md", by="v0")
    (sources / "a.pdf").write_text("changed")
    found = plan(sources, out, before)
    assert (targets(found), found.new, found.unchanged) == (["a.pdf.md", "deep/B.HTML.md"], frozenset(), 1)


def test_a_file_that_is_gone_is_written_again(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = {"a.pdf.md": written(sources, out, "a.pdf.md")}
    (out / "a.pdf.md").unlink()
    assert "a.pdf.md" in targets(plan(sources, out, before))


@pytest.mark.parametrize("known", [True, False])
def test_what_somebody_else_wrote_stays_unless_told(sources: Path, tmp_path: Path, known: bool) -> None:
    out = tmp_path / "out"
    before = {"a.pdf.md": written(sources, out, "a.pdf.md")} if known else {}
    out.mkdir(exist_ok=True)
    (out / "a.pdf.md").write_text("mine")
    (sources / "a.pdf").write_text("changed")
    found = plan(sources, out, before)
    assert ([one.path for one in found.edited], "a.pdf.md" in targets(found)) == (["a.pdf.md"], False)
    assert "a.pdf.md" in targets(plan(sources, out, before, replace=True))


def test_of_a_source_that_is_gone_the_file_is_removed_unless_it_was_edited(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = {name: written(sources, out, name) for name in ("a.pdf.md", "a.docx.md")}
    (out / "a.docx.md").write_text("mine")
    for name in ("a.pdf", "a.docx"):
        (sources / name).unlink()
    found = plan(sources, out, before)
    assert (found.remove, [one.path for one in found.edited]) == (("a.pdf.md",), ["a.docx.md"])
    assert plan(sources, out, before, replace=True).remove == ("a.docx.md", "a.pdf.md")


def test_what_came_from_another_folder_or_is_only_left_out_stays(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    other = written(tmp_path / "elsewhere", out, "other.pdf.md")
    left_out = written(sources, out, "a.pdf.md")
    found = find_sources([sources], ("a.pdf",), 1_000_000).sources
    before = State({"other.pdf.md": other, "a.pdf.md": left_out})
    done = make_plan(found, [sources.resolve()], out, before, BY, False)
    assert done.remove == ()


@pytest.mark.parametrize(("gone", "kept", "held"), [(10, 0, False), (11, 0, True), (11, 200, False), (30, 200, True)])
def test_many_removals_are_held_as_an_ingest_holds_them(
    sources: Path, tmp_path: Path, gone: int, kept: int, held: bool
) -> None:
    remove = tuple(f"{n}.pdf.md" for n in range(gone))
    one = Plan((), frozenset(), 0, remove, (), ())
    assert bool(one.held(gone + kept)) == held


def test_of_documents_that_would_become_one_file_the_first_is_imported(sources: Path, tmp_path: Path) -> None:
    other = tmp_path / "others"
    other.mkdir()
    for name in ("A.pdf", "a.docx", "b.pdf"):
        (other / name).write_text("x")
    found = find_sources([sources, other], (), 1_000)
    assert [one.location for one in found.sources] == [
        *(sources / "a.docx", sources / "a.pdf", other / "b.pdf", sources / "deep" / "B.HTML")
    ]
    assert [one.path for one in found.unread] == ["A.pdf", "a.docx"]
    assert found.unread[0].reason.startswith(f"{sources / 'a.pdf'} becomes a.pdf.md, where its markdown would be")


def test_what_is_left_out_is_said_in_words_of_an_import(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_text("x")
    (sources / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    unread = find_sources([sources], (), 5).unread
    assert [(one.path, one.reason.partition(":")[0]) for one in unread] == [
        ("a.docx", "too large"),
        ("deep/B.HTML", "too large"),
        ("link.pdf", "symlink leaves the folder that is imported"),
    ]
    assert not any(word in one.reason for one in unread for word in ("FOOTNOTE", "docs"))


def test_what_is_missing_too_large_or_no_document_is_said(sources: Path, tmp_path: Path) -> None:
    found = find_sources([sources / "a.pdf", sources / "deep"], (), 5)
    assert [one.target for one in found.sources] == ["a.pdf.md"]
    assert [one.path for one in found.unread] == ["B.HTML"]
    assert find_sources([sources / "a.docx"], (), 5).sources == ()
    with pytest.raises(DocsFolderError, match="does not exist"):
        find_sources([tmp_path / "no.pdf"], (), 5)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SettingsError, match="of no format"):
        find_sources([tmp_path / "notes.txt"], (), 5)


def test_the_state_is_read_as_it_was_written(sources: Path, tmp_path: Path) -> None:
    assert read_state(tmp_path) == State()
    state = State(
        {"deep/a.pdf.md": written(sources, tmp_path, "deep/a.pdf.md")}, {"a.pdf.md": failed(sources, "a.pdf", True)}
    )
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state


def test_a_state_of_before_failures_were_listed_is_read(sources: Path, tmp_path: Path) -> None:
    files = {"a.pdf.md": written(sources, tmp_path, "a.pdf.md")}
    write_state(tmp_path, State(files))
    fields = json.loads((tmp_path / STATE_FILE).read_text())
    del fields["failed"]
    (tmp_path / STATE_FILE).write_text(json.dumps(fields))
    assert read_state(tmp_path) == State(files)


def failed(sources: Path, source: str, over_limit: bool) -> Failed:
    """What an import would note of a document that holds its name."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Failed(str(sources.resolve()), source, digest, "v1", "1 s", "it is too much", over_limit)


def test_what_took_more_than_a_limit_is_not_tried_again_while_nothing_changed(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = State(
        {"a.pdf.md": written(sources, out, "a.pdf.md", by="v0")}, {"a.pdf.md": failed(sources, "a.pdf", True)}
    )

    def planned(limits: str = "1 s", retry: bool = False, by: str = "v1") -> Plan:
        found = find_sources([sources], (), 1_000_000).sources
        return make_plan(found, [sources.resolve()], out, before, dict.fromkeys(BY, by), False, limits, retry)

    same = planned()
    assert (targets(same), same.failed_before) == (["a.docx.md", "deep/B.HTML.md"], ())
    reason = (
        "it is too much; it was not tried again, as nothing changed: --retry tries it; its markdown of before stays"
    )
    assert [(one.path, one.reason) for one in same.unread] == [("a.pdf", reason)]
    for other in (planned("2 s"), planned(retry=True), planned(by="v2")):
        assert ("a.pdf.md" in targets(other), other.unread) == (True, ())
    (sources / "a.pdf").write_text("changed")
    assert "a.pdf.md" in targets(planned())


def test_what_was_damaged_is_tried_again_and_known(sources: Path, tmp_path: Path) -> None:
    found = find_sources([sources], (), 1_000_000).sources
    before = State({}, {"a.pdf.md": failed(sources, "a.pdf", False)})
    done = make_plan(found, [sources.resolve()], tmp_path / "out", before, BY, False, "1 s")
    assert "a.pdf.md" in targets(done)
    assert [(one.path, one.reason) for one in done.failed_before] == [("a.pdf", "it is too much")]


def test_an_empty_document_is_not_to_be_tried(sources: Path, tmp_path: Path) -> None:
    (sources / "a.pdf").write_text("")
    done = plan(sources, tmp_path / "out", {})
    assert ("a.pdf.md" in targets(done), [one.reason for one in done.unread]) == (False, ["it is empty"])


def test_files_of_other_formats_are_counted_by_their_endings(sources: Path, tmp_path: Path) -> None:
    for name in ("old.doc", "deep/older.DOC", "notes.txt", "LICENSE", ".hidden.txt", "guide.md", "out/a.pdf.md"):
        (sources / name).parent.mkdir(exist_ok=True)
        (sources / name).write_text("x" * 100)
    (sources / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = find_sources([sources], (), 20, sources / "out")
    assert [(one.ending, one.files) for one in found.left_aside] == [("doc", 2), ("txt", 2), ("", 1), ("md", 1)]
    assert found.unread == ()
    assert [one.files for one in find_sources([sources], (), 20, tmp_path).left_aside] == [2, 2, 1]
    assert find_sources([sources], ("*.doc", "*.DOC", "*.txt", "LICENSE"), 20, tmp_path).left_aside == ()


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"format": 2, "files": {}}', '{"format": 1, "files": {"a.md": {"x": 1}}}']
    + [
        json.dumps({"format": 1, "files": {path: dict.fromkeys(Written.__slots__, "x")}})
        for path in ("../a.md", "/etc/a.md", "a/../../b.md", "a.txt")
    ],
)
def test_a_state_that_is_damaged_or_leads_out_of_the_folder_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_FILE).write_text(text)
    with pytest.raises(ImportStateError, match=STATE_FILE):
        read_state(tmp_path)
