"""html_tags: tags of HTML by name, and components of MDX and of themes."""

import re

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.markup.tag import BRACES, Tag, stands_alone
from footnote.app.core.pages.markup.values import NO_LABEL_GIVEN, items_of, label_of, shown_values, values_of

_NAMES = (
    "a abbr address article audio aside b big blockquote br button canvas caption center cite code col colgroup "
    "dd del details dfn dialog div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header "
    "hgroup hr i iframe img input ins kbd label legend li main mark menu nav noscript ol option p path picture "
    "pre q ruby s samp section select small source span strong sub summary sup svg table tbody td template "
    "textarea tfoot th thead time tr tt u ul var video wbr"
)
_HTML = frozenset(_NAMES.split())
_VOID = frozenset(["br", "hr", "img", "input", "source", "wbr", "col", "path"])
HAS_VALUE = re.compile(r"""\s[:@#]?[\w.:-]+=["'{]""")
_ATTRIBUTE = re.compile(
    rf"""(?P<name>[^\s"'<>/={{}}]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|{BRACES}|[^\s"'<>={{}}`]+))?|{BRACES}"""
)
# A value in braces is a condition unless it is `true`; what is hidden until it is found, a browser finds.
_NOT_HIDDEN = re.compile(r"\{(?!\s*true\s*\})|[\"']?until-found", re.I)
_HIDING_STYLE = re.compile(
    r"""(?:"[^"]*?|'[^']*?|\{\s*\{[^{}]*?|)(?<![\w-])(?:display["']?\s*:\s*["']?none|visibility["']?\s*:\s*["']?hidden)\b""",
    re.I,
)
_SHOWN_TEMPLATES = ("#", "v-", "slot", "shadowroot")  # what a component shows: attributes of Vue, and of shadow roots
# Tags with a title that is not about their content.
_NO_LABEL = frozenset(
    ["a", "abbr", "img", "iframe", "span", "input", "option", "svg", "source", "video", "kbd", "code", "link"]
)


def html_tag(match: re.Match[str], flavour: Flavour, hidden_names: set[str]) -> Tag | None:
    """The tag; of no one's element only where it is hidden, or was before, so that its end is found."""
    name = match["name"]
    known = name.lower() in _HTML
    attributes, at = match["attributes"] or "", match.start("attributes")
    is_component = flavour.jsx and name[0].isupper()
    is_hidden = _is_hidden(attributes) or (name.lower() == "template" and not is_component and _is_inert(attributes))
    if is_hidden and not known:
        hidden_names.add(name)
    if not known and not is_component and name not in hidden_names and not _is_no_placeholder(match):
        return None
    name = name.lower() if known else name
    if match["close"]:
        return Tag(match.start(), match.end(), name, closes=name)
    alone = match.group().endswith("/>") or name in _VOID
    label = NO_LABEL_GIVEN if name in _NO_LABEL else label_of(attributes, name, at)
    if known:
        shown = values_of(attributes, ("alt",), at) if name == "img" and not is_hidden else ()
        return Tag(match.start(), match.end(), name, "", alone, label.text, label.at, (shown, shown), (), is_hidden)
    shown_by_content, items = shown_values(attributes, at, label), items_of(attributes)
    return Tag(match.start(), match.end(), name, "", alone, label.text, label.at, shown_by_content, items, is_hidden)


def _is_hidden(attributes: str) -> bool:
    """Whether an element with these is hidden whatever else there is."""
    for one in _ATTRIBUTE.finditer(attributes):
        name, value = (one["name"] or "").lower(), one["value"] or ""
        if name == "hidden" and not _NOT_HIDDEN.match(value) or name == "style" and _HIDING_STYLE.match(value):
            return True
    return False


def _is_inert(attributes: str) -> bool:
    """Whether a template with these is shown by nothing on the page itself."""
    return not any((one["name"] or "").startswith(_SHOWN_TEMPLATES) for one in _ATTRIBUTE.finditer(attributes))


def _is_no_placeholder(match: re.Match[str]) -> bool:
    """Whether it closes, has values, or is a component on a line of its own, as themes for plain markdown have too."""
    if match["close"] or match.group().endswith("/>") or HAS_VALUE.search(match["attributes"] or ""):
        return True
    return match["name"][0].isupper() and stands_alone(match)
