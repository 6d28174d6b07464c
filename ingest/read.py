"""read: a file's bytes, its front matter as metadata, and where its markdown begins."""

import datetime
import hashlib
import math
import re
from collections.abc import Mapping

import yaml

from footnote.app.core.find import FoundFile
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Metadata, MetadataValue, Skip
from footnote.ingest.types import Document

BOM = b"\xef\xbb\xbf"
# `---` alone on the first line, up to the next line that is `---` or `...`.
_FRONT_MATTER = re.compile(
    rb"\A---[ \t]*(?:\r\n|\n|\r)(?P<yaml>.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.DOTALL
)
_UNCLOSED = re.compile(rb"\A---[ \t]*(?:\r\n|\n|\r)[A-Za-z_][\w-]*:(?:\s|\Z)")
# A bad front matter must not cost a second of YAML parsing.
_MAX_FRONT_MATTER_BYTES = 64 * 1024
_MAX_DEPTH = 20  # PyYAML takes minutes for 60,000 opening brackets
_MAX_INTEGER_BITS = 64  # Python refuses to write a number of thousands of digits


def read_document(file: FoundFile) -> tuple[Document | None, Skip | None]:
    """The document, or None with the reason it is skipped.

    Broken front matter gives both: the text is ingested whole, and the skip says what was wrong.
    """
    try:
        raw = file.location.read_bytes()
    except OSError as error:
        return None, Skip(file.path, "unreadable", error.strerror or str(error))
    if b"\0" in raw:
        return None, Skip(file.path, "binary", "holds NUL bytes")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, Skip(file.path, "not UTF-8", f"byte {error.start}: {error.reason}")

    bom = len(BOM) if raw.startswith(BOM) else 0
    metadata: Metadata = {}
    body_start, broken = bom, None
    match = _FRONT_MATTER.match(raw[bom:])
    if match:
        try:
            metadata = _parse(match["yaml"])
            body_start = bom + match.end()
        except ValueError as error:
            broken = Skip(file.path, "broken front matter", str(error))
    elif _UNCLOSED.match(raw[bom:]):
        broken = Skip(file.path, "broken front matter", "opened by --- but never closed")
    title = metadata.get("title")
    document = Document(
        path=file.path,
        raw=raw,
        body_start=body_start,
        title=title.strip() if isinstance(title, str) and title.strip() else None,
        metadata=metadata,
        sha256=hashlib.sha256(raw).hexdigest(),
        mtime_ns=file.mtime_ns,
    )
    return document, broken


def _parse(text: bytes) -> Metadata:
    if len(text) > _MAX_FRONT_MATTER_BYTES:
        raise ValueError(f"longer than {_MAX_FRONT_MATTER_BYTES:,} bytes")
    try:
        _refuse_costly_yaml(text)
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error
    except Exception as error:  # PyYAML lets KeyError, IndexError, OverflowError and more through
        raise ValueError(f"a value does not fit its YAML type: {error!r}"[:200]) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise ValueError("is not a mapping of names to values")
    return _plain_mapping(loaded)


def _refuse_costly_yaml(text: bytes) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            # Aliases can make a small text expand without bound.
            raise ValueError("YAML aliases are not supported")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")


def _plain_mapping(mapping: Mapping[object, object]) -> dict[str, MetadataValue]:
    # YAML escapes can spell lone surrogates, which no database stores.
    return {without_surrogates(str(key)): _plain(value) for key, value in mapping.items()}


def _plain(value: object) -> MetadataValue:
    """The value as JSON can hold it: dates become ISO text, non-finite and huge numbers become text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _MAX_INTEGER_BITS else hex(value)
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, set):
        value = sorted(value, key=str)  # a set has another order in every process
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
