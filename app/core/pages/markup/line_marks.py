"""line_marks: what stands in comments of code for its site: which lines are highlighted, which have an annotation."""

import re

from footnote.app.core.pages.flavour import Flavour

_MARKS = (
    # What highlights a line, in Docusaurus and VitePress.
    r"(?:highlight-(?:start|end|next-line)|\[!code [^\]\n]{1,60}\])[ \t]*+"
    # `# (1)!` of Material for MkDocs, which shows a sign there instead.
    r"|(?:\(\d{1,3}\)"
)
_BEGINS, _ENDS = r"(?://|#|--|;|%|/\*|<!--|\{/\*)[ \t]*+", r"(?:\*/\}?|-->)?[ \t]*+$"
_LINE_MARK = re.compile(rf"{_BEGINS}(?:{_MARKS}![ \t]*+)++){_ENDS}", re.M)
# Its sites may leave the exclamation mark out.
_ANNOTATED = re.compile(rf"{_BEGINS}(?:{_MARKS}!?[ \t]*+)++){_ENDS}", re.M)


def line_mark(flavour: Flavour) -> re.Pattern[str]:
    """What is a mark where it stands in code."""
    return _ANNOTATED if flavour.code_annotations else _LINE_MARK


def without_line_marks(code: str, flavour: Flavour) -> str:
    """The code without its marks, and without lines of nothing else."""
    mark = line_mark(flavour)
    lines = []
    for line in code.split("\n"):
        shown = mark.sub("", line)
        if shown == line or shown.strip():
            lines.append(line if shown == line else shown.rstrip())
    return "\n".join(lines)
