"""Text as UTF-8 can hold it, and in one of the forms that Unicode has for the same letters."""

import unicodedata


def without_surrogates(text: str) -> str:
    """The text with `?` for each half character: bytes of an argument or a file name, escapes of YAML or JSON."""
    return text.encode("utf-8", "replace").decode()


def bare_question(question: str) -> str:
    """The question without what does not change it: case, width, spaces, marks at the end."""
    folded = unicodedata.normalize("NFKC", question).casefold()
    return " ".join(folded.split()).rstrip(" ?!.")


def composed(text: str) -> str:
    """The text with accents composed (NFC): a file name may be stored in one form and typed in the other."""
    return unicodedata.normalize("NFC", text)
