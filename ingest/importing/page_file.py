"""page_file: the markdown file that a document becomes: front matter that names the source, and its text."""

import json
import re
from pathlib import PurePosixPath

from footnote.ingest.importing.types import Converted, Source

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_MAX_TITLE_CHARS = 300


def page_text(source: Source, source_sha256: str, by: str, converted: Converted) -> str:
    """The file, which ends with a line end."""
    title = plain_line(converted.title)[:_MAX_TITLE_CHARS].strip() or PurePosixPath(source.path).stem
    fields: dict[str, str | int] = {
        "title": title,
        "source": source.path,
        "source_sha256": source_sha256,
        "imported_by": by,
    }
    if converted.parts is not None:
        fields["source_parts"] = converted.parts
    # A string of JSON is one of YAML.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", clean_text(converted.body).strip("\n"), ""])


def clean_text(text: str) -> str:
    """The text without characters that no reader sees and no page may hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_line(text: str) -> str:
    """The text as one line."""
    return " ".join(_CONTROL.sub(" ", text).split())
