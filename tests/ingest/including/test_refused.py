"""What a page may not show: it is counted and said, and the page itself is read."""

import os
from pathlib import Path

import pytest

from footnote.app.core.pages.including.find import MAX_INCLUDES
from footnote.app.core.settings import Settings
from footnote.ingest.including import gather
from footnote.ingest.plan import Plan
from tests.ingest.including.conftest import Write
from tests.ingest.ingesting import look_ahead

OUTSIDE = "outside of the folders that pages may show (FOOTNOTE_INCLUDE_ROOTS)"


def page(*targets: str) -> str:
    return "# Page\n\nThe relay.\n\n" + "".join(f'--8<-- "{target}"\n' for target in targets)


def planned(settings: Settings) -> Plan:
    return look_ahead(settings).plan


def reasons(settings: Settings) -> list[str]:
    plan = planned(settings)
    assert {file.path for file in plan.files if not file.included_by} == {"page.md"}
    assert all(skip.lost == "include" and skip.path == "page.md" and not skip.is_left_out for skip in plan.skips)
    return [skip.reason.removeprefix("included file: ") for skip in plan.skips]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("gone.py", "missing"),
        ("page.md/inside.py", "missing"),
        ("x" * 300 + ".py", "unreadable"),
        ("../../../../../../etc/passwd", OUTSIDE),
        ("/etc/passwd", OUTSIDE),
        ("../beside/secret.py", OUTSIDE),
        ("code/../../beside/secret.py", OUTSIDE),
        ("https://host/a.py", "no path of this site"),
        (".env", "hidden"),
        (".git/config", "hidden"),
        ("code", "not a regular file"),
        ("code/link.py", "a symlink"),
        ("linked/a.py", "a symlink"),
        ("code/pipe", "not a regular file"),
        ("code/binary.py", "binary"),
        ("code/latin.py", "not UTF-8"),
        ("code/large.py", "too large"),
        ("drafts/a.py", "FOOTNOTE_EXCLUDE names it"),
        ("code/a.py:nothing", "not in it"),
        ("page.md", "shows itself"),
    ],
)
def test_it_is_said_why(write: Write, tmp_path: Path, target: str, reason: str) -> None:
    files: dict[str, str | bytes] = {
        "docs/page.md": page(target),
        "docs/code/a.py": "import relay\n",
        "docs/code/binary.py": b"\0\1",
        "docs/code/latin.py": b"caf\xe9",
        "docs/code/large.py": "x = 1\n" * 1_000,
        "docs/drafts/a.py": "import relay\n",
        "docs/.env": "KEY=1\n",
        "docs/.git/config": "[remote]\n",
        "beside/secret.py": "SECRET = 1\n",
    }
    settings = write(files, exclude=("drafts/",), max_file_mb=0.005)
    docs = tmp_path / "docs"
    (docs / "code/link.py").symlink_to(tmp_path / "beside/secret.py")
    (docs / "linked").symlink_to(docs / "code")
    os.mkfifo(docs / "code/pipe")
    assert reasons(settings) == [reason]
    assert [file.path for file in planned(settings).files] == ["page.md"]


def test_each_is_named_with_its_line_on_the_page(write: Write) -> None:
    [first, second] = planned(write({"docs/page.md": page("gone.py", "code/gone.py")})).skips
    assert (first.detail, second.detail) == ("line 5: gone.py", "line 6: code/gone.py")


def test_a_file_that_is_where_the_page_says_is_named_once(write: Write) -> None:
    files: dict[str, str | bytes] = {"docs/page.md": page(".part.py", "./.part.py"), "docs/.part.py": "import relay\n"}
    [first, second] = planned(write(files)).skips
    assert (first.detail, second.detail) == ("line 5: .part.py", "line 6: ./.part.py; .part.py")


def test_a_folder_of_the_settings_is_read_and_names_its_files(write: Write, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "docs/page.md": page("../code/a.py", "../code/deep/b.py"),
        "code/a.py": "import relay\n",
        "code/deep/b.py": "import zebra\n",
    }
    assert reasons(write(files)) == [OUTSIDE, OUTSIDE]
    plan = planned(write({}, include_roots=str(tmp_path / "code")))
    assert [file.path for file in plan.files] == ["code/a.py", "code/deep/b.py", "page.md"]
    assert plan.skips == ()


def test_none_shows_nothing_and_misses_nothing(write: Write) -> None:
    files: dict[str, str | bytes] = {"docs/page.md": page("code/a.py", "gone.py"), "docs/code/a.py": "import relay\n"}
    plan = planned(write(files, include_roots="none"))
    assert ([file.path for file in plan.files], plan.skips) == (["page.md"], ())


def test_two_files_of_one_path_are_told_apart(write: Write, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "docs/page.md": page("code/a.py", "../code/a.py"),
        "docs/code/a.py": "import relay\n",
        "code/a.py": "import zebra\n",
    }
    settings = write(files, include_roots=str(tmp_path / "code"))
    assert reasons(settings) == ["another file has its path"]
    [chunk] = [chunk for chunk in planned(settings).chunks if chunk.path == "code/a.py"]
    assert chunk.text == "import relay"


def test_markdown_shows_other_files_in_turn_but_never_itself(write: Write) -> None:
    ring = {f"docs/parts/{name}.md": f'Part {name}.\n\n--8<-- "parts/{then}.md"\n' for name, then in ("ab", "bc", "ca")}
    settings = write({"docs/page.md": page("parts/a.md"), **ring}, include=("page.md",))
    plan = planned(settings)
    assert [file.path for file in plan.files] == ["page.md", "parts/a.md", "parts/b.md", "parts/c.md"]
    [skip] = plan.skips
    assert (skip.path, skip.reason, skip.detail) == (
        "page.md",
        "included file: shows itself",
        "line 3 in parts/c.md: parts/a.md",
    )
    [inner] = [chunk for chunk in plan.chunks if chunk.path == "parts/c.md"]
    assert (inner.heading_path, inner.included_by) == (("Page",), ("page.md",))


def test_files_in_files_end(write: Write) -> None:
    depth = gather.MAX_DEPTH + 3
    files = {f"docs/parts/{number}.md": f'Part.\n\n--8<-- "parts/{number + 1}.md"\n' for number in range(depth)}
    plan = planned(write({"docs/page.md": page("parts/0.md"), **files}, include=("page.md",)))
    assert plan.included == gather.MAX_DEPTH
    [skip] = plan.skips
    assert skip.reason == f"included file: more than {gather.MAX_DEPTH} files within each other"


def test_files_of_a_branching_ring_are_looked_at_once_each_way(write: Write) -> None:
    """Each part shows all parts: without a limit these are as many ways as there are orders of them."""
    count = 7
    all_of_them = "\n".join(f'--8<-- "parts/{number}.md"' for number in range(count))
    files = {f"docs/parts/{number}.md": f"Part {number}.\n\n{all_of_them}\n" for number in range(count)}
    plan = planned(write({"docs/page.md": page("parts/0.md"), **files}, include=("page.md",)))
    assert plan.included == count
    assert any(skip.reason == "included file: too much is shown" for skip in plan.skips)


def test_too_many_files_are_counted(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MAX_FILES", 2)
    files: dict[str, str | bytes] = {f"docs/{name}.py": f"import {name}\n" for name in "abc"}
    plan = planned(write({"docs/page.md": page("a.py", "b.py", "c.py", "a.py"), **files}))
    assert plan.included == 2
    assert [skip.reason for skip in plan.skips] == ["included file: more than 2 files are shown"]


def test_a_page_of_nothing_but_includes_ends(write: Write) -> None:
    files: dict[str, str | bytes] = {
        "docs/page.md": page(*["a.py"] * (MAX_INCLUDES * 2)),
        "docs/a.py": "import relay\n",
    }
    plan = planned(write(files))
    assert [len(file.includes) for file in plan.files if not file.included_by] == [MAX_INCLUDES]
    assert len([chunk for chunk in plan.chunks if chunk.path == "a.py"]) == 1
