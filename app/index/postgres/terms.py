"""Terms as the tables have them."""

import hashlib

_LONGEST = 500  # characters; an index of PostgreSQL takes 2,704 bytes
_HASHED = "\x01"  # begins no term


def key_of(term: str) -> str:
    """The term, or a hash of one that no index can hold."""
    if len(term) <= _LONGEST and "\x00" not in term:
        return term
    return _HASHED + hashlib.sha256(term.encode("utf-8", "surrogatepass")).hexdigest()


def is_spelled(key: str) -> bool:
    """Whether the key is the term itself."""
    return not key.startswith(_HASHED)
