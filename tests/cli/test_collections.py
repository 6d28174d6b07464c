"""`--collection`: a command for one docs folder of several, or for each in turn."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result
from typer.main import get_command
from typer.testing import CliRunner

from footnote.app.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def footnote(write_docs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line where footnote.toml names two collections, whose pages have the same name."""
    # Chroma knows a folder by its path as it is given, and all tests are one process.
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(tmp_path / "db"))
    monkeypatch.setenv("FOOTNOTE_RERANKER", "none")
    write_docs(Path("alpha"), {"install.md": "# Alpha\n\n## Install\n\nInstall Alpha with `pip install alpha`.\n"})
    write_docs(Path("beta"), {"install.md": "# Beta\n\n## Install\n\nInstall Beta with `apt install beta`.\n"})
    Path("footnote.toml").write_text("[collections.alpha]\ndocs='alpha'\n[collections.beta]\ndocs='beta'\n", "utf-8")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, list(map(str, arguments)))

    return run


def test_an_ingest_and_a_status_without_a_name_are_of_each(footnote: Run, tmp_path: Path) -> None:
    ingested = footnote("ingest", "--json")
    assert ingested.exit_code == 0
    reports = list(map(json.loads, ingested.output.splitlines()))
    assert [(one["collection"], one["generation"]) for one in reports] == [("alpha", 1), ("beta", 1)]
    assert sorted(one.name for one in (tmp_path / "db" / "collections").iterdir()) == ["alpha", "beta"]
    shown = list(map(json.loads, footnote("status", "--json").output.splitlines()))
    assert [(one["collection"], Path(one["docs_dir"]).name) for one in shown] == [("alpha", "alpha"), ("beta", "beta")]
    text = footnote("status").output
    assert text.index("alpha:\n") < text.index("beta:\n")


def test_what_fails_for_one_is_done_for_the_other(footnote: Run) -> None:
    Path("alpha/install.md").unlink()
    ingested = footnote("ingest", "--json")
    first, second = map(json.loads, ingested.output.splitlines())
    assert (first["collection"], first["title"]) == ("alpha", "Docs folder")
    assert (second["collection"], second["generation"]) == ("beta", 1)
    assert ingested.exit_code == 2


def test_one_that_is_named_is_answered_for_as_if_it_were_alone(footnote: Run, tmp_path: Path) -> None:
    ingested = footnote("ingest", "--collection", "beta", "--json")
    assert "collection" not in json.loads(ingested.output)
    assert not (tmp_path / "db" / "collections" / "alpha").exists()
    answer = json.loads(footnote("ask", "How do I install Beta?", "--collection", "beta", "--json").output)
    assert answer["citations"][0]["quote"] == "Install Beta with `apt install beta`."
    assert footnote("rollback", "--collection", "alpha").exit_code == 3


@pytest.mark.parametrize("command", [["gaps"], ["usage"], ["rollback"], ["tune", "--reset"], ["backup", "x.tar.gz"]])
def test_other_commands_want_a_name(footnote: Run, command: list[str]) -> None:
    refused = footnote(*command)
    assert (refused.exit_code, "--collection: alpha, beta" in refused.output) == (2, True)


def test_what_is_about_one_folder_wants_a_name(footnote: Run) -> None:
    for command in (["ingest", "alpha"], ["ingest", "--watch"]):
        refused = footnote(*command)
        assert (refused.exit_code, "--collection: alpha, beta" in refused.output) == (2, True)
    assert footnote("ingest", "--collection", "gamma").exit_code == 2


def test_what_an_error_tells_to_run_is_of_its_collection(footnote: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    footnote("ingest")
    monkeypatch.setenv("FOOTNOTE_CHUNK_SIZE_CHARS", "500")
    for told in (["ingest"], ["ingest", "--json"], ["status"], ["ingest", "--collection", "beta"]):
        assert "`footnote ingest --collection beta --rebuild`" in " ".join(footnote(*told).output.split())
    assert (
        "`footnote gaps --collection beta` lists"
        in footnote("gaps", "--collection", "beta", "--dismiss", "What?").output
    )


def test_a_backup_knows_its_collection_and_becomes_no_other_unasked(footnote: Run, tmp_path: Path) -> None:
    footnote("ingest")
    footnote("keys", "create", "reader")
    (tmp_path / "backups").mkdir()
    made = footnote("backup", tmp_path / "backups", "--collection", "alpha")
    (file,) = (tmp_path / "backups").iterdir()
    assert file.name.startswith("footnote-alpha-2")
    assert f"the keys are not in it: copy {tmp_path / 'db' / 'keys.sqlite3'} as well" in made.output
    described = json.loads(footnote("restore", file, "--check", "--collection", "beta", "--json").output)
    assert (described["collection"], Path(described["docs"])) == ("alpha", Path("alpha").resolve())
    for force in ([], ["--force"]):
        refused = footnote("restore", file, "--collection", "beta", *force)
        assert (refused.exit_code, "of the collection alpha, not of beta" in refused.output) == (2, True)
    assert not (tmp_path / "db" / "collections" / "beta" / "generations" / "2").exists()
    renamed = footnote("restore", file, "--collection", "beta", "--force", "--rename")
    assert renamed.exit_code == 0
    assert f"it was built from {Path('alpha').resolve()}, and the docs are {Path('beta').resolve()}" in renamed.output
    again = footnote("restore", file, "--collection", "alpha", "--force")
    assert (again.exit_code, "built from" in again.output) == (0, False)


def commands_of(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The commands that take one collection, by their words."""
    for name, below in getattr(command, "commands", {}).items():
        yield from commands_of(below, (*path, name))
    if any(option.name == "collection" and not getattr(option, "multiple", False) for option in command.params):
        yield path


ONE_EACH = list(commands_of(get_command(app)))


@pytest.mark.parametrize("words", ONE_EACH, ids=" ".join)
def test_a_second_collection_is_refused_and_none_is_dropped(footnote: Run, words: tuple[str, ...]) -> None:
    refused = footnote(*words, "--collection", "alpha", "--collection=beta")
    assert (refused.exit_code, "more than once" in refused.output) == (2, True)


def test_commands_take_one_collection_or_several() -> None:
    assert {("ingest",), ("backup",), ("answers", "list"), ("tune-llm", "data")} <= set(ONE_EACH)
    assert not {("ask",), ("search",)} & set(ONE_EACH)


def test_a_question_without_a_name_is_asked_of_all(footnote: Run) -> None:
    footnote("ingest")
    answer = json.loads(footnote("ask", "How do I install Beta?", "--json").output)
    assert [one["name"] for one in answer["collections"]] == ["alpha", "beta"]
    assert (answer["citations"][0]["collection"], answer["citations"][0]["path"]) == ("beta", "install.md")
    shown = footnote("ask", "How do I install Beta?").output
    assert "[1] beta: install.md:5-5" in shown
    assert "alpha generation 1, beta generation 1" in shown
    found = json.loads(footnote("search", "install", "--json").output)
    assert {hit["collection"] for hit in found["hits"]} == {"alpha", "beta"}
    assert "beta: install.md:1-5  Beta > Install" in footnote("search", "install beta").output
    refused = footnote("search", "install", "--why-not", "install.md")
    assert (refused.exit_code, "--collection: alpha, beta" in refused.output) == (2, True)


def test_one_that_has_no_index_is_left_out_and_said(footnote: Run) -> None:
    for asked in (["ask", "How do I install Beta?"], ["search", "install"]):
        refused = footnote(*asked)
        assert (refused.exit_code, "run `footnote ingest --collection alpha` first" in refused.output) == (3, True)
    footnote("ingest", "--collection", "beta")
    for asked in (["ask", "How do I install Beta?"], ["search", "install"]):
        answered = footnote(*asked, "--json")
        assert answered.exit_code == 0
        assert answered.stderr == ("alpha has no index yet and is left out: run `footnote ingest --collection alpha`\n")
        assert "apt install beta" in answered.stdout
        refused = footnote(*asked, "--collection", "alpha", "--collection", "beta")
        assert (refused.exit_code, "collections/alpha: run" in refused.output) == (3, True)


def test_what_one_of_them_answered_is_verified_without_its_name(footnote: Run) -> None:
    footnote("ingest")
    answer = footnote("ask", "How do I install Beta?", "--collection", "beta", "--json").output
    assert json.loads(answer)["citations"][0]["collection"] == "beta"
    Path("answer.json").write_text(answer, "utf-8")
    held = footnote("verify", "answer.json")
    assert (held.exit_code, "1 valid" in held.output) == (0, True)


def test_an_answer_from_several_is_verified_in_the_folders_that_it_cites(footnote: Run) -> None:
    footnote("ingest")
    Path("answer.json").write_text(footnote("ask", "How do I install Beta?", "--json").output, "utf-8")
    held = footnote("verify", "answer.json")
    assert (held.exit_code, "1 valid" in held.output) == (0, True)
    Path("beta/install.md").write_text("# Beta\n", "utf-8")
    assert footnote("verify", "answer.json").exit_code == 1
    assert footnote("verify", "answer.json", "--collection", "alpha").exit_code == 1
    Path("answer.json").write_text(Path("answer.json").read_text("utf-8").replace('"beta"', '"gamma"'), "utf-8")
    refused = footnote("verify", "answer.json")
    assert (refused.exit_code, "a citation of 'gamma'" in refused.output) == (2, True)


def test_what_none_of_them_answers_is_a_gap_of_each_with_its_own_pages(
    footnote: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOOTNOTE_RERANKER")  # without one nothing is refused
    footnote("ingest")
    footnote("ask", "Who won the football world cup in 1998?")
    footnote("ask", "How do I install Beta?")
    for name, heading in (("alpha", "Alpha"), ("beta", "Beta")):
        (gap,) = json.loads(footnote("gaps", "--collection", name, "--json").output)["gaps"]
        assert gap["count"] == 1
        assert {one["heading_path"][0] for one in gap["nearest"]} == {heading}


def test_an_answer_from_several_is_counted_and_kept_where_it_is_from(
    footnote: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_KEEP_ANSWERS", "true")
    monkeypatch.delenv("FOOTNOTE_RERANKER")  # without one the best of each come in the order of the collections
    footnote("ingest")
    footnote("ask", "How do I install Beta?", "--top-k", "1")
    footnote("ask", "How do I install Beta?", "--top-k", "2")
    asked = {
        name: json.loads(footnote("usage", "--collection", name, "--json").output)["total"]["questions"]
        for name in ("alpha", "beta")
    }
    assert asked == {"alpha": 0, "beta": 2}
    kept = json.loads(footnote("answers", "list", "--collection", "beta", "--json").output)["answers"]
    # Of passages of both, nobody could tell whether those of the other are gone.
    assert [(one["generation"], len(one["passages"])) for one in kept] == [(1, 1)]


def test_one_collection_of_a_file_answers_as_the_folder_without_a_file(footnote: Run, tmp_path: Path) -> None:
    """But for where the index lies, and for its name in an answer."""
    footnote("ingest")
    footnote("ingest", "beta", "--index-dir", tmp_path / "alone")
    for asked in (["ask", "How do I install Beta?"], ["ask", "Who won the cup in 1998?"], ["search", "install beta"]):
        in_file = json.loads(footnote(*asked, "--collection", "beta", "--json").output)
        alone = json.loads(footnote(*asked, "--index-dir", tmp_path / "alone", "--json").output)
        for answer in (in_file, alone):
            answer.pop("timings_ms", None)
        if asked[0] == "ask":
            assert in_file["collections"] == [{"name": "beta", "generation": 1}]
            assert {one.pop("collection") for one in (*in_file["citations"], *in_file["nearest"])} == {"beta"}
            in_file = {key: value for key, value in in_file.items() if key != "collections"}
        assert in_file == alone


def test_a_question_is_asked_of_those_that_are_named(footnote: Run) -> None:
    footnote("ingest")
    both = footnote("search", "install", "--collection", "beta", "--collection", "alpha", "--json")
    assert [one["name"] for one in json.loads(both.stdout)["collections"]] == ["beta", "alpha"]


def test_a_collection_has_no_other_index(footnote: Run, tmp_path: Path) -> None:
    refused = footnote("status", "--collection", "alpha", "--index-dir", str(tmp_path / "other"))
    assert (refused.exit_code, "give --collection, or --index-dir" in refused.stderr) == (2, True)
