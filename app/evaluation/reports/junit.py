"""A run as JUnit XML: a test case a question and, with a baseline, one a metric.

A metric that fell is a failure, a question that could not be asked an error, a stale one skipped. A miss is no
failure, since no set of questions is answered without one: it is written into the case's output, as is what the judge
could not score.
"""

import re
from xml.etree import ElementTree

from footnote.app.evaluation.reports.report import Report
from footnote.app.evaluation.types import QuestionResult, Run

# What XML 1.0 cannot hold, whatever it is escaped as.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run_junit(report: Report) -> str:
    """One XML document."""
    run, comparison = report.run, report.comparison
    root = ElementTree.Element("testsuites", name="footnote eval")
    questions = _suite(root, "questions", run)
    for result in run.results:
        _add_question(questions, result)
    if comparison:
        metrics = _suite(root, "metrics", run)
        for change in comparison.changes:
            case = _case(metrics, "metric", change.metric, 0.0)
            said = (
                f"{change.before:.4f} before, {change.now:.4f} now, 95% of the change "
                f"{change.low:+.4f} to {change.high:+.4f}, tolerance {change.tolerance}, {change.questions} questions"
            )
            if change.fell:
                ElementTree.SubElement(case, "failure", message=_text(said), type="fell")
            else:
                ElementTree.SubElement(case, "system-out").text = _text(said)
    for suite in root:
        cases = list(suite.iter("testcase"))
        suite.set("tests", str(len(cases)))
        for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(sum(case.find(child) is not None for case in cases)))
        suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(root: ElementTree.Element, name: str, run: Run) -> ElementTree.Element:
    return ElementTree.SubElement(root, "testsuite", name=f"footnote.{name}", timestamp=run.setup.created_at[:19])


def _add_question(suite: ElementTree.Element, result: QuestionResult) -> None:
    took = {time.stage: time.ms for time in result.times}
    seconds = took.get("total", sum(took.values())) / 1000
    question = result.question
    name = question.text if question.id == question.text else f"{question.id}: {question.text}"
    case = _case(suite, "question", name, seconds)
    if result.status == "stale":
        ElementTree.SubElement(case, "skipped", message=_text(f"stale: {result.problem}"))
    elif result.status == "failed":
        ElementTree.SubElement(case, "error", message=_text(result.problem), type="failed")
    else:
        said = [f"miss: {result.miss}"] if result.miss else []
        said += [f"{one.metric} not scored: {one.problem}" for one in result.unscored]
        if said:
            ElementTree.SubElement(case, "system-out").text = _text("\n".join(said))


def _case(suite: ElementTree.Element, kind: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite, "testcase", classname=f"footnote.{kind}", name=_text(name), time=f"{seconds:.3f}"
    )


def _text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
