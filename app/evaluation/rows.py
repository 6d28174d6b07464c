"""The rows of a JSONL or YAML file, each with the lines on which it and its fields stand."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

YAML_SUFFIXES = (".yaml", ".yml")
SUFFIXES = (".jsonl", *YAML_SUFFIXES)
_MOST_SHOWN = 12  # a file of another kind has something wrong in every line


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of a file."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping. `lines` has the fields that stand on lines of their own."""

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)


def first_of(problems: Sequence[Problem]) -> str:
    """The first problems, a line each, and how many more there are."""
    more = len(problems) - _MOST_SHOWN
    return "\n".join([*map(str, problems[:_MOST_SHOWN]), *([f"… and {more} more"] if more > 0 else [])])


def read_rows(file: Path) -> Iterator[Row | Problem]:
    """The rows of a file in order, and in their places the problems of what is none.

    Raises:
        OSError: the file cannot be read.
    """
    raw = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return iter([Problem(str(file), raw.count(b"\n", 0, error.start) + 1, "is not UTF-8")])
    return _yaml_rows(str(file), text) if file.suffix.lower() in YAML_SUFFIXES else _json_rows(str(file), text)


def _json_rows(file: str, text: str) -> Iterator[Row | Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line, object_pairs_hook=_without_repeats)
            json.dumps(fields, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            yield Problem(file, number, "holds half a character (a lone surrogate)")
        except json.JSONDecodeError as error:
            yield Problem(file, number, f"is not JSON: {error.msg.removesuffix(' at')} at column {error.colno}")
        except RecursionError:
            yield Problem(file, number, "is not JSON that can be read: it is nested too deep")
        except ValueError as error:
            said = "it has a number of too many digits" if "int_max_str_digits" in str(error) else error
            yield Problem(file, number, f"is not JSON: {said}")
        else:
            yield Row(file, number, fields) if isinstance(fields, dict) else Problem(file, number, "is no JSON object")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise ValueError(f"`{name}` is given twice")
        fields[name] = value
    return fields


def _yaml_rows(file: str, text: str) -> Iterator[Row | Problem]:
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        yield Problem(file, mark.line + 1 if mark else 1, f"is not YAML: {error.problem or error.context}")
        return
    except (yaml.YAMLError, RecursionError) as error:
        yield Problem(file, 1, f"is not YAML: {' '.join(str(error).split())}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Problem(file, root.start_mark.line + 1, "is no list: begin each question with `- `")
        return
    for node in root.value:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            yield Problem(file, line, "is no mapping of fields")
            continue
        try:
            fields = loader.construct_object(node, deep=True)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            yield Problem(file, line, f"is not YAML: {' '.join(str(error).split())}")
            continue
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if str(key.value) in lines:
                yield Problem(file, key.start_mark.line + 1, f"`{key.value}` is given twice")
            lines[str(key.value)] = key.start_mark.line + 1
        yield Row(file, line, {str(name): value for name, value in fields.items()}, lines)
