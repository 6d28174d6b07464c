"""signs: characters that would change how a line is read without being seen, made visible."""

import re

from footnote.app.core.html import Html, element, escaped, joined

# Control characters but the tab, and what turns the direction of text around: what is shown must be what is there.
_UNSEEN = re.compile(r"([\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff])")


def visible_signs(text: str) -> Html:
    """The text, with the code point in place of each such character."""
    pieces = []
    for number, part in enumerate(_UNSEEN.split(text)):
        pieces.append(element("span", f"U+{ord(part):04X}", class_="sign") if number % 2 else Html(escaped(part)))
    return joined(pieces)
