"""Every error Footnote raises on purpose.

    FootnoteError
    ├── SettingsError          a setting is unknown, malformed or contradicts another
    ├── CollectionUnknownError no collection has this name
    ├── CollectionUnnamedError there are several, and what is about one names none
    ├── DocsFolderError        the docs folder is missing, not a folder, or holds no markdown
    ├── GitSourceError         a repository of docs cannot be fetched, or holds no such branch or folder
    ├── OtherDocsError         the index was built from another docs folder, and is not to be replaced
    ├── IndexMissingError      no index has been built yet
    │   └── GenerationUnknownError the index has no such generation
    ├── IndexMismatchError     the index was built by another model or another version
    ├── IndexDamagedError      files of the index are missing or unreadable
    ├── StoreError             the server that holds the chunks refuses or fails
    │   └── StoreUnreachableError it does not answer
    ├── IndexWriteError        the index cannot be written: disk full, no permission
    ├── IngestRunningError     another ingest holds the lock
    ├── ImportRunningError     another import writes the same folder
    ├── ImportStateError       what an import wrote before is not known: its list is damaged
    ├── DiskSpaceError         the disk has no room for what is about to be written
    ├── BackupError            a backup cannot be made, or is damaged, of another format or none at all
    │   ├── BackupThereError   one of that name is there, and it is not to be replaced
    │   ├── OtherCollectionError it is of another collection than the one that it would become
    │   └── IndexOccupiedError it would be restored over an index that is in use
    ├── ModelError             a bundled or configured model cannot be loaded, or one not be fetched
    ├── ClusterError           there is no Ray cluster at an address, or none of its workers can do the work
    ├── LLMError               the language model refused, failed or cannot be reached
    ├── DeletionsError         an ingest would remove much of the live index
    ├── QuestionError          the question or a filter is empty, too long or malformed
    ├── ChatRequestError       an OpenAI client asks for what no answer could honour
    │   └── ModelUnknownError  it asks for another model
    ├── TooManyRequestsError   one caller asks more often than they may
    ├── OverCapacityError      the service has more questions queued than it accepts
    ├── NotReadyError          the service still loads its models or its index, or is stopping
    ├── ListenError            the service cannot listen on its address: the port is in use
    ├── UnauthorizedError      a request does not carry the key, or another one
    ├── ForbiddenError         whoever asks may not do that
    ├── IssuerUnreachableError no token can be checked, as the issuer's keys are not to be had
    ├── KeyStoreError          the keys of those who may ask cannot be read or written
    ├── KeyUnknownError        no key has this id
    ├── IngestOffError         the service starts no ingest: no key is set
    ├── WebhookOffError        no webhook is taken: no secret is set
    ├── IngestUnknownError     the service knows no ingest of this id
    ├── PageUnknownError       no generation that is kept has this page
    ├── FeedbackOffError       the service keeps no questions, so no feedback either
    ├── SavingOffError         the service saves no answers
    ├── AnswerNotGivenError    what is to be saved is no answer that the service gave
    ├── SavedAnswerUnknownError no answer is saved under this id
    ├── AnswerStoreError       the saved answers cannot be read or written
    ├── SavedAnswerError       what is to be verified is no saved answer
    ├── GapUnknownError        no gap has this question or number
    ├── QuestionLogError       the kept questions cannot be read or written
    ├── AnswerLogError         the kept answers cannot be read or written
    ├── UsageLogError          the sums of each day cannot be read or written
    ├── AuditError             who did what cannot be written down, and must be
    ├── KeptAnswerUnknownError no answer is kept under this id
    ├── ObjectStoreError       a folder or bucket beyond the index cannot be read or written, or holds what it must not
    │   ├── ObjectMissingError it has no object of this name
    │   └── ObjectTooLargeError an object has more bytes than it may have
    ├── ReplicaError           an index is a replica and not to be changed, or what it follows is not as it must be
    ├── ServiceError           a service that was asked answered with an error, or with what is no answer
    │   └── ServiceUnreachableError it did not answer at all
    ├── QuestionFileError      a question file of an evaluation is missing, or has wrong lines
    ├── NothingToEvaluateError there is no question to ask, or none to compare
    ├── FineTuningError        a provider of fine-tuning refused a request, or a job of it failed
    │   └── FineTuningUnreachableError it did not answer
    ├── NothingToLearnError    no training example came of what was named
    ├── BaselineError          a baseline of an evaluation cannot be read, or is no saved run
    ├── ExampleFileError       a file of training examples is missing, or has wrong lines
    └── TrainingError          a training cannot be done or gone on with: memory, length, losses

Each class carries a stable `slug` (the last part of the problem `type` over HTTP) and the
command line's `exit_code`. "The docs do not say" is an answer, not an error.
"""

import re
from typing import ClassVar

from footnote.app.core.told_commands import of_collection

PROBLEM_TYPE = "urn:footnote:problem:"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")


class FootnoteError(Exception):
    """Base of the tree. The message names the fix, for the collection that the work is about."""

    slug: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "") -> None:
        super().__init__(of_collection(message))

    @property
    def problem_type(self) -> str:
        """The stable `type` of the problem, over HTTP and in `--json`."""
        return PROBLEM_TYPE + self.slug

    @property
    def title(self) -> str:
        """The class's name without `Error`, as words: "Index missing", "LLM"."""
        first, *others = _WORD.findall(type(self).__name__.removesuffix("Error"))
        return " ".join([first, *(word.lower() for word in others)])


class SettingsError(FootnoteError):
    slug = "settings"
    exit_code = 2


class CollectionUnknownError(FootnoteError):
    slug = "collection-unknown"
    exit_code = 2


class CollectionUnnamedError(FootnoteError):
    slug = "collection-unnamed"
    exit_code = 2


class DocsFolderError(FootnoteError):
    slug = "docs-folder"
    exit_code = 2


class GitSourceError(FootnoteError):
    slug = "git-source"


class OtherDocsError(FootnoteError):
    slug = "other-docs"
    exit_code = 2


class DeletionsError(FootnoteError):
    slug = "deletions"
    exit_code = 2


class QuestionError(FootnoteError):
    slug = "bad-question"
    exit_code = 2


class ChatRequestError(FootnoteError):
    """`param` is the field that is wrong."""

    slug = "unsupported"

    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


class ModelUnknownError(ChatRequestError):
    slug = "model-not-found"

    def __init__(self, message: str) -> None:
        super().__init__(message, "model")


class IndexMissingError(FootnoteError):
    slug = "index-missing"
    exit_code = 3


class GenerationUnknownError(IndexMissingError):
    slug = "generation-unknown"


class IndexMismatchError(FootnoteError):
    slug = "index-mismatch"
    exit_code = 3


class IndexDamagedError(FootnoteError):
    slug = "index-damaged"
    exit_code = 3


class StoreError(FootnoteError):
    """The server that holds the chunks refuses or fails; the index is not damaged by that."""

    slug = "store"
    exit_code = 3


class StoreUnreachableError(StoreError):
    """It does not answer."""

    slug = "store-unreachable"


class IndexWriteError(FootnoteError):
    slug = "index-write"


class IngestRunningError(FootnoteError):
    slug = "ingest-running"
    exit_code = 3


class ImportRunningError(FootnoteError):
    slug = "import-running"


class ImportStateError(FootnoteError):
    slug = "import-state"


class DiskSpaceError(FootnoteError):
    slug = "disk-space"


class BackupError(FootnoteError):
    slug = "backup"


class BackupThereError(BackupError):
    slug = "backup-there"
    exit_code = 2


class OtherCollectionError(BackupError):
    slug = "other-collection"
    exit_code = 2


class IndexOccupiedError(BackupError):
    slug = "index-occupied"
    exit_code = 2


class ModelError(FootnoteError):
    slug = "model"
    exit_code = 4


class ClusterError(FootnoteError):
    slug = "cluster"


class LLMError(FootnoteError):
    slug = "llm"
    exit_code = 4


class OverCapacityError(FootnoteError):
    slug = "over-capacity"
    exit_code = 1

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooManyRequestsError(FootnoteError):
    slug = "rate-limit-exceeded"  # as OpenAI calls it

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotReadyError(FootnoteError):
    slug = "not-ready"


class ListenError(FootnoteError):
    slug = "cannot-listen"
    exit_code = 5


class UnauthorizedError(FootnoteError):
    """The key is missing or wrong; which of the two is not said."""

    slug = "unauthorized"


class ForbiddenError(FootnoteError):
    slug = "forbidden"


class IssuerUnreachableError(FootnoteError):
    slug = "issuer-unreachable"


class KeyStoreError(FootnoteError):
    slug = "key-store"


class KeyUnknownError(FootnoteError):
    slug = "key-unknown"
    exit_code = 2


class IngestOffError(FootnoteError):
    slug = "ingest-off"


class WebhookOffError(FootnoteError):
    slug = "webhook-off"


class IngestUnknownError(FootnoteError):
    slug = "ingest-unknown"


class PageUnknownError(FootnoteError):
    slug = "page-unknown"


class FeedbackOffError(FootnoteError):
    slug = "feedback-off"


class SavingOffError(FootnoteError):
    slug = "saving-off"


class AnswerNotGivenError(FootnoteError):
    slug = "answer-not-given"


class SavedAnswerUnknownError(FootnoteError):
    slug = "answer-unknown"


class AnswerStoreError(FootnoteError):
    slug = "answer-store"


class SavedAnswerError(FootnoteError):
    slug = "saved-answer"
    exit_code = 2


class QuestionFileError(FootnoteError):
    """A question file is missing, or lines of it are wrong; the message has a line for each."""

    slug = "question-file"
    exit_code = 2


class NothingToEvaluateError(FootnoteError):
    """There is no question to ask, or none to compare."""

    slug = "nothing-to-evaluate"


class FineTuningError(FootnoteError):
    """A provider of fine-tuning refused a request, or a job of it failed."""

    slug = "fine-tuning"
    exit_code = 4


class FineTuningUnreachableError(FineTuningError):
    """It did not answer."""

    slug = "fine-tuning-unreachable"


class NothingToLearnError(FootnoteError):
    """No training example came of what was named."""

    slug = "nothing-to-learn"


class BaselineError(FootnoteError):
    """A baseline cannot be read, or is no saved run."""

    slug = "baseline"
    exit_code = 2


class ExampleFileError(FootnoteError):
    """A file of training examples is missing, or lines of it are wrong; the message has a line for each."""

    slug = "example-file"
    exit_code = 2


class TrainingError(FootnoteError):
    slug = "training"


class ObjectStoreError(FootnoteError):
    slug = "object-store"


class ObjectMissingError(ObjectStoreError):
    slug = "object-missing"


class ObjectTooLargeError(ObjectStoreError):
    slug = "object-store"


class ReplicaError(FootnoteError):
    slug = "replica"
    exit_code = 3


class GapUnknownError(FootnoteError):
    slug = "gap-unknown"
    exit_code = 2


class QuestionLogError(FootnoteError):
    """The questions cannot be read or written; `damaged` when no permission or space would mend that."""

    slug = "question-log"

    def __init__(self, message: str, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


class AnswerLogError(FootnoteError):
    """The kept answers cannot be read or written; `damaged` as of `QuestionLogError`."""

    slug = "answer-log"

    def __init__(self, message: str, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


class UsageLogError(FootnoteError):
    """The sums of usage cannot be read or written; `damaged` as of `QuestionLogError`."""

    slug = "usage-log"

    def __init__(self, message: str, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


class AuditError(FootnoteError):
    slug = "audit"


class KeptAnswerUnknownError(FootnoteError):
    slug = "kept-answer-unknown"
    exit_code = 2


def ended(reason: str) -> str:
    """The message of an error with a stop behind it, so that more can be said."""
    return reason + ("" if reason.endswith((".", "?", "!")) else ".")


def as_sentence(reason: str) -> str:
    """The message of an error as a sentence, to stand beside others."""
    return ended(reason[:1].upper() + reason[1:])


class ServiceError(FootnoteError):
    """What a client of a service gets in place of an answer.

    Attributes:
        status: of the HTTP response; None where none came, or the service failed on the way.
        type: of the service's problem, such as `urn:footnote:problem:index-missing`; stable, as the message is not.
        retry_after_s: when to try again, where the service says so.
    """

    slug = "service"

    def __init__(
        self, message: str, type: str | None = None, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.type = type or PROBLEM_TYPE + self.slug
        self.status = status
        self.retry_after_s = retry_after_s


class ServiceUnreachableError(ServiceError):
    slug = "service-unreachable"
