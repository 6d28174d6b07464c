"""A repository is written by others: nothing of it is run, and nothing of it reaches out of its folder."""

import os
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.sources.tree import _stays_inside
from tests.git_server import Repository
from tests.ingest.ingesting import run
from tests.ingest.sources.conftest import checkout_of

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = b"# Page\n\nThe relay listens on port 7070.\n"


def test_filters_attributes_and_line_ends_change_no_byte(
    of_git: Settings, repository: Repository, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "gitconfig"
    ran = tmp_path / "ran"
    own.write_text(
        f'[filter "x"]\n\tsmudge = "touch {ran}; cat"\n\tprocess = touch {ran}\n'
        f"[core]\n\tautocrlf = true\n\thooksPath = {tmp_path}/hooks\n\tfsmonitor = touch {ran}\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    raw = b"# A\r\n\r\n$Id$ and a line.\nAnother.\r\n"
    attributes = repository.blob(b"* filter=x ident text eol=lf export-ignore\n")
    docs = repository.tree([("100644", attributes, b".gitattributes"), ("100644", repository.blob(raw), b"a.md")])
    repository.commit_tree(repository.tree([("040000", docs, b"docs")]))
    run(of_git, embedder)
    assert (of_git.folders.docs_dir / "a.md").read_bytes() == raw
    assert not ran.exists()


def test_no_name_link_or_submodule_reaches_out(
    of_git: Settings, repository: Repository, embedder: Embedder, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("# Outside\n\nA secret.\n")
    page, module = repository.blob(PAGE), repository.head
    links = {
        b"absolute.md": str(outside).encode(),
        b"climbs.md": b"../" * 12 + str(outside).encode()[1:],
        b"sideways.md": b"inner/../../../../../../outside.md",
        b"above.md": b"../mkdocs.yml",
        b"inside.md": b"page.md",
        b"up.md": b"inner/back/page.md",
        b"loop.md": b"loop.md",
        b"\xfeaway.md": b"/etc/hostname",
        b"outer": b"../../../../../../..",
    }
    inner = repository.tree([("120000", repository.blob(b".."), b"back"), ("100644", page, b"deep.md")])
    evil = repository.tree([("100644", repository.blob(b"[core]\n\tfsmonitor = touch x\n"), b"config")])
    rows = [("120000", repository.blob(target), name) for name, target in links.items()]
    rows += [
        ("100644", page, b"page.md"),
        ("100644", page, b"line\nend.md"),
        ("100644", page, b"tab\t.md"),
        ("100644", page, b"-rf.md"),
        ("100644", page, b"\xff.md"),
        ("100755", page, b"run.md"),
        ("100644", repository.blob(LFS), b"large.md"),
        ("160000", module, b"module"),
        ("040000", inner, b"inner"),
        ("040000", evil, b".git"),
        ("040000", evil, b".GIT"),
        ("040000", evil, b".."),
    ]
    rows.sort(key=lambda row: row[2] + b"/" * (row[0] == "040000"))
    docs = repository.tree(rows)
    repository.commit_tree(repository.tree([("040000", docs, b"docs"), ("100644", page, b"mkdocs.yml")]))
    before = set(tmp_path.rglob("*"))
    manifest = run(of_git, embedder).manifest
    new = {path for path in set(tmp_path.rglob("*")) - before if of_git.folders.index_dir not in path.parents}
    assert new <= {of_git.folders.index_dir}
    folder = of_git.folders.docs_dir
    read = {path for path in os.listdir(folder) if not path.startswith(".")}
    assert read == {
        *("page.md", "line\nend.md", "tab\t.md", "-rf.md", os.fsdecode(b"\xff.md"), "run.md", "inner"),
        *("inside.md", "up.md", "loop.md"),
    }
    assert (folder / "line\nend.md").read_bytes() == PAGE
    assert not (folder / ".git").exists() and not (folder / ".GIT").exists()
    skipped = {skip.path: skip.reason for skip in manifest.skipped}
    left = "symlink leaves the repository"
    assert skipped == {
        **dict.fromkeys(("absolute.md", "climbs.md", "sideways.md"), left),
        "above.md": "symlink leaves the docs folder",
        "loop.md": "symlink is broken or loops",
        "inner/back": "symlink is broken or loops",
        "large.md": "stored in Git LFS, which is not fetched",
        "module": "submodules are not fetched",
        "?.md": "file name is not UTF-8",
        "?away.md": left,
    }
    # What is read through a link is another file of the commit: a link to its lines would lead to the wrong one.
    assert set(manifest.uncommitted) == {"inside.md", "up.md"}
    assert not any("secret" in path.read_text("utf-8", "replace") for path in _files(checkout_of(of_git).trees))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


@pytest.mark.parametrize(
    ("path", "target", "stays"),
    [
        ("a", b"b", True),
        ("a", b"b/./c", True),
        ("a", b"..", False),
        ("d/a", b"..", True),
        ("d/a", b"../../x", False),
        ("d/a", b"../x", True),
        ("d/a", b"./../x", True),
        ("d/e/a", b"../../x", True),
        ("d/a", b"b/../../x", False),
        ("a", b"b/..", False),
        ("a", b"/x", False),
        ("a", b"", False),
        ("a", b"//x", False),
    ],
)
def test_a_link_stays_inside_by_what_it_says_alone(path: str, target: bytes, stays: bool) -> None:
    assert _stays_inside(path, target) == stays


def test_a_repository_of_two_files_with_one_name_is_read_as_far_as_it_goes(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    page = repository.blob(PAGE)
    link = repository.blob(b"inner")
    inner = repository.tree([("100644", page, b"a.md")])
    docs = repository.tree([("120000", link, b"a"), ("040000", inner, b"a"), ("040000", inner, b"inner")])
    repository.commit_tree(repository.tree([("040000", docs, b"docs")]))
    run(of_git, embedder)
    assert not (of_git.folders.docs_dir / "a").is_symlink()
    assert (of_git.folders.docs_dir / "a" / "a.md").read_bytes() == PAGE
