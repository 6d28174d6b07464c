"""personal: what in a text looks like somebody's own: addresses, numbers, keys. Patterns; a report, no promise.

Names that standards set aside for examples, and addresses of private networks, are nobody's.
"""

import ipaddress
import re
from collections.abc import Iterator

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?P<host>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
_NOBODYS_HOST = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$", re.I)  # RFC 2606
# Of repositories, not of people: git@github.com:team/project.git
_NOBODYS_NAME = frozenset(("git", "noreply", "no-reply", "user", "username", "me", "you", "name"))
_PHONE = re.compile(
    r"(?<![\w./:=-])(?:\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]\d{2,4}){1,4}"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\w-])"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)")
_IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4}){1,6}(?![\w:])")
_KEYS = re.compile(
    r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{50,}|\bsk-(?:proj-|ant-)?[\w-]{32,}"
    r"|\bxox[abprs]-[\w-]{10,}|\bglpat-[\w-]{20}|\bAIza[\w-]{35}|\bpypi-AgE[\w-]{50,}|\bhf_[A-Za-z0-9]{34}\b"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
)
KINDS = ("e-mail address", "phone number", "IBAN", "card number", "IP address", "key")


def personal(text: str) -> Iterator[str]:
    """The kind of each thing found, in no order; what was found is not said."""
    for mail in _EMAIL.finditer(text):
        if not _NOBODYS_HOST.search(mail["host"]) and mail[0].partition("@")[0].lower() not in _NOBODYS_NAME:
            yield "e-mail address"
    for _ in _PHONE.finditer(text):
        yield "phone number"
    for iban in _IBAN.finditer(text):
        if _is_iban(iban[0]):
            yield "IBAN"
    for card in _CARD.finditer(text):
        if _is_card(card[0]):
            yield "card number"
    for address in (*_IPV4.finditer(text), *_IPV6.finditer(text)):
        if _is_somebodys(address[0]):
            yield "IP address"
    for _ in _KEYS.finditer(text):
        yield "key"


def _is_iban(text: str) -> bool:
    """By its check digits, ISO 7064."""
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """By Luhn's check digit, and a first digit that networks of cards have."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return digits[0] in (3, 4, 5, 6) and len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_somebodys(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False
