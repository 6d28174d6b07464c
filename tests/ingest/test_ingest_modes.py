"""`footnote ingest` with --dry-run, --check, --rebuild, --purge, and `footnote rollback`: text, JSON, exit codes."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, chunks_of, contents, run

WATCH_ALONE = "--watch takes neither --rebuild, --purge, --checksum nor --allow-deletes: run those once before"


def invoke(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)


def ingest_again(settings: Settings, *arguments: str | Path, **environment: str) -> Result:
    """`footnote ingest` on the folder of the last time."""
    return invoke("ingest", "--index-dir", settings.folders.index_dir, *arguments, **environment)


def document(result: Result) -> dict[str, object]:
    """The one JSON document that was printed."""
    assert result.stdout.count("\n") == 1
    parsed: dict[str, object] = json.loads(result.stdout)
    return parsed


@pytest.fixture
def changed(ingested: Settings, write_docs: WriteDocs) -> Settings:
    """Ingested, then one page added, one changed and one deleted; nothing of it must be embedded."""
    write_docs(ingested.folders.docs_dir, {"network.md": PAGES["ports.md"], "cache.md": PAGES["cache.md"] + "\n"})
    (ingested.folders.docs_dir / "ports.md").unlink()
    return ingested


def test_without_dir_the_folder_of_the_last_time_is_ingested(ingested: Settings) -> None:
    result = ingest_again(ingested)
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(r"nothing changed: generation 1 stays \(3 files, 4 chunks\), \d+\.\d s\n", result.stdout)


def test_a_dir_or_the_environment_wins_over_the_folder_of_the_last_time(
    ingested: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shutil.copytree(ingested.folders.docs_dir, tmp_path / name)
    result = ingest_again(ingested, "--json", "--replace", FOOTNOTE_DOCS_DIR=str(tmp_path / "one"))
    assert document(result)["docs_dir"] == str(tmp_path / "one")
    result = ingest_again(ingested, tmp_path / "two", "--json", "--replace", FOOTNOTE_DOCS_DIR=str(tmp_path / "one"))
    assert document(result)["docs_dir"] == str(tmp_path / "two")
    assert document(ingest_again(ingested, "--json"))["docs_dir"] == str(tmp_path / "two")


def test_the_folder_of_the_last_time_is_found_from_any_working_folder(
    tmp_path: Path, write_docs: WriteDocs, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_docs(tmp_path / "here" / "pages", PAGES)
    monkeypatch.chdir(tmp_path / "here")
    assert invoke("ingest", "pages", "--index-dir", tmp_path / "index").exit_code == 0
    monkeypatch.chdir(tmp_path)
    result = invoke("ingest", "--index-dir", tmp_path / "index", "--json")
    assert (document(result)["docs_dir"], document(result)["published"]) == (str(tmp_path / "here" / "pages"), False)


def test_another_folder_than_the_last_time_is_told_with_the_way_back(ingested: Settings, tmp_path: Path) -> None:
    ingested.folders.docs_dir.rename(tmp_path / "moved")
    result = ingest_again(ingested, tmp_path / "moved", "--replace")
    assert result.stderr == (
        f"the index was built from {ingested.folders.docs_dir} before, and is of {tmp_path / 'moved'} now; "
        "`footnote rollback` goes back\n"
    )


def test_a_change_is_reported_in_one_line(changed: Settings) -> None:
    result = ingest_again(changed)
    assert re.fullmatch(
        rf"generation 2: 3 files, 4 chunks from {re.escape(str(changed.folders.docs_dir))} in \d+\.\d s; "
        r"1 added, 1 changed, 1 deleted, 1 unchanged; 0 embedded, 0 skipped\n",
        result.stdout,
    )


def test_the_json_of_an_ingest_names_what_changed(changed: Settings) -> None:
    report = document(ingest_again(changed, "--json"))
    assert isinstance(report.pop("total_s"), float)
    assert report == {
        "generation": 2,
        "source": None,
        "commit": None,
        "branch": None,
        "uncommitted": [],
        "included": 0,
        "published": True,
        "docs_dir": str(changed.folders.docs_dir),
        "files": 3,
        "languages": {"unknown": 3},
        "chunks": 4,
        "added": ["network.md"],
        "changed": ["cache.md"],
        "deleted": ["ports.md"],
        "unchanged": 1,
        "skipped": [],
        "rebuilt_because": None,
        "untidy": None,
        "answers_deleted": 0,
        "kept_elsewhere": [],
        "embedded": 0,
        "embed_s": 0,
    }


def test_why_an_index_was_built_from_nothing_is_told(ingested: Settings) -> None:
    (Generations(ingested.folders.index_dir).folder(1) / "manifest.json").write_text("{")
    result = ingest_again(ingested, ingested.folders.docs_dir)
    assert result.exit_code == 0
    assert result.stderr.startswith("the index is built from nothing, because: ")
    assert "manifest.json cannot be read" in result.stderr
    assert "; built from nothing; 0 embedded, 0 skipped" in result.stdout
    shutil.rmtree(Generations(ingested.folders.index_dir).folder(2) / "tantivy")
    because = document(ingest_again(ingested, "--json"))["rebuilt_because"]
    assert isinstance(because, str)
    assert "meta.json is missing" in because


def test_a_dry_run_names_the_files_and_does_nothing(changed: Settings) -> None:
    before = contents(changed.folders.docs_dir.parent)
    result = ingest_again(changed, "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "+ network.md",
        "~ cache.md",
        "- ports.md",
        "1 added, 1 changed, 1 deleted, 1 unchanged; 0 of 3 chunks to embed: nothing to wait for",
    ]
    assert contents(changed.folders.docs_dir.parent) == before


def test_a_dry_run_of_an_unchanged_folder_says_so(ingested: Settings) -> None:
    result = ingest_again(ingested, "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "nothing to do: 3 files unchanged\n")


def test_a_dry_run_shows_ten_names_of_each_kind(ingested: Settings, write_docs: WriteDocs) -> None:
    write_docs(ingested.folders.docs_dir, {f"{number:02}\x1b[31m.md": "page" for number in range(12)})
    lines = ingest_again(ingested, "--dry-run").stdout.splitlines()
    assert lines[:10] == [f"+ {number:02}[31m.md" for number in range(10)]
    assert lines[10] == "+ ... and 2 more; --json lists them"
    assert re.fullmatch(
        r"12 added, 0 changed, 0 deleted, 3 unchanged; 12 of 12 chunks to embed: about \d+ s of embedding", lines[11]
    )


def test_a_dry_run_before_the_first_ingest_creates_nothing(settings: Settings) -> None:
    result = ingest_again(settings, settings.folders.docs_dir, "--dry-run")
    assert result.stdout.splitlines() == [
        "+ cache.md",
        "+ guides/backup.md",
        "+ ports.md",
        "built from nothing; 4 of 4 chunks to embed: the embedder has not run here yet, so the time is unknown",
    ]
    assert not settings.folders.index_dir.exists()


@pytest.mark.parametrize("flag", [None, "--rebuild", "--purge"])
def test_the_json_of_a_dry_run_is_the_plan(changed: Settings, write_docs: WriteDocs, flag: str | None) -> None:
    write_docs(changed.folders.docs_dir, {"image.md": b"\0"})
    plan = document(ingest_again(changed, "--dry-run", "--json", *([flag] if flag else [])))
    everything = ["cache.md", "guides/backup.md", "network.md"]
    assert plan == {
        "nothing_to_do": False,
        "commit": None,
        "included": 0,
        "held": None,
        "rebuild": flag is not None,
        "files": 3,
        "chunks": 4,
        "added": everything if flag else ["network.md"],
        "changed": [] if flag else ["cache.md"],
        "deleted": [] if flag else ["ports.md"],
        "unchanged": 0 if flag else 1,
        "skipped": [{"path": "image.md", "reason": "binary", "detail": "holds NUL bytes", "lost": "page"}],
        "chunks_to_embed": 0,
        "estimated_embed_s": 0.0,
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://github.com/a/b", "git+https://github.com/a/b"),
        ("https://user:token@github.com/a/b#main:docs", "git+https://github.com/a/b#main:docs"),
        ("git@github.com:a/b", "git+git@github.com:a/b"),
        ("ssh://git@host/a/b", "git+ssh://git@host/a/b"),
        ("file:///srv/bare.git", "git+file:///srv/bare.git"),
    ],
)
@pytest.mark.parametrize("flags", [[], ["--watch"], ["--dry-run"]])
def test_an_address_without_git_in_front_is_told_how_to_be_written(typed: str, meant: str, flags: list[str]) -> None:
    result = invoke("ingest", typed, *flags)
    assert (result.exit_code, result.stderr) == (
        2,
        f"error: DIR: an address of a Git repository begins with git+: write {meant}\n",
    )


def test_an_address_without_git_in_front_is_told_of_the_environment_too() -> None:
    said = invoke("ingest", FOOTNOTE_DOCS_DIR="https://user:token@github.com/a/b").stderr
    assert said.endswith("begins with git+ where docs are named: write git+https://github.com/a/b\n")


def test_an_address_that_is_none_is_told_by_what_was_typed(tmp_path: Path) -> None:
    assert invoke("ingest", "git+ext::sh").stderr.startswith("error: DIR: is no Git URL: ")
    assert "FOOTNOTE_DOCS_DIR: is no Git URL" in invoke("ingest", FOOTNOTE_DOCS_DIR="git+ext::sh").stderr


def test_a_repository_without_files_is_told_how_to_be_written(ingested: Settings, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    result = ingest_again(ingested, bare)
    assert (result.exit_code, f"write git+{bare}" in result.stderr) == (2, True)


def test_a_folder_beside_the_docs_that_is_not_there_is_said(ingested: Settings, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    result = ingest_again(ingested, "--include-roots", f"{tmp_path / 'src'},{tmp_path / 'scr'}")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"{tmp_path / 'scr'} is no folder, so pages show nothing of it: mend")
    assert f"{tmp_path / 'src'} is" not in result.stderr
    assert "is no folder" not in ingest_again(ingested, "--include-roots", "none").stderr


@pytest.mark.parametrize("is_ingested", [False, True])
def test_the_end_of_a_watch_says_what_is_live(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, is_ingested: bool
) -> None:
    def ends(*_: object) -> None:
        if is_ingested:
            run(settings, embedder)
        raise KeyboardInterrupt

    monkeypatch.setattr("footnote.ingest.commands.watch.watch_and_ingest", ends)
    result = ingest_again(settings, settings.folders.docs_dir, "--watch")
    live = "generation 1 is live" if is_ingested else "nothing was published"
    assert (result.exit_code, result.stderr) == (130, f"stopped watching: {live}\n")


def test_a_check_without_drifts_exits_0(ingested: Settings) -> None:
    result = ingest_again(ingested, "--check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "generation 1, 3 files, 4 chunks: all as it should be\n"
    result = ingest_again(ingested, "--check", "--json")
    assert (result.exit_code, document(result)) == (0, {"generation": 1, "files": 3, "chunks": 4, "drifts": []})


def test_a_check_with_drifts_names_them_and_exits_1(changed: Settings) -> None:
    expected = [
        {"where": "ports.md", "what": "is in the index, but not in the docs folder"},
        {"where": "cache.md", "what": "was changed since it was ingested"},
        {"where": "network.md", "what": "is not in the index"},
    ]
    result = ingest_again(changed, "--check")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        *(f"{drift['where']}: {drift['what']}" for drift in expected),
        "generation 1, 3 files, 4 chunks: 3 drifts",
    ]
    result = ingest_again(changed, "--check", "--json")
    assert result.exit_code == 1
    assert document(result) == {"generation": 1, "files": 3, "chunks": 4, "drifts": expected}


def test_a_check_without_an_index_exits_3_and_creates_nothing(tmp_path: Path) -> None:
    result = invoke("ingest", "--check", "--index-dir", tmp_path / "none")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "run `footnote ingest` first" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_other_chunks_are_refused_with_the_way_to_them_and_rebuilt(ingested: Settings) -> None:
    result = ingest_again(ingested, "--chunk-size", "600")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "built with chunk size 1000, the settings now say 600: run `footnote ingest --rebuild`" in result.stderr
    result = ingest_again(ingested, "--chunk-size", "600", "--rebuild", "--json")
    report = document(result)
    assert (result.exit_code, report["generation"], report["rebuilt_because"], report["embedded"]) == (0, 2, None, 0)
    assert report["added"] == ["cache.md", "guides/backup.md", "ports.md"]


def test_a_purge_leaves_the_live_generation_alone(changed: Settings, embedder: Embedder) -> None:
    run(changed, embedder)
    report = document(ingest_again(changed, "--purge", "--json"))
    assert (report["generation"], report["published"]) == (3, True)
    assert [folder.name for folder in (changed.folders.index_dir / "generations").iterdir()] == ["3"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--check", "--dry-run"], "--watch, --check and --dry-run exclude each other"),
        (["--watch", "--check"], "--watch, --check and --dry-run exclude each other"),
        (["--watch", "--dry-run"], "--watch, --check and --dry-run exclude each other"),
        (["--watch", "--check", "--dry-run"], "--watch, --check and --dry-run exclude each other"),
        (["--watch", "--rebuild"], WATCH_ALONE),
        (["--watch", "--purge"], WATCH_ALONE),
        (["--watch", "--checksum"], WATCH_ALONE),
        (["--watch", "--allow-deletes"], WATCH_ALONE),
    ],
)
def test_modes_that_exclude_each_other_exit_2_and_do_nothing(
    ingested: Settings, flags: Sequence[str], message: str
) -> None:
    before = contents(ingested.folders.index_dir)
    result = ingest_again(ingested, *flags)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n")
    assert contents(ingested.folders.index_dir) == before


@pytest.fixture
def two_generations(changed: Settings, embedder: Embedder) -> Settings:
    run(changed, embedder)
    return changed


def test_rollback_goes_one_generation_back_and_the_next_ingest_goes_on(two_generations: Settings) -> None:
    index_dir = two_generations.folders.index_dir
    result = invoke("rollback", "--index-dir", index_dir)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "generation 1 is live again, 2 was before\n"
    assert len(chunks_of(two_generations, "ports.md")) == 2
    result = invoke("rollback", "--index-dir", index_dir)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"error: generation 1 is the oldest in {index_dir}: there is none to go back to")
    report = document(ingest_again(two_generations, "--json"))
    assert (report["generation"], report["embedded"]) == (3, 0)
    assert chunks_of(two_generations, "ports.md") == []


def test_rollback_json_is_one_document(two_generations: Settings) -> None:
    result = invoke("rollback", "--index-dir", two_generations.folders.index_dir, "--json")
    assert (result.exit_code, document(result)) == (0, {"generation": 1, "was": 2})
    result = invoke("rollback", "--index-dir", two_generations.folders.index_dir, "--json")
    problem = document(result)
    assert (result.exit_code, problem["type"]) == (3, "urn:footnote:problem:generation-unknown")


def test_rollback_goes_forward_again_and_to_any_generation_that_is_there(two_generations: Settings) -> None:
    index_dir = two_generations.folders.index_dir

    def said(*flags: str) -> str:
        result = invoke("rollback", *flags, "--index-dir", index_dir)
        return result.stdout if result.exit_code == 0 else f"{result.exit_code} {result.stderr}"

    assert said("--to", "1") == "generation 1 is live again, 2 was before\n"
    assert said("--forward") == "generation 2 is live again, 1 was before\n"
    assert said("--forward").startswith(f"3 error: generation 2 is the newest in {index_dir}: there is none to go")
    assert said("--to", "2") == "generation 2 is live already\n"
    assert said("--to", "7") == f"3 error: generation 7 is not in {index_dir}: there is 1, 2\n"
    assert said("--to", "1", "--forward") == "2 error: --to and --forward exclude each other\n"
    assert Generations(index_dir).live() == 2
    assert document(invoke("rollback", "--to", "1", "--json", "--index-dir", index_dir)) == {"generation": 1, "was": 2}


def test_status_lists_the_generations_that_are_there(two_generations: Settings) -> None:
    index_dir = two_generations.folders.index_dir
    invoke("rollback", "--index-dir", index_dir)
    (index_dir / "generations" / "9").mkdir()  # no complete one
    listed = document(invoke("status", "--json", "--index-dir", index_dir))["generations"]
    built = [one.pop("created_at") for one in listed]
    docs_dir = str(two_generations.folders.docs_dir)
    assert listed == [
        {"generation": 1, "docs_dir": docs_dir, "files": 3, "chunks": 4, "live": True},
        {
            "generation": 2,
            "docs_dir": docs_dir,
            "files": listed[1]["files"],
            "chunks": listed[1]["chunks"],
            "live": False,
        },
    ]
    shown = " ".join(invoke("status", "--index-dir", index_dir).stdout.split())
    assert f"kept 1 of {built[0]} (live); 2 of {built[1]}" in shown


def test_rollback_without_an_index_exits_3_and_creates_nothing(tmp_path: Path) -> None:
    result = invoke("rollback", "--index-dir", tmp_path / "none")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "run `footnote ingest` first" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_rollback_beside_a_running_ingest_exits_3(two_generations: Settings) -> None:
    with Generations(two_generations.folders.index_dir).lock():
        result = invoke("rollback", "--index-dir", two_generations.folders.index_dir)
    assert result.exit_code == 3
    assert "another ingest is running" in result.stderr
    assert Generations(two_generations.folders.index_dir).live() == 2
