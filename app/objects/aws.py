"""What the AWS_ variables and the answers of a bucket's server say, in words."""

import os
import re
from urllib.parse import urlsplit

from footnote.app.core.errors import SettingsError

# Those that obstore takes the address of the server from.
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT")
_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_REFUSALS = ("PermissionDeniedError", "UnauthenticatedError")
_REFUSED = re.compile(r"\b(401 Unauthorized|403 Forbidden)\b")  # a listing's refusal has no class of its own
# Where obstore asks the machine for the keys of a role, because the variables hold none.
_ROLE_SERVICES = re.compile(r"https?://[^/ ]+/latest/(api/token|meta-data)|//169\.254\.")
_ELEMENT = re.compile(r"<(Code|Message)>([^<]*)</\1>")
_DETAIL_CHARS = 300


def require_endpoint() -> None:
    """Refuse an address of a server that is none: obstore does not survive it.

    Raises:
        SettingsError: a variable holds such a one.
    """
    for name in _ENDPOINTS:
        value = os.environ.get(name)
        if value is not None and not _is_endpoint(value):
            raise SettingsError(
                f"{name} is {_without_login(value)!r}, which is no address of a server: write http://host:port or "
                "https://host, or unset it for AWS itself"
            )


def short(error: BaseException) -> str:
    """The first line, without what obstore adds for its own developers; of an answer in XML the code and message."""
    said = str(error).split("\n\nDebug source")[0]
    words, _, markup = said.partition("<")
    answer = ": ".join(text for _, text in _ELEMENT.findall(f"<{markup}") if text)
    return " ".join(f"{words} {answer}".split()).rstrip(" :")[:_DETAIL_CHARS]


def fix_of(error: Exception) -> str:
    """What helps against a failure."""
    if _ROLE_SERVICES.search(str(error)):
        return f"no keys were found: set {_KEYS}, or give this machine a role"
    if isinstance(error, PermissionError) or type(error).__name__ in _REFUSALS or _REFUSED.search(str(error)):
        return f"check {_KEYS}, and what they allow"
    return "check AWS_ENDPOINT_URL, AWS_REGION and the network"


def _is_endpoint(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    is_plain = re.fullmatch(r"[!-~]+", value) is not None
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def _without_login(value: str) -> str:
    return re.sub(r"//[^/]*@", "//***@", value)
