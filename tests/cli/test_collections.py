"""`--collection`: a command for one docs folder of several, or for each in turn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from footnote.app.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def footnote(write_docs) -> Run:
    """Runs the command line where footnote.toml names two collections, whose pages have the same name."""
    write_docs(Path("alpha"), {"install.md": "# Alpha\n\n## Install\n\nInstall Alpha with `pip install alpha`.\n"})
    write_docs(Path("beta"), {"install.md": "# Beta\n\n## Install\n\nInstall Beta with `apt install beta`.\n"})
    Path("footnote.toml").write_text("[collections.alpha]\ndocs='alpha'\n[collections.beta]\ndocs='beta'\n", "utf-8")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, list(map(str, arguments)))

    return run


def test_an_ingest_and_a_status_without_a_name_are_of_each(footnote: Run) -> None:
    ingested = footnote("ingest", "--json")
    assert ingested.exit_code == 0
    reports = list(map(json.loads, ingested.output.splitlines()))
    assert [(one["collection"], one["generation"]) for one in reports] == [("alpha", 1), ("beta", 1)]
    assert sorted(one.name for one in Path("chroma_db/collections").iterdir()) == ["alpha", "beta"]
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


def test_one_that_is_named_is_answered_for_as_if_it_were_alone(footnote: Run) -> None:
    ingested = footnote("ingest", "--collection", "beta", "--json")
    assert "collection" not in json.loads(ingested.output)
    assert not Path("chroma_db/collections/alpha").exists()
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
