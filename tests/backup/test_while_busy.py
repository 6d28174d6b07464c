"""Backups that are made while ingests replace generations and people ask."""

import threading
from contextlib import closing
from pathlib import Path

from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import check, restore
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from footnote.app.questions.question_log import QuestionLog
from footnote.ingest.flow import ingest
from tests.backup.backups import quiet
from tests.conftest import WriteDocs

BACKUPS = 8


def test_each_backup_is_of_one_generation_and_whole(tmp_path: Path, write_docs: WriteDocs, embedder: Embedder) -> None:
    docs_dir = write_docs(tmp_path / "docs", {"a.md": "# A\n\nround 0\n", "b.md": "# B\n\nround 0\n"})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "index", keep_generations=1)
    ingest(settings, quiet, embedder)
    stop = threading.Event()
    failures: list[BaseException] = []

    def until_stopped(work: object) -> threading.Thread:
        def run() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                try:
                    work(number)  # type: ignore[operator]
                except BaseException as error:
                    failures.append(error)
                    return

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def next_round(number: int) -> None:
        write_docs(docs_dir, {f"{name}.md": f"# {name.upper()}\n\nround {number}\n" for name in "ab"})
        ingest(settings, quiet, embedder)

    def asked(number: int) -> None:
        QuestionLog(tmp_path / "index", 90).keep_feedback(f"question {number}", False)

    threads = [until_stopped(next_round), until_stopped(asked)]
    try:
        made = [back_up(tmp_path / "index", f"{tmp_path}/{number}.tar.gz", quiet) for number in range(BACKUPS)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert len({one.contents.generation for one in made}) > 1
    for number, one in enumerate(made):
        assert check(one.address, quiet).contents == one.contents
        restored = tmp_path / f"restored-{number}"
        restore(one.address, restored, quiet)
        with closing(open_index(restored)) as index:
            assert index.generation == one.contents.generation
            assert len({chunk.text.splitlines()[-1] for chunk in index.chunks.all_chunks()}) == 1
            assert index.chunks.count() == index.vectors.count() == 2
        log = [kept.question for kept in QuestionLog(restored, 90).read()]
        assert log == [f"question {place}" for place in range(1, len(log) + 1)]


def test_a_generation_that_is_backed_up_is_not_removed(
    tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    docs_dir = write_docs(tmp_path / "docs", {"a.md": "# A\n\nround 0\n"})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "index", keep_generations=1)
    ingest(settings, quiet, embedder)

    def replaced(stage: str, done: int, total: int) -> None:
        if stage == "pack" and not (tmp_path / "index" / "generations" / "2").exists():
            write_docs(docs_dir, {"a.md": "# A\n\nround 1\n"})
            ingest(settings, quiet, embedder)

    back_up(tmp_path / "index", str(tmp_path / "a.tar.gz"), replaced)
    assert Generations(tmp_path / "index").complete() == [1, 2]
    assert check(str(tmp_path / "a.tar.gz"), quiet).contents.generation == 1
    write_docs(docs_dir, {"a.md": "# A\n\nround 2\n"})
    ingest(settings, quiet, embedder)
    assert Generations(tmp_path / "index").complete() == [3]
