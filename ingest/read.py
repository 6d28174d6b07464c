"""read: a file's bytes, its front matter as metadata, and where its markdown begins."""

import datetime
import hashlib
import math
import re
from collections.abc import Mapping

import yaml

from app.core.types import Metadata, MetadataValue
from ingest.types import Document, FoundFile, Skip

BOM = b"\xef\xbb\xbf"
# `---` alone on the first line, up to the next line that is `---` or `...`.
_FRONT_MATTER = re.compile(
    rb"\A---[ \t]*(?:\r\n|\n|\r)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.DOTALL | re.MULTILINE
)
_UNCLOSED = re.compile(rb"\A---[ \t]*(?:\r\n|\n)[A-Za-z_][\w-]*:(?:\s|\Z)")
# A bad front matter must not cost a second of YAML parsing.
_MAX_FRONT_MATTER_BYTES = 64 * 1024


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
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            # Aliases can make a small text expand without bound.
            raise ValueError("YAML aliases are not supported")
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise ValueError("is not a mapping of names to values")
    return {str(key): _plain(value) for key, value in loaded.items()}


def _plain(value: object) -> MetadataValue:
    """The value as JSON can hold it: dates become ISO text, non-finite numbers become text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        # YAML escapes can spell lone surrogates, which no database stores.
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
