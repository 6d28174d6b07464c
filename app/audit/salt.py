"""salt: the secret that questions are hashed with.

Without it, whoever has the log alone could hash likely questions and look for them.
"""

import hashlib
import hmac
import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path

from footnote.app.core.errors import AuditError

AUDIT_SALT = "audit.salt"
_BYTES = 32


def read_salt(index_dir: Path) -> bytes:
    """The secret of this index folder, which is made where there is none.

    Raises:
        AuditError: it cannot be read or written, or is none.
    """
    file = index_dir / AUDIT_SALT
    try:
        if not file.exists():
            _make(file)
        salt = file.read_bytes()
    except OSError as error:
        raise AuditError(f"{file} cannot be used ({error.strerror}): check its permissions") from error
    if len(salt) != _BYTES:
        raise AuditError(f"{file} is damaged: delete it, and questions have other hashes from then on")
    return salt


def _make(file: Path) -> None:
    """Whole or not at all; of several processes that make one, all take the first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}-{os.getpid()}-{threading.get_ident()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def hashed(question: str, salt: bytes) -> str:
    """The HMAC-SHA256 of a question in hex; that of the same words in other case or spacing is the same."""
    return hmac.new(salt, " ".join(question.casefold().split()).encode(), hashlib.sha256).hexdigest()
