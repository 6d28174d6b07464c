"""template_tags: tags of templates and shortcodes, with the references among them."""

import re

from footnote.app.core.pages.markup.tag import Place, Tag, in_heading
from footnote.app.core.pages.markup.values import (
    NAMED_BY_NAME,
    QUOTED,
    items_of,
    label_of,
    label_spelled,
    shown_values,
    values_of,
)

_VERSION = re.compile(r"""(?:^|\s)["']?(?P<version>v?\d++(?:\.\d++)++[\w.-]*+)["']?(?=[\s/]|$)""")
# What leads to another page without saying more than where that is.
_REFERENCES = frozenset(["ref", "relref", "xref", "link", "post_url", "page-ref", "content-ref"])
_TARGET = re.compile(
    r"""(?:^|\s)(?:(?:path|page|url)\s*=\s*|(?![\w-]+\s*=))["'`]?(?=[^\s"'`=])(?P<path>[^\s"'`=#]*+)#?(?P<anchor>[^\s"'`=]*+)"""
)
_PATH_PART = re.compile(r"(?:^|(?<=/))(?!_?index(?:[./]|$))[^/]+?(?=(?:\.(?:md|mdx|markdown|html?))?(?:/|$))")
_TERMS = ("term_id",)  # of glossaries, seen where no other text is given
_NAMED_BY_POSITION = NAMED_BY_NAME | {"collapse", "details", "expand", "notice", "spoiler"}


def template_tag(match: re.Match[str], name: str, arguments: str, group: str) -> Tag:
    """The tag with this name and these arguments, which are the group of the match."""
    name = "".join(name.split()).lower()
    if name.startswith(("/", "end")):
        return Tag(match.start(), match.end(), name, closes=name.removeprefix("/").removeprefix("end"))
    label = label_of(arguments, name, match.start(group))
    if not label.text and name in _NAMED_BY_POSITION and (named := QUOTED.search(arguments)):
        label = label_spelled(
            named[1] or named[2] or "", named.span(named.lastindex or 0), named.start(), match.start(group)
        )
    shown = shown_values(arguments, match.start(group), label) if name[0] != "@" else ((), ())
    version = _VERSION.search(arguments)
    if version and not in_heading(match):  # `{{< new-in 1.2 >}}`
        offset = match.start(group)
        spelled = match.span("template" if match["template"] else "shortcode")
        spans = (spelled, (offset + version.start("version"), offset + version.end("version")))
        shown = (spans, spans)
    if not shown[1]:
        place = match.start(group)
        shown = ((), _target(match, arguments, place) if name in _REFERENCES else values_of(arguments, _TERMS, place))
    # A shortcode that nothing closes stands alone; whether one does is seen when the tags are paired.
    return Tag(match.start(), match.end(), name, "", False, label.text, label.at, shown, items_of(arguments))


def _target(match: re.Match[str], arguments: str, offset: int) -> tuple[Place, ...]:
    """What of a reference is read: the last part of the path, unless it is the address of a link with a text."""
    target = _TARGET.search(arguments)
    if not target or match.string.endswith("](", 0, match.start()):
        return ()
    parts = list(_PATH_PART.finditer(target["path"]))
    start, end = parts[-1].span() if parts else (0, 0)
    at = target.start("path")
    start, end = (at + start, at + end) if parts else target.span("anchor")
    return ((offset + start, offset + end),) if any(map(str.isalpha, arguments[start:end])) else ()
