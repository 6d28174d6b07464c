"""A command in a message is the one that works for the collection which the message is about."""

import threading

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.request_context import RequestContext, asked_in, done_for, in_this_context, within
from footnote.app.core.told_commands import of_collection, told_for

TOLD = "run `footnote ingest --rebuild`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TOLD, "run `footnote ingest --collection one --rebuild`"),
        ("run `footnote ingest` first", "run `footnote ingest --collection one` first"),
        ("see `footnote answers list`", "see `footnote answers list --collection one`"),
        ("run `footnote ingest --index-dir db --allow-deletes`", None),
        ("run `footnote ingest other --collection two`", None),
        ("run `footnote publish` there", None),
        ("make one with `footnote keys create NAME`", None),
    ],
)
def test_commands_of_one_index_name_the_collection(text: str, expected: str | None) -> None:
    with told_for("one"):
        assert of_collection(text) == (expected or text)
        assert of_collection(of_collection(text)) == of_collection(text)
    assert of_collection(text) == text


def test_an_error_tells_of_the_collection_that_is_worked_for() -> None:
    said: list[str] = []
    with told_for("one"), done_for("two"):
        work = in_this_context(lambda: said.append(str(IndexDamagedError(TOLD))))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["run `footnote ingest --collection two --rebuild`"]


def test_a_request_to_several_tells_of_none() -> None:
    with within(RequestContext("id")):
        asked_in("one", has_names=True)
        assert of_collection(TOLD) == "run `footnote ingest --collection one --rebuild`"
        asked_in("two", has_names=True)
        assert of_collection(TOLD) == TOLD
