"""The command line: what it prints, for people and for programs, and its exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.cli.render_status import render_status
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Skip
from footnote.app.index.filters import QueryFilter
from footnote.app.models.embedder import BUNDLED
from footnote.app.models.onnx_model import bundled_folder
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.index import CommitOut, SkipOut, StatusOut
from footnote.app.schemas.search import HitOut
from footnote.app.schemas.why_not import WhyNotOut
from footnote.ingest.flow import ingest
from tests.conftest import MAIN

ROOT = Path(__file__).parents[2]
PORT = "Which port does Relay listen on?"
COMMANDS = ["ingest", "ask", "search", "verify", "eval", "status", "gaps", "answers", "serve", "model"]


@pytest.fixture
def footnote(guide_index):
    """Runs the command line on the corpus' index, without a reranker unless told otherwise."""

    def run(*arguments, index_dir=guide_index.index_dir, **env):
        env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "FOOTNOTE_RERANKER": "none", **env}
        return CliRunner().invoke(app, arguments, env=env)

    return run


def process(*arguments, **options):
    """The same in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **options.pop("env", {})}
    return subprocess.Popen([sys.executable, "-c", MAIN, *arguments], env=env, text=True, **options)


def status_of(skips):
    return StatusOut(
        generation=1,
        created_at="",
        tool_version="",
        docs_dir="docs",
        flavour="markdown",
        files=2,
        languages={"pt": 1, "unknown": 1},
        chunks=2,
        skipped=[SkipOut.model_validate(skip) for skip in skips],
        models={"embedder": None, "reranker": None},
        llm="extractive",
        outlook={"llm": "extractive", "ends": None, "successor": None, "is_said": False, "problem": None},
        settings={},
        second_model=None,
        docs_changes=None,
        generations=[],
        disk={
            "total": 12_300_000,
            "free": 3_400_000_000,
            "generations": {1: 11_000_000},
            "cache": 1_200_000,
            "logs": 0,
        },
        docs_problem=None,
    )


def words(text):
    return " ".join(text.split())


def test_ask_prints_the_quote_and_where_it_stands(footnote, engine):
    result = footnote("ask", PORT, FOOTNOTE_RERANKER="bundled")
    assert (result.exit_code, result.stderr) == (0, "")
    best = engine.ask(PORT).citations[0]
    shown = words(result.stdout)
    assert shown.startswith(f"{words(best.quote)} [1]")
    assert "Quoted from the docs, word for word; no language model was asked." in shown
    assert f"[1] configuration.md:14-17 Configuration > Network sha256 {best.sha256}" in shown
    assert "extractive, generation 1, " in shown


def test_ask_json_prints_one_document_of_the_stated_shape(guide_index, engine):
    asking = process(
        "ask", PORT, "--json", "--index-dir", str(guide_index.index_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    stdout, stderr = asking.communicate(timeout=60)
    assert (asking.returncode, stderr) == (0, "")
    assert stdout.count("\n") == 1
    answer, expected = json.loads(stdout), json.loads(AnswerOut.model_validate(engine.ask(PORT)).model_dump_json())
    properties = list(AnswerOut.model_json_schema(mode="serialization")["properties"])
    assert list(answer) == [name for name in properties if name != "collections"]  # where no file names any
    assert answer.pop("timings_ms").keys() == expected.pop("timings_ms").keys()
    assert answer == expected


def test_ask_passes_top_k_on(footnote, make_engine):
    answer = json.loads(footnote("ask", PORT, "--top-k", "1", "--json").stdout)
    (hit,) = make_engine(reranker="none").search(PORT, 1).hits
    assert {(one["path"], tuple(one["heading_path"])) for one in answer["citations"]} == {
        (hit.chunk.path, hit.chunk.heading_path)
    }


@pytest.mark.parametrize("command", [["ask", "--top-k", "50"], ["search", "--top-k", "50"]])
@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        (["--path", "guides/", "--tag", "setup"], {"guides/upgrading.md"}),
        (["--tag", "operations", "--tag", "errors"], {"troubleshooting.md"}),
        (["--where", "author.team=platform", "--where", "internal=true"], {"reference/api.md"}),
    ],
)
def test_filters_are_passed_on(footnote, command, filters, paths):
    result = json.loads(footnote(*command, "message", *filters, "--json").stdout)
    shown = result["citations"] if command[0] == "ask" else [hit["chunk"] for hit in result["hits"]]
    assert {one["path"] for one in shown} == paths


def test_ask_names_the_reason_and_the_nearest_sections_when_the_docs_do_not_say(footnote):
    result = footnote("ask", "Who won the football world cup in 1998?", FOOTNOTE_RERANKER="bundled")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["The docs do not say.", "Reason: no passage of the docs is about this question."]
    assert lines[2] == "Searched 8 of 8 files, 12 passages read."
    assert "Nearest sections:" in lines
    assert "Sources" not in result.stdout


def test_ask_says_first_what_is_wrong_with_the_question(footnote):
    shown = footnote("ask", "Why is the default RELAY_PORT 8080?").stdout
    assert shown.startswith(
        "The docs say otherwise: “`RELAY_PORT` is the port that Relay listens on. The default is 7070.”"
    )


def test_ask_shows_what_no_passage_supports(footnote, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It is blue. It costs 5 dollars."
    asking = ("ask", PORT, "--llm", "openai:gpt-4o")
    shown = words(footnote(*asking, FOOTNOTE_LLM_BASE_URL=fake_llm.base_url).stdout)
    assert "It is blue [?]." in shown
    assert "1 of 2 sentences is not proven by the docs: [?]." in shown
    assert "Left out, as the docs do not support it (1): It costs 5 dollars. (5 not in the passage)" in shown
    marked = footnote(*asking, FOOTNOTE_LLM_BASE_URL=fake_llm.base_url, FOOTNOTE_UNSUPPORTED="mark").stdout
    assert "It is blue [?]. It costs 5 dollars [unsupported]." in words(marked)
    assert "2 of 3 sentences name no source" in marked


def test_ask_says_once_that_a_marker_was_removed(footnote, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1][9]. See also [7]."
    asking = ("ask", PORT, "--llm", "openai:gpt-4o")
    asked = footnote(*asking, FOOTNOTE_LLM_BASE_URL=fake_llm.base_url)
    assert "2 citation markers named no source and were removed." in words(asked.stdout)
    assert "See also" not in asked.stdout
    assert asked.stderr == ""


def test_ask_shows_the_second_opinion_and_says_when_there_is_none(footnote, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It is blue [1]."
    opinion = {"number": 1, "sources": [1], "verdict": "contradicted", "reason": "it is another port"}
    fake_llm.filled = json.dumps({"sentences": [opinion, {**opinion, "number": 2, "verdict": "supported"}]})
    asking = ("ask", PORT, "--llm", "openai:gpt-4o")
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_CHECK": "model", "FOOTNOTE_CHECK_LLM": "openai:other"}
    shown = words(footnote(*asking, **env).stdout)
    assert shown.startswith("It is blue [1]. ")
    assert "Relay listens on port 7070. (second opinion: it is another port)" in shown
    assert "642 + 24 tokens" in shown
    fake_llm.filled = "Certainly!"
    shown = words(footnote(*asking, **env).stdout)
    assert shown.startswith("Relay listens on port 7070 [1]. It is blue [2][?].")
    assert "The second opinion: the language model openai:other failed (ValidationError: Invalid JSON" in shown
    assert "What has none was checked by rules alone." in shown
    answer = json.loads(footnote(*asking, "--json", **env).stdout)
    assert answer["check_failed"].startswith("the second opinion: the language model openai:other failed")
    assert answer["sentences"][1]["reason"] == "not found: blue; no second opinion on it"


def test_ask_with_a_language_model_shows_its_quotes_tokens_and_removed_markers(footnote, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1][9]."
    result = footnote("ask", PORT, "--llm", "openai:gpt-4o", FOOTNOTE_LLM_BASE_URL=fake_llm.base_url)
    shown = words(result.stdout)
    assert shown.startswith("Relay listens on port 7070 [1]. Sources [1] configuration.md:")
    assert "1 citation marker named no source and was removed." in shown
    assert "openai:gpt-4o, generation 1, " in shown
    assert "321 + 12 tokens" in shown
    assert "$" not in shown
    assert "The default is 7070." in shown


def test_ask_shows_what_an_answer_cost_where_the_price_is_known(footnote, fake_llm, tmp_path):
    prices = tmp_path / "prices.toml"
    prices.write_text("[cheap]\ninput_usd = 2.5\noutput_usd = 10\n", "utf-8")
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_LLM_PRICES": str(prices)}
    asking = ("ask", PORT, "--llm", "openai:cheap")
    assert words(footnote(*asking, **env).stdout).endswith(", 321 + 12 tokens, $0.0009")
    tokens = json.loads(footnote(*asking, "--json", **env).stdout)["tokens"]
    assert tokens == {"prompt": 321, "completion": 12, "reasoning": 0, "cost_usd": pytest.approx(0.0009225)}
    fake_llm.usage["completion_tokens_details"] = {"reasoning_tokens": 8}
    prices.write_text("[cheap]\ninput_usd = 0.1\noutput_usd = 0.1\n", "utf-8")
    shown = words(footnote(*asking, **env).stdout)
    assert shown.endswith(", 321 + 12 tokens (8 of them reasoning), $0.00003")


def test_search_lists_the_hits_best_first(footnote, make_engine):
    result = footnote("search", PORT, "--top-k", "3")
    hits = make_engine(reranker="none").search(PORT, 3).hits
    numbered = [line for line in result.stdout.splitlines() if line[0] in "123"]
    assert numbered == [
        f"{number}. {hit.chunk.path}:{hit.chunk.start_line}-{hit.chunk.end_line}  {' > '.join(hit.chunk.heading_path)}"
        for number, hit in enumerate(hits, 1)
    ]


def test_search_explain_shows_rank_and_score_of_every_stage(footnote, engine):
    result = footnote("search", PORT, "--explain", "--top-k", "2", FOOTNOTE_RERANKER="bundled")
    assert result.stdout.split()[:6] == ["#", "passage", "BM25", "cosine", "fused", "logit"]
    best = engine.search(PORT, 2).hits[0]
    row = next(line for line in result.stdout.splitlines() if line.startswith("1 "))
    shown = words(row)
    for stage, digits in ((best.lexical, 1), (best.vector, 2), (best.fused, 4), (best.reranked, 1)):
        assert f"{stage.rank} {stage.score:.{digits}f}" in shown


def test_search_json_is_one_document(footnote, make_engine):
    result = footnote("search", PORT, "--top-k", "2", "--json")
    hits = make_engine(reranker="none").search(PORT, 2).hits
    assert json.loads(result.stdout) == {
        "question": PORT,
        "generation": 1,
        "hits": [HitOut.model_validate(hit).model_dump(mode="json") for hit in hits],
        "queries": [],
        "rewrite_failed": None,
    }


def test_search_says_when_nothing_is_found(footnote):
    result = footnote("search", PORT, "--path", "absent/")
    assert (result.exit_code, result.stdout) == (0, "Nothing found.\n")


def test_search_why_not_says_where_a_page_was_lost(footnote, engine):
    result = footnote("search", PORT, "--why-not", "guides/backups.md#schedule", FOOTNOTE_RERANKER="bundled")
    found = engine.why_not(PORT, "guides/backups.md#schedule")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:3] == ["guides/backups.md > Back up and restore > Schedule", found.reason, found.fix]
    assert lines[4].split() == ["stage", "kept", "rank", "score", "lines", "ahead"]
    rows = {line.split()[0]: line.split() for line in lines[5:10]}
    assert list(rows) == ["BM25", "cosine", "fused", "logit", "final"]
    best, ahead = found.stages[1].best, found.stages[1].ahead
    place = f"{ahead.chunk.path}:{ahead.chunk.start_line}-{ahead.chunk.end_line}"
    assert rows["cosine"][1:5] == ["50", f"{best.rank}", f"{best.score:.2f}", "28-30"]
    assert rows["cosine"][5:8] == [f"{ahead.rank}", f"{ahead.score:.2f}", place]
    assert lines[-1].endswith(": listen (in 2), port (in 3), Relay (in 24)")


def test_search_why_not_json_is_one_document_of_the_stated_shape(footnote, make_engine):
    arguments = ["search", PORT, "--why-not", "guides/deleting.md", "--top-k", "1", "--json", "--path", "guides/"]
    shown = json.loads(footnote(*arguments).stdout)
    found = make_engine(reranker="none").why_not(PORT, "guides/deleting.md", 1, QueryFilter("guides/"))
    assert shown == WhyNotOut.model_validate(found).model_dump(mode="json")
    assert (shown["top_k"], shown["lost_to"]) == (1, "top_k")


def test_search_why_not_names_what_may_have_been_meant(footnote):
    result = footnote("search", PORT, "--why-not", "guides/backup.md")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "Did you mean guides/backups.md?"


def test_what_was_searched_beside_the_question_is_shown(footnote, fake_llm):
    fake_llm.text = "1. TCP port of the \x1b[31mservice\n2. listening address"
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_QUERY_REWRITE": "multi", "COLUMNS": "200"}
    queries = ["TCP port of the [31mservice", "listening address"]
    shown = footnote("search", PORT, "--top-k", "1", **env).stdout
    assert shown.splitlines()[-2:] == [f"Searched as well: {query}" for query in queries]
    assert json.loads(footnote("search", PORT, "--json", **env).stdout)["queries"] == queries
    assert f"Searched as well: {queries[0]}" in footnote("ask", PORT, **env).stdout
    explained = json.loads(footnote("search", PORT, "--why-not", "configuration.md", "--json", **env).stdout)
    assert (explained["queries"], explained["rewrite_failed"]) == (queries, None)


def test_a_failed_rewriting_is_said_and_the_question_searched_alone(footnote, fake_llm):
    fake_llm.status = 500
    env = {"FOOTNOTE_QUERY_REWRITE_BASE_URL": fake_llm.base_url, "FOOTNOTE_QUERY_REWRITE": "rewrite"}
    shown = words(footnote("ask", PORT, **env).stdout)
    assert "`RELAY_PORT` is the port that Relay listens on." in shown
    assert "Query rewriting: the language model openai:gpt-4o failed (" in shown
    assert "The question was searched alone." in shown
    found = json.loads(footnote("search", PORT, "--json", **env).stdout)
    assert found["rewrite_failed"].startswith("query rewriting: the language model openai:gpt-4o failed")
    assert found["hits"] == json.loads(footnote("search", PORT, "--json").stdout)["hits"]


@pytest.mark.parametrize("command", [["ask", PORT], ["search", PORT], ["search", PORT, "--why-not", "install.md"]])
def test_rewriting_without_a_language_model_is_an_error_that_names_the_fix(footnote, command):
    result = footnote(*command, FOOTNOTE_QUERY_REWRITE="hyde")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words(result.stderr) == (
        "error: query rewriting: this needs a language model: name one in FOOTNOTE_QUERY_REWRITE_LLM, "
        "such as openai:gpt-4o; or set FOOTNOTE_QUERY_REWRITE=off"
    )


def test_search_needs_no_key_of_a_language_model(footnote):
    assert footnote("search", PORT, FOOTNOTE_LLM="openai:gpt-4o").exit_code == 0


def test_status_says_what_is_there_and_what_built_it(footnote):
    shown = words(footnote("status").stdout)
    assert "generation 1, built " in shown
    assert "files 8" in shown
    assert "skipped none read with a loss none" in shown
    assert f"embedder {BUNDLED} 68807e3ff2ab" in shown
    assert "answers extractive" in shown


@pytest.mark.parametrize(
    ("source", "uncommitted", "told"),
    [
        (None, 0, "docs (commit 0123456789ab of main), read as"),
        (None, 1, "docs (commit 0123456789ab of main, 1 file not as committed), read as"),
        ("git+https://h/r", 1, "r (commit 0123456789ab of main, 1 file read through symlinks or from include roots),"),
        ("git+https://h/r", 2, "main, 2 files read through symlinks or from include roots),"),
    ],
)
def test_status_tells_of_files_that_are_not_as_the_commit_and_why(source, uncommitted, told):
    git = CommitOut(source=source, branch="main", commit="0123456789abcdef", uncommitted=uncommitted)
    with (console := Console(width=200)).capture() as capture:
        console.print(render_status(status_of([]).model_copy(update={"git": git}), chooses=True))
    assert told in words(capture.get())


def test_status_tells_pages_that_were_left_out_from_those_read_with_a_loss():
    skips = [
        Skip("a.md", "front matter not read", "x", "front matter"),
        Skip("b.md", "front matter not read", "y", "front matter"),
        Skip("c.md", "too large", "z"),
        Skip("d", "unreadable folder", "z", "folder"),
    ]
    with (console := Console(width=200)).capture() as capture:
        console.print(render_status(status_of(skips), chooses=True))
    shown = words(capture.get())
    assert "skipped 1 too large, 1 unreadable folder read with a loss 2 front matter not read" in shown
    assert [skip["lost"] for skip in status_of(skips).model_dump()["skipped"]] == ["front matter"] * 2 + [
        "page",
        "folder",
    ]


def test_status_says_what_answers_and_until_when(footnote, fake_llm, monkeypatch):
    monkeypatch.setattr("footnote.app.models.llm.lineup.listing.OPENAI_HOST", "127.0.0.1")
    fake_llm.models = [{"id": "gpt-4o", "shutdown_date": "2099-01-14"}]
    env = {"OPENAI_API_KEY": "sk-very-secret", "OPENAI_BASE_URL": fake_llm.base_url}
    found = json.loads(footnote("status", "--json", **env).stdout)
    assert found["outlook"] == {
        "llm": "openai:gpt-4o",
        "ends": "2099-01-14",
        "successor": "gpt-6-luna",
        "is_said": True,
        "problem": None,
    }
    assert "openai:gpt-4o, until 2099-01-14: then openai:gpt-6-luna" in words(footnote("status", **env).stdout)


def test_status_shows_the_second_model_and_its_share(footnote, fake_llm, tmp_path):
    fake_llm.models = [{"id": "one"}, {"id": "two"}]
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_LLM": "openai:one", "FOOTNOTE_LLM_B": "openai:two"}
    assert json.loads(footnote("status", "--json", **env).stdout)["second_model"] is None
    env["FOOTNOTE_LLM_SPLIT"] = "0.25"
    found = json.loads(footnote("status", "--json", **env).stdout)["second_model"]
    assert (found["llm"], found["share"], found["problem"]) == ("openai:two", 0.25, None)
    assert "second model 25% of the questions: openai:two kept" in words(footnote("status", **env).stdout)
    env["FOOTNOTE_LLM_B"] = "openai:three"
    assert "openai:three; its server does not list it" in words(footnote("status", **env).stdout)
    gone = {"FOOTNOTE_LLM": "a.gguf", "FOOTNOTE_LLM_B_ADAPTER": str(tmp_path), "FOOTNOTE_LLM_SPLIT": "0.5"}
    said = words(footnote("status", **gone).stdout)
    assert f"{tmp_path} is a folder: name in FOOTNOTE_LLM_B_ADAPTER what" in said
    none = {"FOOTNOTE_LLM_B": "openai:two", "FOOTNOTE_LLM_SPLIT": "0.5"}
    assert "compares two language models, but FOOTNOTE_LLM is `extractive`" in words(footnote("status", **none).stdout)


def test_status_json_has_generation_counts_and_fingerprints(footnote, embedder, reranker, fake_llm):
    env = {"OPENAI_API_KEY": "sk-very-secret", "OPENAI_BASE_URL": fake_llm.base_url}
    result = footnote("status", "--json", FOOTNOTE_RERANKER="bundled", **env)
    status = json.loads(result.stdout)
    assert (status["generation"], status["files"], status["skipped"], status["llm"]) == (1, 8, [], "openai:gpt-4o")
    assert status["chunks"] > 8
    assert status["models"] == {
        "embedder": {"name": embedder.fingerprint.name, "sha256": embedder.fingerprint.sha256},
        "reranker": {"name": reranker.fingerprint.name, "sha256": reranker.fingerprint.sha256},
    }
    assert status["settings"]["openai_api_key"] == "**********"
    assert "sk-very-secret" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "exit_code", "message"),
    [
        (["ask", " "], {}, 2, "the question is empty"),
        (["ask", "x", "--where", "team"], {}, 2, "the filter 'team' is not NAME=VALUE"),
        (["ask", "x", "--llm", "gpt-4o"], {}, 2, "FOOTNOTE_LLM=gpt-4o: use `auto`, `extractive`, `provider:model`"),
        (["ask", "x"], {"FOOTNOTE_TOPK": "3"}, 2, "unknown setting FOOTNOTE_TOPK: did you mean FOOTNOTE_TOP_K?"),
        (["status"], {"FOOTNOTE_TOP_K": "many"}, 2, "FOOTNOTE_TOP_K: Input should be a valid integer"),
        (["ask", "x", "--index-dir", "none"], {}, 3, "no index in none: run `footnote ingest` first"),
        (["status", "--index-dir", "none"], {}, 3, "no index in none: run `footnote ingest` first"),
        (["ask", "x"], {"FOOTNOTE_EMBEDDER": "other_model"}, 3, "the embedder now is other_model"),
        (["ask", "x"], {"FOOTNOTE_EMBEDDER": "absent"}, 4, "FOOTNOTE_EMBEDDER=absent: no such folder"),
        (
            ["ask", PORT],
            {"FOOTNOTE_LLM_BASE_URL": "http://127.0.0.1:9", "FOOTNOTE_LLM_FALLBACK": "error"},
            4,
            "is the server running, and FOOTNOTE_LLM_BASE_URL right? Or ask with `--llm extractive`.",
        ),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(footnote, arguments, env, exit_code, message):
    Path("other_model").symlink_to(bundled_folder(BUNDLED))
    result = footnote(*arguments, **env)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    problem = footnote(*arguments, "--json", **env)
    assert problem.exit_code == exit_code
    body = json.loads(problem.stdout)
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["type"].startswith("urn:footnote:problem:")
    assert message in body["detail"]


def test_wrong_usage_is_2(footnote):
    for arguments in (["ask"], ["ask", "x", "--top-k", "0"], ["ask", "x", "--nope"], ["nope"]):
        result = footnote(*arguments)
        assert result.exit_code == 2
        assert "Usage: " in result.stderr


def test_an_unknown_setting_in_the_env_file_is_refused(footnote):
    Path(".env").write_text("FOOTNOTE_EMBEDER=bundled\n", "utf-8")
    result = footnote("status")
    assert result.exit_code == 2
    assert "unknown setting FOOTNOTE_EMBEDER: did you mean FOOTNOTE_EMBEDDER?" in result.stderr


def test_escapes_and_markup_of_a_document_are_printed_as_text(footnote, write_docs, embedder, tmp_path):
    page = "# Colours [red]H[/red]\n\nThe colour is \x1b[31mred\x1b[0m \x1b]0;title\x07and [bold]x[/bold].\n"
    docs = write_docs(tmp_path / "[red]docs", {"[blue]a.md": page})
    ingest(load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index"), lambda *_: None, embedder)
    asked, listed, explained, status = (
        footnote(*arguments, index_dir=tmp_path / "index")
        for arguments in (
            ["ask", "Which colour is it?"],
            ["search", "colour"],
            ["search", "colour", "--explain"],
            ["status"],
        )
    )
    for result in (asked, listed, explained, status):
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
        assert "\x07" not in result.stdout
    assert "The colour is [31mred[0m ]0;titleand [bold]x[/bold]. [1]" in words(asked.stdout)
    assert "[blue]a.md:3-3 Colours [red]H[/red]" in words(asked.stdout)
    assert "[bold]x[/bold]." in listed.stdout
    assert "Colours [red]H[/red]" in words(explained.stdout)
    assert str(docs) in "".join(status.stdout.split())


def test_an_error_prints_markup_as_text(footnote):
    result = footnote("ask", "x", "--path", "!\x1b[31m[bold]x")
    assert "[31m[bold]x" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_has_an_example_that_names_it(footnote, command):
    result = footnote(command, "--help")
    assert result.exit_code == 0
    assert f"footnote {command}" in result.stdout.partition("Example")[2]


def _helps(command, path=()):
    """What each command below says at its end, as it is written and by the words that call it."""
    if command.epilog:
        yield path, command.epilog
    for name, below in getattr(command, "commands", {}).items():
        yield from _helps(below, (*path, name))


def test_no_help_loses_what_it_has_in_square_brackets(footnote):
    found = {path: epilog for path, epilog in _helps(typer.main.get_command(app)) if "[" in epilog}
    assert ("tune-llm", "check") in found
    for path, epilog in found.items():
        shown = words(footnote(*path, "--help").stdout)
        for bracketed in re.findall(r"\[[^\]]+\]", epilog.replace("\\[", "[")):
            assert bracketed in shown, (path, bracketed)


def test_help_names_every_command_and_the_exit_codes(footnote):
    shown = words(footnote("--help").stdout)
    assert all(command in shown for command in COMMANDS)
    assert (
        "Exit codes: 0 done, 1 failed, 2 usage or setting, 3 index, 4 model, 5 port in use, 130 interrupted." in shown
    )
    assert "footnote ask" in shown


def test_version_needs_no_index():
    asking = process("--version", stdout=subprocess.PIPE)
    assert (asking.communicate(timeout=60)[0], asking.returncode) == ("footnote 0.1.0\n", 0)


def test_ctrl_c_while_the_command_line_is_loaded_is_no_error():
    program = """
import os, signal, sys
class Presses:
    def find_spec(self, name, path, target=None):
        if name == "footnote.app.cli.main":
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Presses())
from footnote.app.__main__ import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted\n")


def test_ctrl_c_ends_with_130_and_a_word(guide_index, fake_llm):
    fake_llm.silent.set()
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_RERANKER": "none"}
    asking = process(
        "ask", PORT, "--index-dir", str(guide_index.index_dir), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not fake_llm.received and asking.poll() is None:
        time.sleep(0.01)
    asking.send_signal(signal.SIGINT)
    stdout, stderr = asking.communicate(timeout=60)
    assert (asking.returncode, stdout, stderr) == (130, "", "interrupted\n")


def test_ctrl_c_with_json_prints_a_problem(guide_index, fake_llm):
    fake_llm.silent.set()
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_RERANKER": "none"}
    arguments = ["ask", PORT, "--index-dir", str(guide_index.index_dir), "--json"]
    asking = process(*arguments, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not fake_llm.received and asking.poll() is None:
        time.sleep(0.01)
    asking.send_signal(signal.SIGINT)
    stdout, stderr = asking.communicate(timeout=60)
    problem = {"type": "urn:footnote:problem:interrupted", "title": "Interrupted", "status": None}
    assert json.loads(stdout) == {**problem, "detail": "interrupted"}
    assert (asking.returncode, stderr) == (130, "")


@pytest.mark.parametrize("still_runs", ["threading.Thread(target=wait).start()", "atexit.register(wait)"])
def test_ctrl_c_that_is_pressed_again_ends_with_130_too(still_runs):
    program = f"""
import atexit, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
def wait():
    time.sleep(0.5)
    print("waited", flush=True)
from footnote.app.cli import main
def app(prog_name):
    {still_runs}
    print("runs", flush=True)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        sys.exit(130)
main.app = app
sys.argv = ["footnote", "status"]
from footnote.app.__main__ import main
main()
"""
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    read_until(running.stdout, "runs")
    for _ in range(3):
        running.send_signal(signal.SIGINT)
        time.sleep(0.1)
    stderr = running.communicate(timeout=60)[1]
    assert (running.returncode, stderr) == (130, "")


def read_until(stream, wanted):
    """What a process prints until it has printed this."""
    shown = ""
    while wanted not in shown:
        character = stream.read(1)
        assert character, shown
        shown += character
    return shown


def test_an_answer_is_printed_as_it_is_written_and_ctrl_c_ends_its_line(guide_index, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It is blue. And it is green."
    fake_llm.pause_at = 8
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_RERANKER": "none"}
    arguments = ["ask", PORT, "--index-dir", str(guide_index.index_dir)]
    asking = process(*arguments, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    shown = read_until(asking.stdout, "7070 [1].")
    asking.send_signal(signal.SIGINT)
    stdout, stderr = asking.communicate(timeout=60)
    assert (shown + stdout, stderr) == ("Relay listens on port 7070 [1].\n", "interrupted\n")
    assert asking.returncode == 130
    assert fake_llm.hung_up.wait(60)


def test_what_is_printed_as_it_is_written_is_what_is_printed_at_once(footnote, fake_llm):
    fake_llm.text = (
        "Yes. Relay listens on port 7070 [1]. It is blue.\n\nSettings:\n\n1. `RELAY_PORT` is the port [1].\n2. Red\n"
        "\n```sh\nrelay\n```\n[1]\n\n**Note**\n\nIt is\ngreen."
    )
    asking = ("ask", PORT, "--llm", "openai:gpt-4o")
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url}
    result = footnote(*asking, **env)
    held = footnote(*asking, FOOTNOTE_UNSUPPORTED="mark", **env)
    assert (result.exit_code, held.exit_code) == (0, 0)
    answer = json.loads(footnote(*asking, "--json", **env).stdout)["answer"]
    assert " ".join(answer.replace("**Note**", "Note").split()) in words(result.stdout)
    assert result.stdout.count("It is blue") == 1


def test_a_failure_on_the_way_ends_the_line_first(guide_index, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It is blue. And it is green."
    fake_llm.breaks_at = 8
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_RERANKER": "none", "FOOTNOTE_LLM_FALLBACK": "error"}
    arguments = ["ask", PORT, "--index-dir", str(guide_index.index_dir)]
    asking = process(*arguments, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    stdout, stderr = asking.communicate(timeout=60)
    assert (asking.returncode, stdout) == (4, "Relay listens on port 7070 [1].\n")
    assert stderr.startswith("error: the language model openai:gpt-4o failed (")


def test_a_reader_that_closes_early_is_no_error(guide_index):
    reading, writing = os.pipe()
    os.close(reading)
    env = {"FOOTNOTE_INDEX_DIR": str(guide_index.index_dir)}
    asking = process("status", "--json", env=env, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (asking.communicate(timeout=60)[1], asking.returncode) == ("", 0)
