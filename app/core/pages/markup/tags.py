"""tags: those of a page, of HTML, MDX components, templates and shortcodes."""

import re
from collections.abc import Callable, Mapping, Sequence

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.markup.html_tags import HAS_VALUE, html_tag
from footnote.app.core.pages.markup.tag import TAG, Tag, stands_alone
from footnote.app.core.pages.markup.template_tags import template_tag
from footnote.app.core.text.markdown import CostlyPageError

# Tags of templates that nothing closes and that name what they stand for without a key.
_ALONE_BY_NAME = frozenset(["include", "include-markdown", "import", "set", "assign"])
MAX_TAGS = 400_000  # some 10 MB of ordinary HTML


def tags_in(text: str, flavour: Flavour, covered: Callable[[re.Match[str]], bool]) -> list[Tag]:
    """The tags outside what is covered, in order: of HTML by name, in MDX also components, and shortcodes.

    Raises:
        CostlyPageError: there are more than `MAX_TAGS`.
    """
    found: list[Tag] = []
    is_sure: dict[int, bool] = {}  # by the start of a tag of templates, in a folder of no site that has them
    hidden_names: set[str] = set()
    for match in TAG.finditer(text):
        tag = None if covered(match) else _tag(match, flavour, hidden_names)
        if tag:
            found.append(tag)
            if match["template"] and not flavour.template_tags:
                is_sure[tag.start] = match["template"] in _ALONE_BY_NAME or bool(HAS_VALUE.search(match["arguments"]))
        if len(found) > MAX_TAGS:
            raise CostlyPageError(f"more than {MAX_TAGS:,} tags")
    return _without_unsure(found, is_sure) if is_sure else found


def _without_unsure(tags: Sequence[Tag], is_sure: Mapping[int, bool]) -> list[Tag]:
    """The tags but for those that are not sure, and neither close each other nor stand between two that do."""
    opened: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for tag in tags:
        if tag.start in is_sure and not tag.closes:
            opened.setdefault(tag.name, []).append(tag.start)
        elif tag.start in is_sure and opened.get(tag.closes):
            ends[opened[tag.closes].pop()] = tag.start
    kept, until = [], -1
    for tag in tags:
        until = max(until, ends.get(tag.start, -1))
        if is_sure.get(tag.start, True) or tag.start <= until:
            kept.append(tag)
    return kept


def _tag(match: re.Match[str], flavour: Flavour, hidden_names: set[str]) -> Tag | None:
    if match["name"]:
        return html_tag(match, flavour, hidden_names)
    if match["template"]:
        is_tag = flavour.template_tags or stands_alone(match, ">")
        return template_tag(match, match["template"], match["arguments"], "arguments") if is_tag else None
    return template_tag(match, match["shortcode"], match["parameters"], "parameters")
