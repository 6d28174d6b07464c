"""Every operation of the HTTP API against the function that calls it: the OpenAPI document decides."""

import inspect
import re
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter

from footnote.app.client import AsyncFootnoteClient, FootnoteClient, Turn, calls
from footnote.app.client.reading import Call
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.schemas.answers import AnswerOut
from tests.client.answers import CITED

# Asked by the clients of others, or by browsers.
ELSEWHERE = {("GET", "/view/{path}"), ("GET", "/v1/models"), ("GET", "/v1/models/{model}")}
ELSEWHERE |= {("POST", "/v1/chat/completions")}
NARROWED = {"path": "guides/", "tags": ["a"], "fields": {"team": "docs"}}
OF = {"collection": "c"}
GIVEN = {
    **dict.fromkeys(("overview", "index", "evaluation", "changes", "generations"), OF),
    "ask": {"question": "q", "top_k": 3, **NARROWED, "history": [Turn("q", "a")], "collection": ["c", "d"]},
    "search": {"question": "q", "top_k": 3, **NARROWED, "collection": "c"},
    "why_not": {"question": "q", "page": "a.md", "top_k": 3, **NARROWED, "collection": "c"},
    "verify": {"citations": CITED.citations, "collection": "c"},
    "file": {"generation": 1, "path": "a b/c#d.md", "collection": "c"},
    "save_answer": {"answer": CITED},
    "saved_answer": {"id": "x"},
    "give_feedback": {
        "question": "q",
        "helpful": True,
        "answer": "a",
        "comment": "c",
        "citations": CITED.citations,
        "collection": "c",
    },
    "gaps": {"days": 2, "top": 3, "question": "q", "collection": "c"},
    "dismiss_gap": {"question": "q", "collection": "c"},
    "resolve_gap": {"question": "q", "collection": "c"},
    "ingest": {"rebuild": True, "replace": True, "checksum": True, "allow_deletes": True, "collection": "c"},
    "ingest_status": {"id": "x", "collection": "c"},
    "roll_back": {"to": 1, "collection": "c"},
}


def operations():
    return {
        name: one for name, one in vars(calls).items() if inspect.isfunction(one) and one.__module__ == calls.__name__
    }


OPERATIONS = {name: make for name, make in operations().items() if not name.startswith("_")}


@pytest.fixture(scope="module")
def document():
    return create_app(load_settings(env_file=None)).openapi()


def template(document, call: Call):
    """The path of the document that the call's path is one of."""
    found = [
        path
        for path in document["paths"]
        if re.fullmatch(re.sub(r"\{path\}", ".+", re.sub(r"\{(?!path)\w+\}", "[^/]+", path)), call.path)
    ]
    return max(found, key=lambda path: (path.count("{") == 0, len(path)))


def resolved(document, schema):
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def returned(make):
    (kind,) = get_args(inspect.signature(make).return_annotation)
    return kind


def test_each_operation_of_the_document_has_its_call(document):
    called = {
        (call.method, template(document, call))
        for call in (make(**GIVEN.get(name, {})) for name, make in OPERATIONS.items())
    }
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert called == described - ELSEWHERE


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_call_takes_and_gives_what_the_document_says(document, name):
    make = OPERATIONS[name]
    call = make(**GIVEN.get(name, {}))
    operation = document["paths"][template(document, call)][call.method.lower()]
    assert set(GIVEN.get(name, {})) == set(inspect.signature(make).parameters)
    assert set(call.query) == {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}

    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    assert (body is None) == (call.body is None)
    if body:
        # A body that may be left out is the one beside null.
        described = resolved(document, next(iter(body.get("anyOf", [body]))))
        assert set(call.body) == set(described["properties"]) if "properties" in described else call.body

    success = next(one for status, one in operation["responses"].items() if status.startswith("2"))
    kind = returned(make)
    schema = success.get("content", {}).get("application/json", {}).get("schema")
    if kind in (bytes, None, type(None)):
        assert schema is None
    elif get_origin(kind) is list:
        assert schema["items"]["$ref"].rpartition("/")[2] == get_args(kind)[0].__name__
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        assert schema["$ref"].rpartition("/")[2] == kind.__name__
    else:
        assert schema["type"] == "object" and get_origin(kind) is dict


def test_only_those_that_need_the_key_say_so(document):
    for name, make in OPERATIONS.items():
        call = make(**GIVEN.get(name, {}))
        needs_key = document["paths"][template(document, call)][call.method.lower()].get("security") == [{"Key": []}]
        assert ("Needs the key." in make.__doc__) == needs_key, name


def test_both_clients_have_every_operation_with_its_parameters_and_description():
    for client in (FootnoteClient, AsyncFootnoteClient):
        for name, make in OPERATIONS.items():
            method = getattr(client, name)
            own, *others = inspect.signature(method).parameters.values()
            assert (own.name, others) == ("self", [*inspect.signature(make).parameters.values()])
            assert (method.__doc__, method.__name__) == (make.__doc__, name)
        assert [*inspect.signature(client.stream).parameters][1:] == [*inspect.signature(calls.ask).parameters]


def test_an_answer_is_the_same_when_it_was_sent():
    sent = CITED.model_dump_json()
    assert TypeAdapter(AnswerOut).validate_json(sent).model_dump_json() == sent


def test_what_is_no_question_and_no_turn_is_said_at_the_call():
    for make in (calls.ask, calls.search, lambda question: calls.why_not(question, "a.md")):
        with pytest.raises(TypeError, match="a question is a str, not bytes"):
            make(b"x")
    with pytest.raises(TypeError, match=r"history holds turns: Turn\(question, answer\)"):
        calls.ask("x", history=["a"])
    with FootnoteClient() as client, pytest.raises(TypeError, match="POST /query cannot be sent: .*bytes"):
        client.ask("x", path=b"a.md")


@pytest.mark.parametrize("timeout_s", [-1, 0, float("nan"), float("inf")])
@pytest.mark.parametrize("make", [FootnoteClient, AsyncFootnoteClient])
def test_a_time_that_is_none_is_refused_by_the_client(make, timeout_s):
    with pytest.raises(SettingsError, match="timeout_s must be a number of seconds above 0"):
        make(timeout_s=timeout_s)
