"""files: examples as JSONL, in the formats that trainers read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast, get_args

from footnote.app.core.files import write_private
from footnote.app.evaluation.rows import Problem, Row, read_rows
from footnote.app.finetuning.examples.types import ROLES, Example, Message, Role

Format = Literal["openai", "trl", "sharegpt"]
FORMATS = get_args(Format)
SHAREGPT_ROLES = {"system": "system", "human": "user", "gpt": "assistant"}
_SHAREGPT_NAMES = {role: name for name, role in SHAREGPT_ROLES.items()}


def line_of(example: Example, format: Format) -> str:
    """The example as one line of JSON.

    `openai`: `messages`, where replies of worked examples have `weight` 0. `trl`: `prompt` and `completion`, both
    lists of messages, so that trl computes the loss of the completion alone. `sharegpt`: `conversations`.
    """
    if format == "openai":
        fields: dict[str, Any] = {"messages": [_openai_message(one) for one in example.messages]}
    elif format == "trl":
        prompt, completion = example.prompt, example.messages[-1:]
        fields = {"prompt": [_message(one) for one in prompt], "completion": [_message(one) for one in completion]}
    else:
        fields = {
            "conversations": [{"from": _SHAREGPT_NAMES[one.role], "value": one.content} for one in example.messages]
        }
    return json.dumps(fields, ensure_ascii=False)


def write_examples(file: Path, examples: Sequence[Example], format: Format = "openai") -> None:
    """Write the examples, a line each, in place of what the file held; they quote people, so only you can read them.

    Raises:
        OSError: it cannot be written.
    """
    write_private(file, (f"{line_of(one, format)}\n" for one in examples))


def read_examples(file: Path) -> Iterator[tuple[int, Example] | Problem]:
    """The examples of a file, in any of the formats, each with its line; in their places the problems of what is none.

    Raises:
        OSError: it cannot be read.
    """
    for row in read_rows(file):
        yield row if isinstance(row, Problem) else _example(row)


def _example(row: Row) -> tuple[int, Example] | Problem:
    fields = row.fields
    if "messages" in fields:
        given = _listed(fields["messages"])
    elif "prompt" in fields and "completion" in fields:
        given = [*_listed(fields["prompt"]), *_listed(fields["completion"])]
    elif "conversations" in fields:
        given = [_from_sharegpt(one) for one in _listed(fields["conversations"])]
    else:
        known = "`messages` (openai), `prompt` and `completion` (trl), or `conversations` (sharegpt)"
        return Problem(row.file, row.line, f"is no example: it has none of {known}")
    messages = []
    for number, one in enumerate(given, 1):
        message = _read(one)
        if isinstance(message, str):
            return Problem(row.file, row.line, f"message {number} {message}")
        messages.append(message)
    if not messages or messages[-1].role != "assistant":
        return Problem(row.file, row.line, "does not end with a message of the assistant, which is what is learned")
    return row.line, Example(tuple(messages))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _from_sharegpt(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    return {"role": SHAREGPT_ROLES.get(str(given.get("from")), given.get("from")), "content": given.get("value")}


def _read(given: Any) -> Message | str:
    """The message, or what is wrong with it."""
    if not isinstance(given, Mapping):
        return "is no object with `role` and `content`"
    role, content, weight = given.get("role"), given.get("content"), given.get("weight")
    if role not in ROLES:
        return f"has the role {role!r}: it must be one of {', '.join(ROLES)}"
    if not isinstance(content, str):
        return "has no text as `content`"
    if weight not in (None, 0, 1) or isinstance(weight, bool):
        return f"has the weight {weight!r}: it must be 0 or 1"
    return Message(cast(Role, role), content, weight)


def _openai_message(message: Message) -> dict[str, Any]:
    return _message(message) | ({} if message.weight is None else {"weight": message.weight})


def _message(message: Message) -> dict[str, Any]:
    return {"role": message.role, "content": message.content}
