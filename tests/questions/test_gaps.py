"""What the docs lack: grouping by meaning, and the questions' way in (ask, POST /query, POST /feedback) and out."""

import asyncio
import json
import shutil
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.cli.render_gaps import render_gaps
from footnote.app.core.errors import QuestionLogError
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.questions.gaps import asked_questions, bundled_embedder, find_gaps, still_refused
from footnote.app.questions.question_log import QUESTION_LOG, Heading, KeptQuestion, QuestionLog
from footnote.app.retrieval.gate import NOTHING_FITS
from footnote.app.schemas.gaps import AskedQuestionOut, GapOut, GapsOut, HeadingOut, RemarkOut
from footnote.ingest.flow import ingest

CUP = "Who won the football world cup in 1998?"
PORT = "Which port does Relay listen on?"
NOW = 1_800_000_000
CITED = (Heading("a.md", ()),)
SIZES = [
    "Can I cap the size of the download cache?",
    "max size limit for the download cache",
    "How do I limit the size of the download cache?",
]
CIRCLE = ["Is there an official CircleCI orb?", "using it in circleci, is there an orb"]


@pytest.fixture(scope="module")
def grouper():
    return bundled_embedder(load_settings(env_file=None).models.threads)


def refused(question, asked_s=NOW, by="gate", mode="extractive", nearest=()):
    return KeptQuestion(asked_s, "refused", question, by, NOTHING_FITS, 1, mode, mode, nearest)


def said(question, kind="unhelpful", asked_s=NOW, **more):
    return KeptQuestion(asked_s, kind, question, **more)


def gaps_of(grouper, *kept):
    return find_gaps(asked_questions(kept), grouper)


def test_what_is_said_of_a_refusal_is_no_second_asking_and_can_be_judged_by_asking_again():
    (asked,) = asked_questions([refused(CUP), said(CUP, comment="The winner.")])
    assert (asked.count, asked.unhelpful, asked.refused_by_gate) == (1, 0, True)
    (asked,) = asked_questions([refused(CUP), said(CUP, nearest=CITED)])
    assert (asked.count, asked.unhelpful, asked.refused_by_gate) == (2, 1, False)
    (asked,) = asked_questions([said(CUP)])
    assert (asked.count, asked.refused_by_gate) == (1, False)


def test_questions_of_one_meaning_are_one_gap_and_the_most_asked_comes_first(grouper):
    kept = [*map(refused, CIRCLE), *[refused(CUP)] * 4, *map(refused, SIZES)]
    first, second, third = gaps_of(grouper, *kept)
    assert (first.question, first.examples) == (CUP, ())
    assert {second.question, *(example.question for example in second.examples)} == set(SIZES)
    assert {third.question, *(example.question for example in third.examples)} == set(CIRCLE)
    assert [(gap.count, gap.questions) for gap in (first, second, third)] == [(4, 1), (3, 3), (2, 2)]


def test_questions_on_one_subject_with_other_answers_stay_apart(grouper):
    others = ["Is the download cache shared between users?", "Where does the download cache lie on disk?"]
    found = gaps_of(grouper, *map(refused, [*SIZES, *others]))
    assert [gap.questions for gap in found] == [3, 1, 1]


def test_the_order_in_which_they_were_asked_changes_nothing_but_that(grouper):
    kept = [*map(refused, CIRCLE), refused(CUP), *map(refused, SIZES)]
    assert gaps_of(grouper, *kept) == gaps_of(grouper, *reversed(kept))


def test_the_label_is_the_most_central_question(grouper, embedder):
    questions = [*SIZES, "download cache size limit, how?"]
    vectors = np.array([embedder.embed_query(question) for question in questions])
    central = questions[int((vectors @ vectors.T).mean(axis=0).argmax())]
    (gap,) = gaps_of(grouper, *map(refused, questions))
    assert gap.question == central != min(questions)
    (asked_more,) = gaps_of(grouper, *map(refused, questions), *[refused(SIZES[1])] * 5)
    assert (asked_more.question, asked_more.count, asked_more.questions) == (SIZES[1], 9, 4)


def test_questions_are_the_same_whatever_their_case_spaces_and_end_marks():
    spellings = ["How do I PRUNE it?", " how do i  prune it", "How do I prune it ?!", "How do I prune it?"]
    (asked,) = asked_questions([*map(refused, spellings), refused("How do I prune it?")])
    assert (asked.question, asked.count) == ("How do I prune it?", 5)
    assert len(asked_questions([refused("Is it on?"), refused("Is it off?")])) == 2


def test_as_many_of_each_kind_are_counted(grouper):
    kept = [
        refused("a?", NOW + 1),
        refused("A", NOW),
        said("a", asked_s=NOW + 2, nearest=CITED),
        said("a", "helpful", NOW + 9),
    ]
    (gap,) = gaps_of(grouper, *kept)
    assert (gap.count, gap.refused, gap.unhelpful, gap.helpful) == (3, 2, 1, 1)
    assert gap.last_asked == datetime.fromtimestamp(NOW + 2, UTC).isoformat()


def test_what_was_only_helpful_or_passed_no_filter_is_no_gap():
    assert asked_questions([said("a", "helpful"), refused("b", by="filter")]) == []


def test_of_as_many_askings_the_newest_gap_comes_first(grouper):
    found = gaps_of(grouper, refused(CUP, NOW), refused(SIZES[0], NOW + 5), refused(CIRCLE[0], NOW + 1))
    assert [gap.question for gap in found] == [SIZES[0], CIRCLE[0], CUP]


def test_the_nearest_headings_are_those_named_most_often_and_first(grouper):
    a, b, c, d = (Heading(f"{name}.md", ("Top", name)) for name in "abcd")
    kept = [refused("q", nearest=(d, b, a)), refused("q", nearest=(b, c)), refused("q", nearest=(b, a))]
    kept.append(said("q", "helpful", nearest=(c, c, c)))
    (gap,) = gaps_of(grouper, *kept)
    assert gap.nearest == (b, d, a)  # 2.5, 1, 0.83; c has 0.5


def test_three_examples_the_most_asked_first_and_three_remarks_the_newest_first(grouper):
    more = [*SIZES, "limit the size of the download cache", "Can the size of the download cache be limited?"]
    kept = [refused(question) for number, question in enumerate(more) for _ in range(number + 1)]
    kept += [said(more[4], asked_s=NOW + number, comment=f"no {number}") for number in range(4)]
    kept += [said(more[4], asked_s=NOW + 9)]
    (gap,) = gaps_of(grouper, *kept)
    counts = [example.count for example in gap.examples]
    assert (len(counts), counts) == (3, sorted(counts, reverse=True))
    assert gap.question not in [example.question for example in gap.examples]
    assert [(remark.question, remark.comment) for remark in gap.remarks] == [
        (more[4], "no 3"),
        (more[4], "no 2"),
        (more[4], "no 1"),
    ]


def test_progress_is_told_of_each_stage(grouper):
    told = []
    find_gaps(asked_questions([refused("a"), refused("b")]), grouper, lambda *step: told.append(step))
    assert told[:2] == [("embed", 1, 2), ("embed", 2, 2)]
    assert told[-1] == ("group", 2, 2)


def test_what_is_answered_now_is_left_out(engine):
    asked = asked_questions([refused(PORT), refused(CUP)])
    told = []
    left = still_refused(asked, engine, lambda *step: told.append(step))
    assert [question.question for question in left] == [CUP]
    assert told == [("ask", 1, 2), ("ask", 2, 2)]


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        (refused(PORT, mode="llm", by="model"), True),
        (said(PORT, nearest=CITED), True),
        (said(PORT), False),
        (refused(PORT, mode="llm"), False),
        (refused(PORT, mode="llm", by="gate"), False),
        (said(PORT, "helpful"), False),
    ],
)
def test_what_asking_again_cannot_judge_stays(engine, more, stays):
    asked = asked_questions([refused(PORT), more])
    assert bool(still_refused(asked, engine)) == stays


def test_a_question_that_is_too_long_by_now_stays(make_engine):
    asked = asked_questions([refused(PORT)])
    assert still_refused(asked, make_engine(max_question_chars=10)) == asked


@pytest.fixture
def index_dir(guide_index, tmp_path):
    """The corpus' index, in a folder of its own."""
    return shutil.copytree(guide_index.index_dir, tmp_path / "index", ignore=shutil.ignore_patterns(f"{QUESTION_LOG}*"))


@pytest.fixture
def footnote(index_dir):
    def run(*arguments, **env):
        return CliRunner().invoke(app, arguments, env={"FOOTNOTE_INDEX_DIR": str(index_dir), **env})

    return run


def words(text):
    return " ".join(text.split())


def test_a_question_that_is_refused_is_a_gap(footnote, index_dir, engine):
    footnote("ask", PORT)
    assert not (index_dir / QUESTION_LOG).exists()
    for question in (CUP, f"{CUP}?"):
        assert footnote("ask", question).stderr == ""
    result = footnote("gaps", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    gaps = json.loads(result.stdout)
    assert gaps == json.loads(GapsOut.model_validate(gaps).model_dump_json())
    (gap,) = gaps["gaps"]
    places = [(section.path, section.heading_path) for section in engine.ask(CUP).nearest]
    assert (gap["question"], gap["count"], gap["questions"], gap["examples"]) == (CUP, 2, 1, [])
    assert {(near["path"], tuple(near["heading_path"])) for near in gap["nearest"]} == set(places[:3])
    assert (gaps["count"], gaps["questions"], gaps["answered_now"], gaps["not_shown"]) == (2, 1, None, 0)
    best = gap["nearest"][0]
    shown = words(footnote("gaps").stdout)
    assert shown.startswith(f"1. {CUP} asked 2x (2 refused), 1 question, last ")
    assert f"near: {best['path']} {' > '.join(best['heading_path'])}" in shown


def test_nothing_unanswered_is_a_friendly_line(footnote, index_dir):
    result = footnote("gaps")
    assert (result.exit_code, result.stdout) == (0, "Nothing that was asked is unanswered.\n")
    result = footnote("gaps", FOOTNOTE_KEEP_QUESTIONS="false")
    assert (result.exit_code, result.stdout.count("FOOTNOTE_KEEP_QUESTIONS is off")) == (0, 1)
    assert json.loads(footnote("gaps", "--json", "--index-dir", "absent").stdout)["gaps"] == []
    assert not (index_dir / QUESTION_LOG).exists()


def test_with_keeping_off_nothing_is_written(footnote, index_dir):
    before = sorted(index_dir.iterdir())
    result = footnote("ask", CUP, FOOTNOTE_KEEP_QUESTIONS="false", FOOTNOTE_KEEP_USAGE="false")
    assert result.stdout.startswith("The docs do not say.")
    assert sorted(index_dir.iterdir()) == before


def test_a_log_that_cannot_be_written_changes_no_answer(footnote, index_dir, caplog):
    (index_dir / QUESTION_LOG).mkdir()
    result = footnote("ask", CUP, "--json")
    assert (result.exit_code, json.loads(result.stdout)["refused"]) == (0, True)
    assert [record.getMessage()[:32] for record in caplog.records] == ["a refused question is not kept: "]
    failed = footnote("gaps", "--json")
    assert (failed.exit_code, json.loads(failed.stdout)["type"]) == (1, "urn:footnote:problem:question-log")


def test_ask_leaves_out_what_a_new_page_answers(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# Relay\n\nRelay listens on port 7070.\n"})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)

    def run(*arguments):
        result = CliRunner().invoke(app, [*arguments, "--index-dir", str(tmp_path / "index")])
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    run("ask", CUP)
    run("ask", "What is the capital of Australia?")
    assert json.loads(run("gaps", "--ask", "--json"))["answered_now"] == 0
    write_docs(docs, {"b.md": "# Football\n\nFrance won the football world cup in 1998.\n"})
    ingest(settings, lambda *_: None, embedder)
    QuestionLog(tmp_path / "index", 90).keep_feedback(PORT, helpful=False)
    gaps = json.loads(run("gaps", "--ask", "--json"))
    assert {gap["question"] for gap in gaps["gaps"]} == {"What is the capital of Australia?", PORT}
    assert (gaps["answered_now"], gaps["not_judged"], gaps["count"], gaps["questions"]) == (1, 1, 2, 2)
    shown = words(run("gaps", "--ask"))
    assert "1 question left out: answered now." in shown
    assert "1 question kept without asking" in shown


def test_days_and_top_leave_out_and_say_so(footnote, index_dir):
    now_s = time.time()
    for question, days_ago in ((CUP, 0), (SIZES[0], 3), (CIRCLE[0], 30)):
        QuestionLog(index_dir, 90, lambda days_ago=days_ago: now_s - days_ago * 86_400).keep_feedback(question, False)

    def shown(*options):
        gaps = json.loads(footnote("gaps", "--json", *options).stdout)
        return [gap["question"] for gap in gaps["gaps"]], gaps["not_shown"], gaps["count"]

    assert shown() == ([CUP, SIZES[0], CIRCLE[0]], 0, 3)
    assert shown("--days", "4") == ([CUP, SIZES[0]], 0, 2)
    assert shown("--top", "1") == ([CUP], 2, 3)
    assert "2 more: raise --top." in footnote("gaps", "--top", "1").stdout


def test_clear_deletes_all_and_says_how_many(footnote, index_dir):
    footnote("ask", CUP)
    QuestionLog(index_dir, 90).keep_feedback(PORT, helpful=True)
    result = footnote("gaps", "--clear")
    assert (result.exit_code, result.stdout) == (0, "2 kept questions and remarks deleted\n")
    assert json.loads(footnote("gaps", "--json").stdout)["gaps"] == []
    assert footnote("gaps", "--clear", "--json").stdout == '{"deleted": 0}\n'


@pytest.mark.parametrize("also", [["--ask"], ["--days", "3"], ["--top", "3"]])
def test_clear_goes_with_nothing_else(footnote, index_dir, also):
    footnote("ask", CUP)
    result = footnote("gaps", "--clear", *also)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "it deletes all questions" in result.stderr
    assert json.loads(footnote("gaps", "--json").stdout)["count"] == 1


@pytest.mark.parametrize("arguments", [["--days", "0"], ["--top", "0"], ["more"]])
def test_wrong_usage_of_gaps_is_2(footnote, arguments):
    assert footnote("gaps", *arguments).exit_code == 2


def test_ask_needs_an_index_where_there_is_something_to_ask(footnote, index_dir):
    footnote("ask", CUP)
    (index_dir / "CURRENT").unlink()
    result = footnote("gaps", "--ask")
    assert (result.exit_code, "run `footnote ingest` first" in result.stderr) == (3, True)
    assert footnote("gaps").exit_code == 0


@pytest.fixture
def three_gaps(index_dir):
    """Kept questions of three gaps: the size of a cache, CircleCI, and the football cup."""
    log = QuestionLog(index_dir, 90)
    for question in (*SIZES, SIZES[0].upper(), *CIRCLE, CUP):
        log.keep_feedback(question, helpful=False)
    return log


def listed(footnote):
    return [gap["question"] for gap in json.loads(footnote("gaps", "--json").stdout)["gaps"]]


@pytest.mark.parametrize("by", ["number", "label", "another spelling"])
def test_one_gap_is_dismissed_and_the_others_stay(footnote, three_gaps, by):
    sizes, circle, cup = listed(footnote)
    name = {"number": "1", "label": sizes, "another spelling": f" {SIZES[1].upper()}!"}[by]
    result = footnote("gaps", "--dismiss", name)
    assert (result.exit_code, result.stdout) == (0, f"dismissed: {sizes} (3 questions, asked 4x)\n")
    assert listed(footnote) == [circle, cup]
    three_gaps.keep_feedback(SIZES[0], helpful=False)
    assert SIZES[0] in listed(footnote)
    assert json.loads(footnote("gaps", "--json").stdout)["count"] == 4


def test_a_dismissal_as_json(footnote, three_gaps):
    label = listed(footnote)[1]
    result = footnote("gaps", "--dismiss", "2", "--json")
    assert json.loads(result.stdout) == {"question": label, "questions": 2, "dismissed": 2}


@pytest.mark.parametrize("name", ["0", "4", "²", "Why?", ""])
def test_a_gap_that_is_none_cannot_be_dismissed(footnote, three_gaps, name):
    result = footnote("gaps", "--dismiss", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no gap has the question or the number {name!r}: `footnote gaps` lists them" in result.stderr
    assert len(listed(footnote)) == 3


def test_without_questions_there_is_no_gap_to_dismiss(footnote):
    assert footnote("gaps", "--dismiss", "1").exit_code == 2


@pytest.mark.parametrize("also", [["--days", "7"], ["--top", "1"], ["--ask"], ["--clear"]])
def test_dismiss_goes_with_nothing_else(footnote, three_gaps, also):
    result = footnote("gaps", "--dismiss", "1", *also)
    assert (result.exit_code, len(listed(footnote))) == (2, 3)
    assert "--dismiss takes neither" in result.stderr or "--clear takes neither" in result.stderr


def test_a_dismissed_question_is_printed_as_text(footnote, index_dir):
    QuestionLog(index_dir, 90).keep_feedback("[red]x[/red] \x1b[31m?", helpful=False)
    assert footnote("gaps", "--dismiss", "1").stdout.startswith("dismissed: [red]x[/red] [31m? (1 question,")


def test_untrusted_text_is_printed_as_text(footnote, index_dir):
    evil = "\x1b]0;title\x07[bold]x[/bold]\n\u202eAnd"
    log = QuestionLog(index_dir, 90)
    log.keep_feedback(evil, False, (Heading(f"{evil}.md", (evil,)),), evil, evil)
    log.keep_feedback(f"{evil} more", False)
    result = footnote("gaps")
    assert result.exit_code == 0
    assert not set(result.stdout) & {"\x1b", "\x07", "\u202e"}
    assert words(result.stdout).count("]0;title[bold]x[/bold] And") >= 4


def test_a_long_remark_is_shortened():
    long = "word " * 200
    gap = GapOut(
        question=long,
        count=1,
        refused=0,
        unhelpful=1,
        helpful=0,
        questions=1,
        last_asked="2026-11-21T19:27:18+00:00",
        examples=[AskedQuestionOut(question=long, count=1, last_asked="")],
        nearest=[HeadingOut(path="a.md", heading_path=[])],
        remarks=[RemarkOut(question="q", comment=long, answer=None)],
    )
    from rich.console import Console

    console = Console(width=2000)
    with console.capture() as captured:
        console.print(
            render_gaps(
                GapsOut(count=1, questions=1, answered_now=None, not_judged=None, gaps=[gap], not_shown=0), True
            )
        )
    lines = [line.strip() for line in captured.get().splitlines()]
    assert lines[1] == "asked 1x (1 not helpful), 1 question, last 2026-11-21 19:27:18 UTC"
    assert [len(lines[0]), len(lines[2]), len(lines[3])] == [303, 306, 306]
    assert lines[4] == "near: a.md"


PROBLEM = "urn:footnote:problem:"


def until_ready(client):
    for _ in range(3000):
        if client.get("/health/ready").status_code == 200:
            return client
        time.sleep(0.01)
    pytest.fail("waited for 30 s")


@pytest.fixture
def client(index_dir):
    with TestClient(create_app(load_settings(env_file=None, index_dir=index_dir))) as client:
        yield until_ready(client)


@pytest.fixture
def loading_client(index_dir):
    """A client of a service that never loads: feedback needs neither index nor models."""
    return TestClient(create_app(load_settings(env_file=None, index_dir=index_dir)))


@pytest.fixture
def kept(index_dir):
    return lambda: QuestionLog(index_dir, 90).read()


def test_a_query_that_is_refused_is_kept(client, kept):
    assert not client.post("/query", json={"question": PORT}).json()["refused"]
    answer = client.post("/query", json={"question": f" {CUP} "}).json()
    (one,) = kept()
    assert (one.kind, one.question, one.reason) == ("refused", CUP, answer["refusal_reason"])
    assert (one.mode, one.generation, len(one.nearest)) == ("extractive", 1, 4)


def test_a_search_is_not_kept(client, kept):
    client.get("/search", params={"q": CUP})
    assert kept() == []


def test_a_query_is_kept_off_the_event_loop(client):
    loops = []

    def keep_refusal(answer):
        try:
            loops.append(asyncio.get_running_loop())
        except RuntimeError:
            loops.append(None)

    (hosted,) = client.app.state.collections
    hosted.keeping = SimpleNamespace(keep=lambda answer, from_cache: keep_refusal(answer), close=lambda: None)
    client.post("/query", json={"question": CUP})
    assert loops == [None]


def test_a_log_that_cannot_be_written_fails_no_query(client, index_dir, caplog):
    (index_dir / QUESTION_LOG).mkdir()
    for _ in range(2):
        response = client.post("/query", json={"question": CUP})
        assert (response.status_code, response.json()["refused"]) == (200, True)
    assert sum("is not kept" in record.getMessage() for record in caplog.records) == 1
    failed = client.post("/feedback", json={"question": "x", "helpful": False})
    assert (failed.status_code, failed.json()["type"]) == (500, PROBLEM + "question-log")


def test_feedback_is_kept(client, kept):
    answer = client.post("/query", json={"question": PORT}).json()
    feedback = {
        "question": f"{PORT}\n",
        "helpful": False,
        "comment": "No.",
        "answer": answer["answer"],
        "citations": answer["citations"],
    }
    response = client.post("/feedback", json=feedback)
    assert (response.status_code, response.content) == (204, b"")
    assert client.post("/feedback", json={"question": PORT, "helpful": True}).status_code == 204
    down, up = kept()
    cited = tuple(dict.fromkeys(Heading(one["path"], tuple(one["heading_path"])) for one in answer["citations"]))
    assert cited[0] == Heading("configuration.md", ("Configuration", "Network"))
    assert (down.kind, down.question, down.answer, down.comment) == ("unhelpful", PORT, answer["answer"], "No.")
    assert down.nearest == cited
    assert (up.kind, up.question, up.answer, up.nearest) == ("helpful", PORT, None, ())


def test_feedback_of_half_characters_and_escapes_is_no_failure(loading_client, kept):
    for text in ("\\ud800", "\\u0000\\u001b"):
        body = f'{{"question": "x{text}", "helpful": false, "comment": "{text}", "citations": [{{"path": "{text}"}}]}}'
        response = loading_client.post("/feedback", content=body, headers={"content-type": "application/json"})
        assert response.status_code in (204, 422)
    assert kept()[-1].question == "x\x00\x1b"


@pytest.mark.parametrize(
    ("body", "slug", "detail"),
    [
        ({"question": " ", "helpful": False}, "bad-question", "the question is empty"),
        ({"question": "x" * 2001, "helpful": True}, "bad-question", "FOOTNOTE_MAX_QUESTION_CHARS allows 2,000"),
        ({"question": "x"}, "invalid-request", "helpful: Field required"),
        ({"helpful": True}, "invalid-request", "question: Field required"),
        ({"question": "x", "helpful": "no"}, "invalid-request", "helpful: Input should be a valid boolean"),
        ({"question": "x", "helpful": True, "stars": 5}, "invalid-request", "stars: Extra inputs are not permitted"),
        ({"question": "x", "helpful": True, "comment": "x" * 2001}, "invalid-request", "comment: "),
        ({"question": "x", "helpful": True, "answer": "x" * 4001}, "invalid-request", "answer: "),
        ({"question": "x", "helpful": True, "citations": ["a.md"]}, "invalid-request", "citations.0: "),
        (
            {"question": "x", "helpful": True, "citations": [{"path": "x" * 1001}]},
            "invalid-request",
            "citations.0.path",
        ),
        ({"question": "x", "helpful": True, "citations": [{"path": "x"}] * 51}, "invalid-request", "citations: "),
    ],
)
def test_wrong_feedback_is_a_problem(loading_client, kept, body, slug, detail):
    response = loading_client.post("/feedback", json=body)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["type"] == PROBLEM + slug
    assert detail in response.json()["detail"]
    assert kept() == []


def test_with_keeping_off_the_service_keeps_nothing(index_dir):
    before = sorted(index_dir.iterdir())
    settings = load_settings(env_file=None, index_dir=index_dir, keep_questions=False, keep_usage=False)
    with TestClient(create_app(settings)) as client:
        assert until_ready(client).post("/query", json={"question": CUP}).json()["refused"]
        response = client.post("/feedback", json={"question": "x", "helpful": False})
    assert (response.status_code, response.json()["type"]) == (403, PROBLEM + "feedback-off")
    assert "set FOOTNOTE_KEEP_QUESTIONS=true" in response.json()["detail"]
    assert sorted(index_dir.iterdir()) == before


def test_the_openapi_document_describes_feedback(loading_client):
    route = loading_client.get("/openapi.json").json()["paths"]["/feedback"]["post"]
    assert set(route["responses"]) == {"204", "401", "403", "404", "413", "415", "422", "429", "500"}
    assert all("application/problem+json" in route["responses"][status]["content"] for status in ("403", "422", "500"))


def test_the_title_of_the_problem_names_the_log():
    assert QuestionLogError("x").title == "Question log"
