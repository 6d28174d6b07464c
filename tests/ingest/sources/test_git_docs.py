"""Docs of a real Git server: fetched in part, updated as a whole, and the same index as of their folder."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.app.core.errors import DeletionsError, DocsFolderError, OtherDocsError
from footnote.app.core.find import find_files
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.docs_folder import docs_folder, require_same_docs, with_docs_dir
from footnote.app.index.generations import live_manifest
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.cli import docs_state
from footnote.ingest.commands.report import print_report
from footnote.ingest.sources.tree import Tree
from tests.git_server import GitServer, Repository
from tests.ingest.ingesting import PAGES, look_ahead, run, search
from tests.ingest.sources.conftest import checkout_of

ZEBRA = "# Zebra\n\nThe zebra is striped on port 9090.\n"


def test_a_branch_is_ingested_with_its_commit_and_nothing_but_the_docs_is_fetched(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    told: list[str] = []
    from footnote.ingest.flow import ingest

    report = ingest(of_git, lambda stage, *_: told.append(stage), embedder)
    manifest = report.manifest
    assert of_git.folders.git
    assert (manifest.commit, manifest.branch, manifest.uncommitted) == (repository.head, "main", ())
    assert manifest.source == of_git.folders.git.shown
    assert manifest.flavour == "mkdocs"  # the configuration above the docs is there as well
    # Git says how far it is where fetching takes a while.
    assert [stage for stage in dict.fromkeys(told) if stage != "fetch"] == ["checkout", "read", "embed", "write"]
    docs = of_git.folders.docs_dir
    assert {path: (docs / path).read_text() for path in PAGES} == PAGES
    here = {file.name for file in docs.parent.joinpath("trees", repository.head).rglob("*") if file.is_file()}
    assert here == {".git", "mkdocs.yml", *(Path(path).name for path in PAGES)}
    unfetched = repository.git("rev-parse", "HEAD:code.c")
    store = f"--git-dir={checkout_of(of_git).repository}"
    listed = repository.git(store, "cat-file", "--batch-check", "--batch-all-objects")
    assert unfetched not in listed and repository.git("rev-parse", "HEAD:docs/ports.md") in listed


def test_a_push_is_taken_up_and_nothing_is_done_where_there_is_none(
    of_git: Settings, repository: Repository, server: GitServer, embedder: Embedder
) -> None:
    run(of_git, embedder)
    server.asked.clear()
    assert not run(of_git, embedder).published
    assert len(server.asked) == 2  # what protocol, and which branches: nothing is fetched
    first = repository.head
    second = repository.commit(
        {"docs/zebra.md": ZEBRA, "docs/cache.md": None, "docs/ports.md": PAGES["ports.md"] + "!"}
    )
    named, problem = docs_state(of_git, live_manifest(of_git.folders.index_dir))
    assert named is None and problem and first[:12] in problem and second[:12] in problem
    before = look_ahead(of_git).plan
    assert (before.added, before.changed, before.deleted) == (("zebra.md",), ("ports.md",), ("cache.md",))
    assert not checkout_of(of_git).tree(second).exists()
    # Without a word of where the docs are, an ingest goes on with them.
    again = with_docs_dir(load_settings(env_file=None, index_dir=of_git.folders.index_dir))
    report = run(again, embedder)
    assert (report.plan.added, report.plan.changed, report.plan.deleted) == (
        before.added,
        before.changed,
        before.deleted,
    )
    assert report.manifest.commit == second
    assert os.listdir(checkout_of(of_git).trees) in ([second, f"{second}.json"], [f"{second}.json", second])
    assert docs_state(of_git, report.manifest)[1] is None
    assert docs_folder(again, report.manifest) == of_git.folders.docs_dir


def test_a_commit_that_changes_no_page_publishes_nothing_and_the_old_commit_still_has_the_pages(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    first = run(of_git, embedder).manifest.commit
    repository.commit({"code.c": "changed"})
    report = run(of_git, embedder)
    assert not report.published and report.manifest.commit == first
    assert docs_state(of_git, report.manifest)[1] is None


def test_an_index_that_lies_elsewhere_by_now_is_of_the_same_repository(
    of_git: Settings, tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    run(of_git, embedder)
    of_git.folders.index_dir.rename(tmp_path / "restored")
    print_report(run(of_git.changed(index_dir=tmp_path / "restored"), embedder))
    assert "the index was built from" not in capsys.readouterr().err


def test_a_branch_that_was_rewritten_is_taken_as_it_is(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    run(of_git, embedder)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit({"docs/zebra.md": ZEBRA, "docs/cache.md": None})
    repository.git("branch", "--force", "main", "other")
    report = run(of_git, embedder)
    assert (report.plan.added, report.plan.deleted) == (("zebra.md",), ("cache.md",))


@pytest.mark.parametrize("message", [None, "with a message"])
def test_a_tag_is_followed_to_its_commit(
    of_git: Settings, repository: Repository, server: GitServer, embedder: Embedder, message: str | None
) -> None:
    repository.git("tag", "v1", *(["-m", message] if message else []))
    tagged = repository.head
    repository.commit({"docs/zebra.md": ZEBRA})
    report = run(of_git.changed(docs_dir=f"{server.url()}#v1:docs"), embedder)
    assert report.manifest.commit == tagged and len(report.plan.files) == len(PAGES)


def test_the_branch_that_a_repository_names_itself_and_all_its_folders(
    of_git: Settings, repository: Repository, server: GitServer, embedder: Embedder
) -> None:
    repository.git("branch", "--move", "main", "trunk")
    report = run(of_git.changed(docs_dir=server.url()), embedder)
    assert report.manifest.branch == "trunk"
    assert [file.path for file in report.plan.files] == sorted(f"docs/{path}" for path in PAGES)


def test_a_server_that_gives_no_parts_is_fetched_from_as_well(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    repository.git("config", "uploadpack.allowFilter", "false")
    assert run(of_git, embedder).manifest.files == len(PAGES)
    repository.commit({"docs/zebra.md": ZEBRA})
    assert run(of_git, embedder).plan.added == ("zebra.md",)


def test_links_out_of_the_docs_folder_are_told_as_those_of_a_folder_are(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    (repository.folder / "docs").mkdir(exist_ok=True)
    links = {
        "one.md": "../other/o.md",
        "shared": "../other",
        "top": "..",
        "guides/deep": "../../other/sub",
        "t": "../t",
    }
    for path, target in links.items():
        (repository.folder / "docs" / path).symlink_to(target)
    repository.commit({"other/o.md": ZEBRA, "other/sub/p.md": ZEBRA, "t": "no page"})
    of_folder = of_git.changed(docs_dir=repository.folder / "docs", index_dir=of_git.folders.index_dir / "folder")
    told = run(of_git, embedder).manifest.skipped
    assert told == run(of_folder, embedder).manifest.skipped
    assert {skip.path: skip.lost for skip in told} == {
        "one.md": "page",
        **dict.fromkeys(("shared", "top", "guides/deep"), "folder"),
    }
    assert {skip.reason for skip in told} == {"symlink leaves the docs folder"}


def test_a_repository_on_this_machine_is_fetched_by_its_path(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    for address in (f"git+{repository.folder}#main:docs", f"git+file://{repository.folder}#main:docs"):
        settings = of_git.changed(docs_dir=address, index_dir=of_git.folders.index_dir / str(len(address)))
        assert run(settings, embedder).manifest.commit == repository.head


def test_many_pages_that_are_gone_are_held_and_the_index_answers_as_before(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    repository.commit({f"docs/many/{number}.md": f"# {number}\n\nPage {number}.\n" for number in range(20)})
    run(of_git, embedder)
    before = search(of_git, embedder)
    repository.commit({f"docs/many/{number}.md": None for number in range(20)})
    with pytest.raises(DeletionsError, match=r"git\+http://.*#main:docs is not the branch"):
        run(of_git, embedder)
    assert search(of_git, embedder) == before
    plan, held = docs_state(of_git, live_manifest(of_git.folders.index_dir))
    assert plan and len(plan.deleted) == 20 and held and "20 of the 23 files" in held
    assert run(of_git, embedder, allow_deletes=True).published


def test_an_update_that_is_killed_leaves_the_docs_as_they_were_and_the_next_one_mends_it(
    of_git: Settings, repository: Repository, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(of_git, embedder)
    first, checkout = repository.head, checkout_of(of_git)
    second = repository.commit({"docs/zebra.md": ZEBRA, "docs/ports.md": "# Ports\n\nNone.\n"})

    def killed(tree: Tree, *_: object) -> None:
        (checkout.trees / f".{second}" / "docs" / "zebra.md").write_text("half")
        (checkout.repository / "shallow.lock").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Tree, "write", killed)
        run(of_git, embedder)
    live = checkout.live()
    assert live and live.commit == first
    files, _ = find_files(of_git.folders.docs_dir, ("**/*.md",), (), 10**6)
    assert {file.path: file.location.read_text() for file in files} == PAGES
    assert run(of_git, embedder).manifest.commit == second
    assert (of_git.folders.docs_dir / "zebra.md").read_text() == ZEBRA
    assert not list(checkout.trees.glob(".*"))


@pytest.mark.parametrize("lost", ["repository", "docs", "trees", "."])
def test_what_is_lost_of_a_checkout_is_fetched_again(
    of_git: Settings, repository: Repository, embedder: Embedder, lost: str
) -> None:
    run(of_git, embedder)
    gone = checkout_of(of_git).folder / lost
    gone.unlink() if gone.is_symlink() else shutil.rmtree(gone)
    if lost != "repository":
        with pytest.raises(DocsFolderError, match="run `footnote ingest`, which fetches"):
            find_files(of_git.folders.docs_dir, ("**/*.md",), (), 10**6)
    repository.commit({"docs/zebra.md": ZEBRA})
    assert run(of_git, embedder).plan.added == ("zebra.md",)


def test_a_purge_leaves_nothing_of_deleted_texts(of_git: Settings, repository: Repository, embedder: Embedder) -> None:
    run(of_git, embedder)
    repository.commit({"docs/cache.md": None})
    run(of_git, embedder, purge=True)
    assert not checkout_of(of_git).repository.exists()
    assert not list(checkout_of(of_git).folder.rglob("cache.md"))
    repository.commit({"docs/zebra.md": ZEBRA})
    assert run(of_git, embedder).plan.added == ("zebra.md",)


def test_another_branch_is_other_docs_and_a_checkout_stays_as_long_as_a_generation_is_of_it(
    of_git: Settings, repository: Repository, server: GitServer, embedder: Embedder
) -> None:
    run(of_git, embedder)
    repository.git("branch", "next")
    other = of_git.changed(docs_dir=f"{server.url()}#next:docs")
    with pytest.raises(OtherDocsError, match=r"built from git\+http://.*#main:docs, not from .*#next:docs"):
        require_same_docs(other)
    require_same_docs(of_git.changed(docs_dir=of_git.folders.docs_shown.replace("//", "//user:word@")))
    repository.commit({"docs/zebra.md": ZEBRA})
    run(other, embedder)
    assert checkout_of(of_git).live() and checkout_of(other).live()  # of the generation before
    repository.git("checkout", "--quiet", "next")
    repository.commit({"docs/more.md": ZEBRA})
    run(other, embedder)
    assert not checkout_of(of_git).folder.exists() and checkout_of(other).live()


def test_what_an_index_of_a_folder_says_is_as_it_was(
    tmp_path: Path, write_docs: Callable[..., Path], embedder: Embedder
) -> None:
    settings = load_settings(env_file=None, docs_dir=write_docs(tmp_path / "docs", PAGES), index_dir=tmp_path / "index")
    run(settings, embedder)
    fields = json.loads((tmp_path / "index" / "generations" / "1" / "manifest.json").read_text())
    assert not fields.keys() & {"source", "commit", "branch", "uncommitted"}
