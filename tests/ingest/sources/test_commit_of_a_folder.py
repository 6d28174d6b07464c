"""The commit of a docs folder in a checkout: of each page that is as the commit has it, and of no other."""

import subprocess
from pathlib import Path

import pytest

from footnote.app.answering.links import Links
from footnote.app.core.settings import Settings, load_settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.sources import commit as commits
from tests.git_server import Repository
from tests.ingest.ingesting import PAGES, chunks, run


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "checkout")
    made.commit({f"docs/{path}": text for path, text in PAGES.items()})
    return made


@pytest.fixture
def of_folder(checkout: Repository, tmp_path: Path) -> Settings:
    return load_settings(env_file=None, docs_dir=checkout.folder / "docs", index_dir=tmp_path / "index")


def test_pages_that_were_changed_or_never_committed_are_of_no_commit_until_they_are(
    of_folder: Settings, checkout: Repository, embedder: Embedder
) -> None:
    first = checkout.head
    assert run(of_folder, embedder).manifest.at.of("ports.md") == first
    docs = checkout.folder / "docs"
    (docs / "ports.md").write_text("# Ports\n\nAnother one.\n")
    (docs / "new.md").write_text("# New\n\nNot added.\n")
    manifest = run(of_folder, embedder).manifest
    assert (manifest.commit, manifest.branch, manifest.uncommitted) == (first, "main", ("new.md", "ports.md"))
    assert [manifest.at.of(path) for path in ("cache.md", "ports.md")] == [first, ""]
    (docs / "cache.md").write_text("# Cache\n\nChanged as well.\n")
    assert run(of_folder, embedder).manifest.uncommitted == ("cache.md", "new.md", "ports.md")
    second = checkout.commit({})
    report = run(of_folder, embedder)
    assert report.published and not report.embedded
    assert (report.manifest.commit, report.manifest.uncommitted) == (second, ())
    checkout.commit({"code.c": "no page"})
    assert not run(of_folder, embedder).published


def test_a_page_that_goes_back_to_an_old_text_is_not_of_the_new_commit(
    of_folder: Settings, checkout: Repository, embedder: Embedder
) -> None:
    run(of_folder, embedder)
    second = checkout.commit({"docs/ports.md": "# Ports\n\nAnother one.\n"})
    (checkout.folder / "docs" / "ports.md").write_text(PAGES["ports.md"])
    assert not run(of_folder, embedder).published  # as ingested, and still as the first commit has it
    (checkout.folder / "docs" / "cache.md").write_text("# Cache\n\nNone.\n")
    manifest = run(of_folder, embedder).manifest
    assert (manifest.commit, manifest.uncommitted) == (second, ("cache.md", "ports.md"))


def test_what_has_not_changed_since_the_generation_before_is_not_read_again(
    of_folder: Settings, checkout: Repository, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(of_folder, embedder)
    read: list[str] = []
    is_as_named = commits._is
    monkeypatch.setattr(commits, "_is", lambda file, *rest: read.append(file.name) or is_as_named(file, *rest))
    checkout.commit({"docs/new.md": "# New\n"})
    assert run(of_folder, embedder).manifest.uncommitted == ()
    assert read == ["new.md"]


@pytest.mark.parametrize("made", ["ignored", "no repository", "no commit", "bare words"])
def test_docs_of_no_commit_have_none(
    of_folder: Settings, checkout: Repository, embedder: Embedder, tmp_path: Path, made: str
) -> None:
    folder = checkout.folder / "built"
    if made == "no repository":
        folder = tmp_path / "plain"
    elif made == "no commit":
        folder = Repository(tmp_path / "empty").folder / "docs"
    elif made == "bare words":
        (tmp_path / "plain").mkdir()
        (tmp_path / "plain" / ".git").write_text("gitdir: /nowhere\n")
        folder = tmp_path / "plain" / "docs"
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text("# A\n\nText.\n")
    manifest = run(of_folder.changed(docs_dir=folder), embedder).manifest
    assert (manifest.commit, manifest.branch, manifest.uncommitted) == ("", "", ())


def test_nothing_of_a_checkout_is_run_and_another_repository_in_mind_is_not_asked(
    of_folder: Settings, checkout: Repository, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    for name, value in {
        "core.fsmonitor": f"touch {ran}",
        "core.hooksPath": str(tmp_path),
        "core.sshCommand": f"touch {ran}",
        "core.pager": f"touch {ran}",
        "core.alternateRefsCommand": f"touch {ran}",
        "alias.rev-parse": f"!touch {ran}",
        "alias.ls-tree": f"!touch {ran}",
        "filter.x.clean": f"touch {ran}",
        "diff.external": f"touch {ran}",
        "extensions.partialClone": "origin",
        "remote.origin.url": str(checkout.folder),
        "remote.origin.uploadpack": f"touch {ran}; git-upload-pack",
        "remote.origin.promisor": "true",
        "protocol.allow": "always",
        "core.repositoryFormatVersion": "1",
    }.items():
        checkout.git("config", name, value)
    (checkout.folder / "docs" / ".gitattributes").write_text("* filter=x\n")
    # As in a partial clone: the tree of the docs is not here, and would be asked for.
    tree = checkout.git("rev-parse", "HEAD:docs")
    monkeypatch.setenv("GIT_DIR", str(Repository(tmp_path / "foreign").folder / ".git"))
    run(of_folder, embedder)
    assert run(of_folder, embedder).manifest.commit == checkout.head
    (checkout.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    (checkout.folder / "docs" / "new.md").write_text("# New\n\nText.\n")
    assert run(of_folder, embedder).manifest.commit == ""
    assert not ran.exists()


def test_a_checkout_of_another_user_is_asked_as_well(
    of_folder: Settings, checkout: Repository, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own: all files are somebody else's
    refused = subprocess.run(["git", "log"], cwd=checkout.folder, capture_output=True, check=False)
    assert b"dubious ownership" in refused.stderr
    assert run(of_folder, embedder).manifest.commit


def test_a_link_names_the_commit_and_there_is_none_to_a_page_that_no_commit_has(
    of_folder: Settings, checkout: Repository, embedder: Embedder
) -> None:
    (checkout.folder / "docs" / "new.md").write_text("# New\n\nSee [ports](ports.md) or [this](new.md).\n")
    manifest = run(of_folder, embedder).manifest
    template = "https://host.example/blob/{commit}/docs/{path}#L{start_line}"
    links = load_settings(env_file=None, link_template=template).links
    made = Links(links, manifest.anchor_style, manifest.at)
    urls = {chunk.path: made.url(chunk, 1) for chunk in chunks(of_folder)}
    at = f"https://host.example/blob/{checkout.head}/docs"
    assert urls == {
        "cache.md": f"{at}/cache.md#L4",
        "guides/backup.md": f"{at}/guides/backup.md#L4",
        "new.md": None,
        "ports.md": f"{at}/ports.md#L5",
    }
    assert made.target("new.md", 1, "ports.md") == f"{at}/ports.md#L1"
    assert made.target("ports.md", 1, "new.md") is None
    assert Links(links, manifest.anchor_style).target("new.md", 1, "ports.md") is None
