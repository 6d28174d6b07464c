"""What docs of a Git repository cost beside a folder: the first fetch, a look, an update, the commit of a folder.

    python bench/git_docs.py FOLDER [--files 2000]

Makes the corpus of big_corpus.py in a repository in FOLDER, beside a program of as many files that is no part of the
docs, and serves it by git's own server on loopback. Embeddings are fake.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from big_corpus import FakeEmbeddings, disk_mb, make_docs

sys.path.insert(0, str(Path(__file__).parents[1]))

from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedder import PrefixedEmbeddings
from footnote.ingest.flow import IngestReport, ingest
from tests.git_server import Repository, git_server

_PROGRAM = "a line of a program that is no part of the docs\n" * 200


def run(what: str, settings: Settings) -> IngestReport:
    """An ingest, with a line of how long it took, and its stages from their first to their last word."""
    spans: dict[str, list[float]] = {}
    started = time.perf_counter()

    def on_progress(stage: str, *_: int) -> None:
        spans.setdefault(stage, []).append(time.perf_counter())

    report = ingest(settings, on_progress, PrefixedEmbeddings(FakeEmbeddings(), "", Fingerprint("fake", "0" * 64)))
    seconds = time.perf_counter() - started
    stages = ", ".join(f"{stage} {times[-1] - times[0]:.2f}" for stage, times in spans.items())
    print(f"{what:<44} {seconds:6.2f} s   ({stages or 'no stage'})", flush=True)
    return report


def edited(repository: Repository) -> None:
    """Change one page."""
    page = next((repository.folder / "docs").rglob("*.md"))
    page.write_text(page.read_text() + "\nOne more line.\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    given = parser.parse_args()
    repository = Repository(given.folder / "served" / "site")
    make_docs(repository.folder / "docs", given.files, 1)
    for number in range(given.files):
        file = repository.folder / "src" / str(number % 50) / f"{number}.c"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{number}\n{_PROGRAM}")
    repository.commit({})
    with git_server(given.folder / "served") as server:
        address = f"{server.url()}#main:docs"
        settings = load_settings(env_file=None, docs_dir=address, index_dir=given.folder / "index")
        steps: list[tuple[str, Callable[[], object]]] = [
            ("of the repository, first", lambda: None),
            ("the same, nothing to do", lambda: None),
            ("the same, one page pushed", lambda: (edited(repository), repository.commit({}))),
        ]
        for what, change in steps:
            change()
            run(what, settings)
        print(f"checkout {disk_mb(given.folder / 'index' / 'checkout'):.1f} MB, ", end="")
        print(f"repository with its files {disk_mb(repository.folder):.1f} MB")
    docs = repository.folder / "docs"
    plain = settings.changed(docs_dir=docs, index_dir=given.folder / "plain")
    run("of its folder, first", plain)
    run("the same, nothing to do", plain)
    (repository.folder / ".git").rename(given.folder / "aside")
    run("the same, in no repository", settings.changed(docs_dir=docs, index_dir=given.folder / "none"))
    run("the same, nothing to do", settings.changed(docs_dir=docs, index_dir=given.folder / "none"))


if __name__ == "__main__":
    main()
