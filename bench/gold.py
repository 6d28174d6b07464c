"""Whether a text holds the quote that is known to answer a question."""

MIN_OVERLAP_CHARS = 20


def holds(text: str, quote: str) -> bool:
    """Whether the text holds the quote or half of it, where the text begins or ends inside; white space aside."""
    text, quote = " ".join(text.split()), " ".join(quote.split())
    half = max(MIN_OVERLAP_CHARS, len(quote) // 2)
    return quote[:half] in text or quote[-half:] in text
