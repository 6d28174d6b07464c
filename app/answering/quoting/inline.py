"""inline: text of a page as plain markdown: without the markup of its site, and with links that lead somewhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.text.prose import rewrite_prose

# The address of a link that stands on the page, None where it would lead nowhere.
Resolve: TypeAlias = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """What of a page a block of it is read with; `references` are those of its chunks."""

    flavour: Flavour
    resolve: Resolve
    references: Mapping[str, str] = field(default_factory=dict)

    def address(self, match: re.Match[str]) -> str | None:
        """Where a link leads; None for what is none or leads nowhere."""
        named = match["ref"] or (match["label"] if match["ref"] is not None else match["alone"])
        address = match["angled"] or match["bare"] or (self.references.get(_single_spaced(named)) if named else None)
        return self.resolve(address) if address else None


_LABEL = r"\[(?P<{0}>(?:[^\[\]]|\[[^\[\]]*+\])*+)\]"
_TARGET = r"\(\s*+(?:<(?P<angled>[^<>\n]*+)>|(?P<bare>(?:[^\s()<]|\([^\s()]*+\))*+))(?:\s++[^()\n]*+)?\)"
_IMAGE = re.compile(rf"!{_LABEL.format('alt')}(?:\((?:[^\s()]|\([^\s()]*+\))*+(?:\s++[^()\n]*+)?\)|\[[^\[\]\n]*+\])")
_LINK = re.compile(
    rf"{_LABEL.format('label')}(?:{_TARGET}|\[(?P<ref>[^\[\]\n]*+)\])"
    r"|(?P<note>\[\^[^\]\s]{1,100}\]:?)"
    # A role of MyST: {ref}`text <target>`. Keys of MkDocs: ++ctrl+c++.
    r"|\{(?P<role>[a-z][\w:+.-]{0,40})\}(?P<ticks>`+)(?P<said>[^`\n]++)(?P=ticks)"
    r"|\+\+(?P<keys>[a-z0-9]++(?:[+-][a-z0-9]++)*+)\+\+"
    r"|\[(?P<alone>[^\[\]]{1,999})\]"
)
_ROLE_TARGET = re.compile(r"\s*<[^<>]*>$")
_TEXT_ROLES = frozenset(["abbr", "any", "cite", "doc", "eq", "guilabel", "numref", "ref", "std:doc", "std:ref", "term"])


def plain(text: str, page: Page) -> str:
    """A block of markdown without what only its site understands; code stays as it is.

    Tags, attribute lists, shortcodes, icons and footnote marks go; an image becomes its text, a link to another place
    of the docs one with the address that the page resolves it to, or its label alone.
    """

    def shown(match: re.Match[str]) -> str:
        label = match["label"]
        if match["alone"] is not None:
            # A number is a mark, as of a list of sources.
            if match["alone"].isdigit() or _single_spaced(match["alone"]) not in page.references:
                return match.group()
            label = match["alone"]
        if label is not None:
            address = page.address(match)
            return f"[{label}]({_target(address)})" if address else label
        if match["role"]:
            said = match["said"]
            if match["role"].lower() in _TEXT_ROLES:
                return _ROLE_TARGET.sub("", said)
            return f"{match['ticks']}{_ROLE_TARGET.sub('', said).lstrip('~!')}{match['ticks']}"
        return match["keys"] or ""

    text = _without_markup(text, page.flavour)
    if "![" in text:
        text = rewrite_prose(text, _IMAGE, lambda match: match["alt"])
    return rewrite_prose(text, _LINK, shown)


def _single_spaced(label: str) -> str:
    return " ".join(label.split())


def _target(address: str) -> str:
    return f"<{address}>" if any(sign in address for sign in "() ") else address


def _without_markup(text: str, flavour: Flavour) -> str:
    """The text without the spans that the site makes something else of; a line of nothing else goes as a whole."""
    if not any(sign in text for sign in "<{[+:"):
        return text
    from footnote.app.core.pages.masks import page_masks  # only an answer needs what reads pages
    from footnote.app.core.pages.scanning.scan import scan_page

    scan = scan_page(text, flavour)
    masks = page_masks(text, scan, flavour)
    labels = {label.at: label.text for label in masks.labels if label.at >= 0}
    ticks = {span: "`" for code in scan.tagged if not code.is_block for span in (code.opening, code.closing)}
    pieces, at = [], 0
    for span in sorted([*masks.hidden, *masks.markup]):
        start = max(span.start, at)
        if span.end > at:
            pieces.append(text[at:start])
            said = [f"**{labels.pop(place)}**\n\n" for place in sorted(labels) if start <= place < span.end]
            gone = " " if _BREAK.match(text, span.start) else _GONE
            pieces.append("".join(said) if said else ticks.get(span, gone))
            at = span.end
    text = re.sub(rf"[ \t]+{_GONE}(?=[,.;:!?)\n]|\Z)", "", "".join([*pieces, text[at:]]))
    lines = [line.replace(_GONE, "") for line in text.split("\n") if _GONE not in line or line.strip(f" \t>{_GONE}")]
    return "\n".join(lines)


_BREAK = re.compile(r"<br\b", re.I)
_GONE = "\ue001"  # stands where markup was, until it is known whether anything else is on its line
