"""includes: what a page shows of another file, as the page says it."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from footnote.app.core.types.chunks import Anchors

# The tools whose words name files: each has its own rules for where a path begins.
IncludeForm = Literal["pymdownx", "variants", "mdbook", "sphinx", "mdx", "hugo", "hugo sample", "vitepress", "asciidoc"]
# Which lines are meant: pairs of a rule and its value, applied in order; see app.core.pages.including.select.
Selection: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Include:
    """A part of another file that a page shows.

    Attributes:
        form: the tool whose words these are.
        target: the file, as the page spells it.
        selection: which of its lines; empty for all.
        language: what the page says the code is in; "" where it does not.
        line: of the page, from 1.
        heading_path, anchors: of the section that shows it.
        above: the sentence above it in that section; "" where there is none.
    """

    form: IncludeForm
    target: str
    selection: Selection = ()
    language: str = ""
    line: int = 1
    heading_path: tuple[str, ...] = ()
    anchors: Anchors = field(default_factory=Anchors)
    above: str = ""
