"""splitting: the pages that were read, cut into chunks, in several processes where there are many of them.

    compared files -> split here, for a moment -> processes, a core each -> chunks, in the order of the files

`python -m footnote.ingest.splitting` is such a process: it ends with its standard input, so none outlives a killed
ingest.
"""

import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TypeAlias

from footnote.app.core.errors import FootnoteError
from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.models.onnx_model import core_count
from footnote.ingest.diff import ComparedFile
from footnote.ingest.split import Split, split_or_skip
from footnote.ingest.types import Document

SplitAll: TypeAlias = Callable[
    [Iterator[ComparedFile], IngestSettings, Flavour], Iterator[tuple[ComparedFile, Split | None]]
]

_ALONE_S = 1.0  # a process takes half a second to start
_GROUP_BYTES, _GROUP_FILES = 200_000, 64  # of one message to a process; the last ones are waited for
_AHEAD = 3  # groups a process, done or under way


def split_each(
    compared: Iterable[ComparedFile], rules: IngestSettings, site: Flavour
) -> Iterator[tuple[ComparedFile, Split | None]]:
    """Each file in order, with its chunks where it was read."""
    for file in compared:
        yield file, split_or_skip(file.document, rules, site) if file.document else None


def split_on_cores(
    compared: Iterator[ComparedFile], rules: IngestSettings, site: Flavour
) -> Iterator[tuple[ComparedFile, Split | None]]:
    """As `split_each`; after a moment on all cores.

    Raises:
        FootnoteError: a process was ended from outside.
    """
    spent_s = 0.0
    cores = core_count()
    for file in compared:
        began = time.perf_counter()
        yield from split_each([file], rules, site)
        spent_s += time.perf_counter() - began if file.document else 0.0
        if cores > 1 and spent_s > _ALONE_S:
            break
    else:
        return
    with _splitters(cores, rules, site) as split:
        ahead: deque[tuple[list[ComparedFile], Future[list[Split]]]] = deque()
        for group in groups_of(compared):
            ahead.append((group, split(group)))
            if len(ahead) >= _AHEAD * cores:
                first, splits = ahead.popleft()
                yield from paired(first, splits.result())
        for group, splits in ahead:
            yield from paired(group, splits.result())


def groups_of(compared: Iterable[ComparedFile]) -> Iterator[list[ComparedFile]]:
    """The files in a row, as many as are worth a message."""
    group: list[ComparedFile] = []
    size = 0
    for file in compared:
        group.append(file)
        size += len(file.document.raw) if file.document else 0
        if size >= _GROUP_BYTES or len(group) >= _GROUP_FILES:
            yield group
            group, size = [], 0
    if group:
        yield group


def documents_of(group: Iterable[ComparedFile]) -> list[Document]:
    """Those of the files that were read."""
    return [file.document for file in group if file.document]


def paired(group: Iterable[ComparedFile], splits: Iterable[Split]) -> Iterator[tuple[ComparedFile, Split | None]]:
    """Each file with its chunks, which are given for those that were read."""
    given = iter(splits)
    return ((file, next(given) if file.document else None) for file in group)


Process: TypeAlias = "subprocess.Popen[bytes]"


@contextmanager
def _splitters(
    count: int, rules: IngestSettings, site: Flavour
) -> Iterator[Callable[[list[ComparedFile]], "Future[list[Split]]"]]:
    """What gives a group to one of so many processes that cut pages by these rules."""
    command = [sys.executable, "-P", "-m", "footnote.ingest.splitting"]
    # It finds the modules that this process found. In a session of its own, Ctrl-C reaches this process alone.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with ExitStack() as undo:
        started = []
        for _ in range(count):
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            undo.callback(_let_go, process)
            started.append(process)
        threads = ThreadPoolExecutor(count, thread_name_prefix="splitting")
        # Threads wait for their processes, so those end first.
        undo.callback(threads.shutdown, cancel_futures=True)
        for process in started:
            undo.callback(process.kill)
        free = deque(started)
        yield lambda group: threads.submit(_split_by_one, free, (rules, site, documents_of(group)))


def _let_go(process: Process) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with suppress(OSError):  # what it did not read any more
            pipe.close()
    process.wait()


def _split_by_one(free: deque[Process], message: tuple[IngestSettings, Flavour, list[Document]]) -> list[Split]:
    """The chunks of the documents, by a process that is free: there is one for each thread."""
    *_, documents = message
    if not documents:
        return []
    process = free.pop()
    try:
        _send(process.stdin, message)
        assert process.stdout is not None
        said = pickle.load(process.stdout)
    except (EOFError, OSError, pickle.UnpicklingError) as error:
        raise FootnoteError(
            f"a process that cuts pages was ended from outside while it had {documents[0].path} and "
            f"{len(documents) - 1} others: is there enough memory?"
        ) from error
    free.append(process)
    if isinstance(said, Exception):
        raise said
    splits: list[Split] = said
    return splits


def _send(pipe: IO[bytes] | None, message: object) -> None:
    assert pipe is not None
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def main() -> None:
    """Cut what comes on standard input, until it ends."""
    messages = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may be printed between the answers
        with suppress(EOFError, BrokenPipeError):
            while True:
                rules, site, documents = pickle.load(messages)
                try:
                    answer: object = [split_or_skip(document, rules, site) for document in documents]
                except Exception as error:  # it is raised where the pages are waited for
                    answer = error
                _send(answers, answer)


if __name__ == "__main__":
    main()
