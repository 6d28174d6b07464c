"""Reports: JSON that is read back, JUnit XML, and a page that nothing escapes from."""

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from rich.console import Console

from footnote.app.core.errors import BaselineError
from footnote.app.core.html import element
from footnote.app.core.types import StageScore
from footnote.app.evaluation.comparing.against import against
from footnote.app.evaluation.comparing.compare import ScoredQuestion, Tolerances, compare
from footnote.app.evaluation.reports.html import run_html
from footnote.app.evaluation.reports.junit import run_junit
from footnote.app.evaluation.reports.report import Report
from footnote.app.evaluation.reports.saved import read_baseline, run_json
from footnote.app.evaluation.reports.table import render_run
from footnote.app.evaluation.types import Run, Unscored
from tests.evaluation.builders import SETUP, make_missed, make_question, make_result, make_run

HOSTILE = "<script>alert(1)</script>\"'&]]><b onload=x>[red]\x1b[31m\x00"


@pytest.fixture
def report():
    """A miss, a stale and a failed question, and a fall against a baseline."""
    missed = make_missed(HOSTILE)
    stale = make_result("s", status="stale", problem=HOSTILE)
    failed = make_result("f", status="failed", problem=HOSTILE)
    good = [make_result(str(n), {"m": 0.0, "n": 0.99, "refusal/recall": 1.0}) for n in range(6)]
    all_right = {"m": 1.0, "n": 1.0, "refusal/recall": 1.0}
    before = [ScoredQuestion(one.id, one.fingerprint, all_right) for one in map(ScoredQuestion.of, good)]
    comparison = compare(HOSTILE, before, [ScoredQuestion.of(one) for one in good], Tolerances())
    return Report.of(make_run(missed, stale, failed, *good), comparison)


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text; fails where they are not nested."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text, self._open = [], "", []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, text):
        self.text += text


def test_a_page_holds_the_docs_text_as_text_and_nothing_else(report):
    page = Page(run_html(report))
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "b", "img", "link", "iframe", "a", "base", "form", "object"})
    names = {name for _, attributes in page.elements for name in attributes}
    assert not any(name.startswith("on") or name in ("style", "src", "href") for name in names)
    shown = HOSTILE.replace("\x1b", "").replace("\x00", "")
    # The question, its miss, origin, tag, label, reference, answer, citation, passage; stale, failed, baseline.
    assert page.text.count(shown) >= 14
    assert "\x1b" not in page.text


def test_a_pages_policy_allows_its_one_style_alone(report):
    text = run_html(report)
    (policy,) = [a["content"] for tag, a in Page(text).elements if a.get("http-equiv") == "Content-Security-Policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "http://" not in text and "https://" not in text and "url(" not in text


def test_a_page_shows_a_miss_with_the_ranks_of_every_stage(report):
    text = Page(run_html(report)).text
    assert "Misses (1)" in text
    assert "#passagelexicalvectorfusedrerankedgoldbegins" in text
    assert "-2 (0.5)7 (0.25)-passage" in text
    assert "1 of 3 metrics fell, on 6 questions of <script>" in text
    assert "Stale: the label does not match the docs (1)" in text


def test_an_attribute_cannot_be_left():
    page = Page(element("p", "text", class_='"><script>', data_name="a"))
    assert page.elements == [("p", {"class": '"><script>', "data-name": "a"})]


def test_a_pages_charts_end_where_the_values_do(report):
    page = Page(run_html(report))
    bars = [float(attributes["width"]) for tag, attributes in page.elements if tag == "rect"]
    assert bars
    assert all(0 <= width <= 360 for width in bars)
    assert 360 in bars  # refusal/recall is 1


def test_junit_has_a_case_a_question_and_a_metric(report):
    root = ElementTree.fromstring(run_junit(report))
    questions, metrics = root
    counted = [(suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) for suite in root]
    assert counted == [("9", "0", "1", "1"), ("3", "1", "0", "0")]
    missed, stale, failed, *good = questions
    assert missed.find("system-out").text.startswith("miss: <script>")
    assert missed.get("time") == "0.012"
    assert stale.find("skipped").get("message").startswith("stale: <script>")
    assert failed.find("error").get("message").startswith("<script>")
    assert [list(case) for case in good] == [[]] * 6
    fell, within, held = metrics
    assert within.find("system-out").text.startswith("1.0000 before, 0.9900 now, ")
    assert (fell.get("name"), fell.find("failure").get("type")) == ("m", "fell")
    assert fell.find("failure").get("message").startswith("1.0000 before, 0.0000 now, ")
    assert (held.get("name"), held.find("failure")) == ("refusal/recall", None)


def test_json_has_all_and_is_a_baseline(report, tmp_path):
    document = json.loads(run_json(report))
    assert document["counts"] == {
        "questions": 9, "answerable": 9, "scored": 7, "stale": 1, "failed": 1, "missed": 1,
    }  # fmt: skip
    assert document["metrics"]["m"] == {"value": 0.0, "low": 0.0, "high": 0.0, "questions": 6}
    assert document["latency_ms"] == {"total": {"p50": 12.0, "p95": 12.0, "mean": 12.0}}
    assert [one["metric"] for one in document["comparison"]["changes"] if one["fell"]] == ["m"]
    missed = document["results"][0]
    assert missed["retrieved"][0]["fused"] == {"rank": 7, "score": 0.25}
    assert missed["answer"]["citations"][0]["quote"] == HOSTILE
    file = tmp_path / "run.json"
    file.write_text(run_json(report), "utf-8")
    scored = [ScoredQuestion.of(one) for one in report.run.results if one.status == "scored"]
    assert read_baseline(file) == scored


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2, "created_at": "", "results": []}', '{"format": 1}'])
def test_what_is_no_saved_run_is_refused(tmp_path, text):
    file = tmp_path / "run.json"
    file.write_text(text, "utf-8")
    with pytest.raises(BaselineError, match="is no saved run .*: make one with `footnote eval --save") as raised:
        read_baseline(file)
    assert raised.value.exit_code == 2
    with pytest.raises(BaselineError, match="cannot read the baseline"):
        read_baseline(tmp_path)


def shown(report):
    """What a terminal gets."""
    console = Console(width=300, force_terminal=True, color_system=None, file=io.StringIO())
    console.print(render_run(report))
    return console.file.getvalue()


def test_a_terminal_gets_no_markup_or_escapes_of_a_document(report):
    text = shown(report)
    assert "\x1b" not in text and "\x00" not in text
    assert text.count("[red][31m") >= 5
    assert "Against <script>" in text and "[red][31m\n" in text[text.index("Against") :]
    assert "9 questions, 9 answerable: 7 scored, 1 stale, 1 failed; generation 3, 2 files, 9 chunks of /docs" in text


def test_a_tag_counts_the_questions_that_were_scored(report):
    assert report.scored_with("lookup") == 6
    rows = [line.split() for line in shown(report).splitlines()]
    assert ["lookup", "6"] in [row[:2] for row in rows]


def test_a_table_names_the_level_once_and_every_stage_below():
    names = [f"{name}@10" for name in ("hit", "MRR", "nDCG", "recall")]
    stages = {f"{stage}/page/{name}": 0.5 for stage in ("lexical", "fused") for name in names}
    rows = [line.split() for line in shown(Report.of(make_run(make_result(scores=stages)))).splitlines()]
    assert ["page", "lexical", "-", "-", "0.50", "0.50", "0.50", "0.50", "0.50-0.50"] in rows
    assert ["fused", "-", "-", "0.50", "0.50", "0.50", "0.50", "0.50-0.50"] in rows


def unscored_report():
    """Faithfulness of two questions of three, and relevancy of none of two."""
    faithful = "ragas/faithfulness"
    relevant = Unscored("ragas/answer_relevancy", HOSTILE)
    return Report.of(
        make_run(
            make_result("a", {faithful: 1.0}, unscored=(relevant,)),
            make_result("b", {faithful: 0.5}),
            make_result("c", {"refusal/answered": 1.0}, unscored=(Unscored(faithful, "NaN"), relevant)),
        )
    )


def test_what_is_not_scored_is_counted_shown_and_in_no_mean():
    report = unscored_report()
    safe = HOSTILE.replace("\x1b", "").replace("\x00", "")
    lines = ["ragas/faithfulness: 1 of 3 not scored: 1 NaN", f"ragas/answer_relevancy: 2 of 2 not scored: 2 {safe}"]
    rows = [line.split() for line in shown(report).splitlines()]
    assert ["ragas/faithfulness", "0.75", "0.50-1.00", "2", "of", "3"] in [row[:6] for row in rows]
    assert ["ragas/answer_relevancy", "-", "0", "of", "2"] in [row[:5] for row in rows]
    page = Page(run_html(report)).text
    for line in lines:
        assert line in shown(report) and line in page
    assert "0.75 (0.50-1.00)2 of 3" in page and "-0 of 2" in page
    document = json.loads(run_json(report))
    assert document["metrics"]["ragas/faithfulness"]["value"] == 0.75
    assert "ragas/answer_relevancy" not in document["metrics"]
    assert document["not_scored"] == {"ragas/answer_relevancy": {HOSTILE: 2}, "ragas/faithfulness": {"NaN": 1}}
    assert document["results"][2]["not_scored"] == {"ragas/faithfulness": "NaN", "ragas/answer_relevancy": HOSTILE}
    cases = list(ElementTree.fromstring(run_junit(report)).iter("testcase"))
    written = [case.findtext("system-out") for case in cases]
    assert written[1] is None
    assert written[2].startswith("ragas/faithfulness not scored: NaN\nragas/answer_relevancy not scored: <script>")


def test_a_page_of_which_nothing_is_scored_has_no_empty_chart():
    report = Report.of(make_run(make_result("a", unscored=(Unscored("ragas/faithfulness", "NaN"),))))
    page = Page(run_html(report))
    assert "ragas/faithfulness: 1 of 1 not scored: 1 NaN" in page.text
    assert "svg" not in {tag for tag, _ in page.elements}
    assert "1 of 1 not scored" in shown(report)


def test_a_run_of_nothing_but_stale_questions_is_shown():
    report = Report.of(make_run(make_result(status="stale", problem="gone", question=make_question(tags=()))))
    assert "Misses (0)" in Page(run_html(report)).text
    assert json.loads(run_json(report))["metrics"] == {}
    ElementTree.fromstring(run_junit(report))


def test_a_reranked_score_is_shown_beside_its_rank():
    missed = make_missed("plain")
    (hit,) = missed.retrieved
    shown = replace(missed, retrieved=(replace(hit, rank=5, reranked=StageScore(5, -3.25)),))
    assert "5 (-3.25)" in Page(run_html(Report.of(make_run(shown)))).text


def test_two_language_models_are_shown_without_markup_of_theirs():
    setups = replace(SETUP, llm=f"openai:{HOSTILE}"), replace(SETUP, llm="openai:other")
    runs = [Run(setup, (make_missed(HOSTILE),)) for setup in setups]
    failed = replace(runs[1], results=(make_result("b", question=make_question(text=HOSTILE), status="failed"),))
    report = Report.of(runs[0], against=against(runs[0], failed))
    page = Page(run_html(report))
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "b"})
    assert "1 question on which they differ much" in page.text
    assert "failed0.001.00+1.00" in page.text
    text = shown(report)
    assert "\x1b" not in text and "\x00" not in text
    assert "A: openai:<script>" in text and "B failed" in text
    document = json.loads(run_json(report))["against"]
    assert (document["a"], document["failed"]) == (setups[0].llm, {"a": 0, "b": 1})
