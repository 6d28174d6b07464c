"""escaping: text that is no markdown, as markdown that shows it."""

import re

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)")


def bold(text: str) -> str:
    """A line in bold of text that is no markdown."""
    return f"**{escaped(' '.join(text.replace('*', '').replace('`', '').split()))}**"


def escaped(text: str) -> str:
    """The text as markdown that shows it letter by letter."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def unescaped(text: str) -> str:
    """What `escaped` was made of."""
    return re.sub(r"\\([\\`*\[\]<_])", r"\1", text)
