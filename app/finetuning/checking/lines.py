"""lines: the examples of a file, and what is wrong with the shape of a line. Pure functions over rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from footnote.app.evaluation.rows import Problem, Row, read_rows
from footnote.app.finetuning.checking.types import Finding, Form, Line, Said
from footnote.app.finetuning.examples.files import SHAREGPT_ROLES

_FORMS: tuple[tuple[Form, frozenset[str]], ...] = (
    ("openai", frozenset(("messages",))),
    ("preference", frozenset(("input", "preferred_output", "non_preferred_output"))),
    ("preference", frozenset(("prompt", "chosen", "rejected"))),
    ("trl", frozenset(("prompt", "completion"))),
    ("sharegpt", frozenset(("conversations",))),
)
# What OpenAI takes beside the messages. Source: API reference, fine-tuning, the training format for chat models.
_BESIDE = frozenset(("tools", "parallel_tool_calls", "functions"))


def read_lines(file: Path) -> Iterator[Line | Finding]:
    """The examples of a file in order, and in their places what is wrong with the shape of others.

    Raises:
        OSError: it cannot be read.
    """
    for row in read_rows(file):
        if isinstance(row, Problem):
            yield Finding(row.line, "error", row.what)
        else:
            yield from _lines(row)


def _lines(row: Row) -> Iterator[Line | Finding]:
    fields = row.fields
    form, names = next(((form, names) for form, names in _FORMS if names <= set(fields)), (None, frozenset()))
    if form is None:
        known = "`messages` (OpenAI), `input`, `preferred_output` and `non_preferred_output` (OpenAI's DPO)"
        others = "`prompt` and `completion` (trl), or `conversations` (ShareGPT)"
        yield Finding(row.line, "error", f"is no example: it has none of {known}, {others}")
        return
    if unknown := sorted(set(fields) - names - _BESIDE):
        yield Finding(row.line, "warning", f"has fields that trainers do not know: {', '.join(unknown)}")
    try:
        yield _line(row.line, form, fields)
    except ValueError as problem:
        yield Finding(row.line, "error", str(problem))


def _line(number: int, form: Form, fields: Mapping[str, Any]) -> Line:
    if form == "preference" and "chosen" in fields:
        return _preference(number, _messages(fields["prompt"], "prompt"), fields, ("chosen", "rejected"))
    if form == "preference":
        given = fields["input"]
        if not isinstance(given, Mapping):
            raise ValueError("`input` is no object with `messages`")
        prompt = _messages(given.get("messages"), "input.messages")
        return _preference(number, prompt, fields, ("preferred_output", "non_preferred_output"))
    if form == "trl":
        messages = (*_messages(fields["prompt"], "prompt"), *_messages(fields["completion"], "completion"))
    elif form == "sharegpt":
        messages = _messages(fields["conversations"], "conversations", "from", "value")
    else:
        messages = _messages(fields["messages"], "messages")
    return Line(number, form, messages[:-1], messages[-1:])


def _preference(number: int, prompt: tuple[Said, ...], fields: Mapping[str, Any], names: tuple[str, str]) -> Line:
    """The pair whose better and worse reply have these names."""
    outputs = [_messages(fields[name], name) for name in names]
    for name, output in zip(names, outputs, strict=True):
        if len(output) != 1 or output[0].role != "assistant":
            raise ValueError(f"`{name}` must be one message of the assistant")
    return Line(number, "preference", prompt, (outputs[0][0], outputs[1][0]))


def _messages(given: Any, name: str, role_name: str = "role", content_name: str = "content") -> tuple[Said, ...]:
    if not isinstance(given, list) or not given:
        raise ValueError(f"`{name}` must be a list of messages, and have one at least")
    found = []
    for place, one in enumerate(given, 1):
        where = f"message {place} of `{name}`"
        if not isinstance(one, Mapping):
            raise ValueError(f"{where} is no object with `{role_name}` and `{content_name}`")
        role, content = one.get(role_name), one.get(content_name)
        role = SHAREGPT_ROLES.get(str(role), role) if role_name == "from" else role
        if content is None and (one.get("tool_calls") or one.get("function_call")):
            content = str(one.get("tool_calls") or one.get("function_call"))
        if not isinstance(content, str):
            raise ValueError(f"{where} has no text as `{content_name}`")
        found.append(Said(str(role), content, one.get("weight")))
    return tuple(found)
