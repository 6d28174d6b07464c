"""front matter: what stands above a page's text, as names and values that are spelled as on the page.

YAML between lines `---`, TOML between lines `+++`, or one JSON object. No value is read as a number or a date: filters
compare what readers see, and `1.10` is not `1.1`, nor `no` false.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import yaml

from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Metadata, MetadataValue

BOM = b"\xef\xbb\xbf"
_BREAK = rb"[ \t]*(?:\r\n|\n|\r)"
# A fence alone on the first line, up to the next line that is one.
_YAML = re.compile(rb"\A---" + _BREAK + rb"(?P<text>.*?)(?<=[\r\n])(?:---|\.\.\.)(?:" + _BREAK + rb"|[ \t]*\Z)", re.S)
_TOML = re.compile(rb"\A\+\+\+" + _BREAK + rb"(?P<text>.*?)(?<=[\r\n])\+\+\+(?:" + _BREAK + rb"|[ \t]*\Z)", re.S)
_JSON = re.compile(rb'\A\{\s*"')
_LINE_END = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")
_UNCLOSED = re.compile(
    rb"\A(?:(?P<fence>---)" + _BREAK + rb"[A-Za-z_][\w-]*:(?:\s|\Z)|\+\+\+" + _BREAK + rb"[A-Za-z_][\w-]*[ \t]*=)"
)
# Where a name stands in its first column: there another value begins. Prose between two rules has none at its head.
_NAMED = r"""(?P<name>[\w.-]+|"[^"\r\n]+"|'[^'\r\n]+')[ \t]*[:=](?=\s|["'\[{]|\Z)"""
_NAME = re.compile(rf"(?:\A|(?<=[\r\n])){_NAMED}")
_BEGINS_WITH_NAME = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*(?:\[+[\w.-]+\]+[ \t]*[\r\n]|{_NAMED})")
_ONE_LINE = re.compile(rf"""{_NAMED}[ \t]+(?P<value>[^\s&*!|>%@`\[{{"'][^\r\n]*)\s*\Z""")
# A bad front matter must not cost a second of parsing.
_MAX_BYTES = 64 * 1024
_MAX_DEPTH = 20  # PyYAML takes minutes for 60,000 opening brackets
_MAX_SALVAGED = 100
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class FrontMatter(NamedTuple):
    """What stands above a page's text.

    Attributes:
        end: where the text begins, in bytes; 0 when nothing stands above it.
        metadata: of broken front matter, what could be read of it value by value.
        problem: why it was not read; None when it was, or when there is none.
    """

    end: int
    metadata: Metadata
    problem: str | None = None


def text_start(raw: bytes) -> int:
    """Where the text of a page that is UTF-8 begins, in bytes: after byte order mark and front matter."""
    bom = len(BOM) if raw.startswith(BOM) else 0
    return bom + read_front_matter(raw[bom:]).end


def read_front_matter(raw: bytes) -> FrontMatter:
    """The front matter of a page that is UTF-8 and begins without a byte order mark."""
    for pattern, parse in ((_YAML, _yaml), (_TOML, _toml)):
        if match := pattern.match(raw):
            return _fenced(match["text"].decode(), match.end(), parse)
    if unclosed := _UNCLOSED.match(raw):
        fence = "---" if unclosed["fence"] else "+++"
        return FrontMatter(0, {}, f"opened by {fence} but never closed")
    return _json(raw) if _JSON.match(raw) else FrontMatter(0, {})


def _fenced(text: str, end: int, parse: Callable[[str], Metadata]) -> FrontMatter:
    try:
        return FrontMatter(end, _checked(text, parse))
    except ValueError as error:
        # Prose between two rules is text of the page.
        if not _BEGINS_WITH_NAME.match(text):
            return FrontMatter(0, {})
        return FrontMatter(end, _salvaged(text, parse), str(error))


def _checked(text: str, parse: Callable[[str], Metadata]) -> Metadata:
    if len(text.encode()) > _MAX_BYTES:
        raise ValueError(f"longer than {_MAX_BYTES:,} bytes")
    try:
        return parse(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" in its line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(f"{error.problem or error.context}{place}"[:200]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error
    except Exception as error:  # PyYAML lets KeyError, IndexError, OverflowError and more through
        raise ValueError(f"cannot be read: {error!r}"[:200]) from error


def _salvaged(text: str, parse: Callable[[str], Metadata]) -> Metadata:
    """What can be read value by value; a line that cannot, such as `title: Backup: the short way`, as it is spelled."""
    found: dict[str, MetadataValue] = {}
    for name, block in _blocks(text):
        try:
            found.update(_checked(block, parse))
        except ValueError:
            if line := _ONE_LINE.match(block):
                found[name] = line["value"].rstrip()
    return found


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The first names, each with the text up to the next one; none that is cut by the limit."""
    names = list(islice(_NAME.finditer(text[:_MAX_BYTES]), _MAX_SALVAGED))
    ends = [name.start() for name in names[1:]] + [len(text)] * (len(text) <= _MAX_BYTES)
    for name, end in zip(names, ends, strict=False):
        yield name["name"].strip("\"'"), text[name.start() : end]


def _yaml(text: str) -> Metadata:
    _refuse_costly_yaml(text)
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("is not a mapping of names to values")
    return _yaml_mapping(root)


def _refuse_costly_yaml(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            # Aliases can make a small text expand without bound.
            raise ValueError("YAML aliases are not supported")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")


def _yaml_mapping(node: yaml.MappingNode) -> dict[str, MetadataValue]:
    if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
        raise ValueError("a name is itself a list or a mapping")
    return {without_surrogates(key.value): _yaml_value(value) for key, value in node.value}


def _yaml_value(node: yaml.Node) -> MetadataValue:
    if isinstance(node, yaml.MappingNode):
        found = _yaml_mapping(node)
        return [*sorted(found)] if node.tag == "tag:yaml.org,2002:set" else found
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(one) for one in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return None if node.style is None and node.value in _NULLS else without_surrogates(node.value)


def _toml(text: str) -> Metadata:
    # tomllib knows no line ends of old Macs.
    return _plain_mapping(tomllib.loads(re.sub(r"\r\n?", "\n", text), parse_float=str))


def _json(raw: bytes) -> FrontMatter:
    """Of a JSON object that begins the page; without one, nothing."""
    text = raw[:_MAX_BYTES].decode(errors="ignore")
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    try:
        found, length = decoder.raw_decode(text)
    except (ValueError, RecursionError):
        return FrontMatter(0, {})
    end = _LINE_END.match(text, length)
    return FrontMatter(len(text[: end.end()].encode()), _plain_mapping(found)) if end else FrontMatter(0, {})


def _plain_mapping(mapping: Mapping[str, object]) -> dict[str, MetadataValue]:
    # Escapes can spell lone surrogates, which no database stores.
    return {without_surrogates(key): _plain(value) for key, value in mapping.items()}


def _plain(value: object) -> MetadataValue:
    """The value as text, dates as ISO has them; or a list, a mapping or None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    isoformat = getattr(value, "isoformat", None)
    return without_surrogates(isoformat() if isoformat else str(value))
