"""Text as UTF-8 can hold it."""


def without_surrogates(text: str) -> str:
    """The text with `?` for each half character: bytes of an argument or a file name, escapes of YAML or JSON."""
    return text.encode("utf-8", "replace").decode()
