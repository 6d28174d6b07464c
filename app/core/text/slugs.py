"""slugs: what generators of sites make of the words of a heading, each by its own rule. Numbers come after that."""

import re
import unicodedata

# What GitHub keeps: letters, marks, digits, connectors such as `_`; of letters also those that are numbers (Ⅷ).
_KEPT = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"])
_HUGO_KEPT = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Nd"])
_ASCII_DROPPED = re.compile(r"[^A-Za-z0-9_ -]")
_VITEPRESS_SPECIAL = re.compile(r"[\s\ufeff~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’<>,.?/]+")
_VITEPRESS_DROPPED = re.compile(r"[\u0300-\u036f\x00-\x1f]")
_QUOTES = re.compile("['‘’\"“”]")
# Letters with a stroke, a hook or of two letters, which Unicode does not take apart.
_DOCUTILS_LETTERS = str.maketrans(
    {"ß": "sz", "æ": "ae", "œ": "oe", "ȸ": "db", "ȹ": "qp"}
    | dict(zip("øđħıłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȥȴȵȶȷȼȿɀɇɉɋɍɏ", "odhiltbbcdfklnpttyzgzlntjcszejqry", strict=True))
)


def github_slug(text: str) -> str:
    """`C & D` -> `c--d`; unicode is kept.

    Source: github-slugger 2.0.0.
    """
    return _only(text.lower(), _KEPT).replace(" ", "-")


def kramdown_slug(text: str) -> str:
    """As GitHub's, with a tab as a space.

    Source: `generate_gfm_header_id` of kramdown-parser-gfm 1.1.0, which Jekyll uses.
    """
    return github_slug(_lowered(text).replace("\t", " "))


def mkdocs_slug(text: str) -> str:
    """`C & D` -> `c-d`; what ASCII cannot hold is dropped.

    Source: `slugify` of markdown.extensions.toc, Python-Markdown 3.11.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_text).strip().lower())


def pymdownx_slug(text: str) -> str:
    """`C & D` -> `c--d`; unicode is kept.

    Source: `slugify` of pymdownx.slugs with `case: lower`, pymdown-extensions 10 to 13.
    """
    return re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", text).strip().lower()).replace(" ", "-")


def vitepress_slug(text: str) -> str:
    """`What's next` -> `what-s-next`; unicode is kept, accents are not.

    Source: `slugify` of @mdit-vue/shared 3.0.2.
    """
    plain = _VITEPRESS_DROPPED.sub("", unicodedata.normalize("NFKD", text))
    slug = re.sub(r"-+", "-", _VITEPRESS_SPECIAL.sub("-", plain)).strip("-")
    return (f"_{slug}" if "0" <= slug[:1] <= "9" else slug).lower()


def hugo_slug(text: str) -> str:
    """As GitHub's of letters and digits alone; `heading` of nothing.

    Source: `sanitizeAnchorName` of Hugo 0.168 with its default `autoIDType: github`.
    """
    return _only(_lowered(text.strip()), _HUGO_KEPT).replace(" ", "-") or "heading"


def docutils_slug(text: str) -> str:
    """`🎉 1. What's next` -> `what-s-next`; "" where there is no Latin letter.

    Source: `make_id` of docutils 0.22.
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_DOCUTILS_LETTERS))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return slug.lstrip("-0123456789").rstrip("-")


def mystmd_slug(text: str) -> str:
    """`What's next` -> `whats-next`, `1. First` -> `id-1-first`; what is no ASCII is a hyphen.

    Source: `normalizeLabel` of myst-common 1.10.0.
    """
    slug = re.sub(r"[^a-z0-9-]", "-", _QUOTES.sub("", text).strip().lower())
    return re.sub(r"-+", "-", f"id-{slug}" if re.match("[0-9-]", slug) else slug).strip("-")


def mdbook_slug(text: str) -> str:
    """As GitHub's, also of numbers such as ½; `section` of nothing.

    Source: `id_from_content` of mdBook 0.5.
    """
    kept = (
        "-" if char.isspace() else char
        for char in text.strip().lower()
        if char in "-_" or char.isspace() or char.isalnum() or _is_vowel_sign(char)
    )
    return "".join(kept) or "section"


def _lowered(text: str) -> str:
    """Each letter by itself, as Ruby and Go do it: a sigma at the end of a word is no other letter."""
    return text.lower() if text.isascii() else "".join(map(str.lower, text))


def _only(text: str, categories: frozenset[str]) -> str:
    """The characters of these categories, spaces, hyphens and underscores."""
    if text.isascii():
        return _ASCII_DROPPED.sub("", text)
    return "".join(char for char in text if char in " -_" or unicodedata.category(char) in categories)


def _is_vowel_sign(char: str) -> bool:
    """Of the marks these are alphabetic for Rust, nearly: accents are not."""
    return unicodedata.category(char) in ("Mc", "Mn") and not unicodedata.combining(char)
