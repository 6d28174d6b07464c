"""audit: the lines of one process, and what becomes of those that cannot be written."""

import logging
import threading
from collections import OrderedDict, deque
from pathlib import Path

from footnote.app.audit.acts import REFUSALS, is_kept
from footnote.app.audit.audit_file import AUDIT_FILE, AuditFile
from footnote.app.audit.entry import Request, line_of
from footnote.app.audit.noting import Notes
from footnote.app.audit.salt import hashed, read_salt
from footnote.app.core.errors import AuditError
from footnote.app.core.setting_groups import AuditSettings

log = logging.getLogger(__name__)

_MOST_WAITING = 1000
_REFUSALS_EVERY_S = 60
_MOST_REFUSED = 10_000


class Audit:
    """Keeps who did what. It raises nothing while a request is answered; what cannot be written waits."""

    def __init__(self, index_dir: Path, settings: AuditSettings) -> None:
        self.is_required = settings.mode == "required"
        self._index_dir = index_dir
        self._keeps_questions = settings.questions
        self._file = AuditFile(index_dir, round(settings.mb * 10**6), settings.files)
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._warned = False
        self._salt: bytes | None = None
        self._refused_at: OrderedDict[tuple[str, int], float] = OrderedDict()

    def require(self) -> None:
        """Be sure that what is done now will stand in the audit.

        Raises:
            AuditError: the file cannot be opened, or lines of earlier requests cannot be written yet.
        """
        try:
            with self._lock:
                self._salted()
                self._file.check()
                self._write_waiting()
        except OSError as error:
            raise AuditError(self._reason(error)) from error

    def keep(self, request: Request, notes: Notes) -> None:
        """Write the line of a request, where it is to have one."""
        act = notes.act or request.route_act
        if not is_kept(act, request.status):
            return
        with self._lock:
            if self._is_one_of_many(request):
                return
            try:
                line = line_of(request, notes, self._told)
                self._waiting.append(line)
                self._write_waiting()
                self._warned = False
            except (OSError, AuditError) as error:
                self._complain(error)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _is_one_of_many(self, request: Request) -> bool:
        """Whether the same refusal to the same caller stands in the audit already, of the last minute.

        Somebody who is refused again and again must not push out of the files what others did.
        """
        if request.status not in REFUSALS:
            return False
        key = (request.caller, request.status)
        before = self._refused_at.get(key)
        if before is not None and 0 <= request.at_s - before < _REFUSALS_EVERY_S:
            return True
        self._refused_at[key] = request.at_s
        self._refused_at.move_to_end(key)
        if len(self._refused_at) > _MOST_REFUSED:
            self._refused_at.popitem(last=False)
        return False

    def _told(self, question: str) -> tuple[str, str]:
        return ("question", question) if self._keeps_questions else ("question_hmac", hashed(question, self._salted()))

    def _salted(self) -> bytes:
        if self._salt is None:
            self._salt = b"" if self._keeps_questions else read_salt(self._index_dir)
        return self._salt

    def _write_waiting(self) -> None:
        while self._waiting:
            self._file.append(self._waiting[0])
            self._waiting.popleft()
        if self._lost:
            log.warning("%d lines of the audit were lost while they could not be written", self._lost)
            self._lost = 0

    def _complain(self, error: OSError | AuditError) -> None:
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self._lost += 1
        if not self._warned:
            log.error("%s", self._reason(error))
        self._warned = True

    def _reason(self, error: OSError | AuditError) -> str:
        if isinstance(error, AuditError):
            return str(error)
        return (
            f"{self._index_dir / AUDIT_FILE} cannot be written ({error.strerror or error}): check space and "
            "permissions of the index folder"
        )


def make_audit(index_dir: Path, settings: AuditSettings) -> Audit | None:
    """The audit that the settings ask for; None for none."""
    return None if settings.mode == "false" else Audit(index_dir, settings)
