"""directive: the words of a page that show a part of another file."""

from typing import NamedTuple

from footnote.app.core.types import IncludeForm, Selection


class Directive(NamedTuple):
    """What a page says, at characters `[start, end)` of it; else as of `Include`."""

    start: int
    end: int
    form: IncludeForm
    target: str
    selection: Selection = ()
    language: str = ""
