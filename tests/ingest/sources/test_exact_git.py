"""After any sequence of commits, moves, deletions and force-pushes the index equals one of the folder, built anew."""

import shutil
import tempfile
from pathlib import Path

import hypothesis
from hypothesis import strategies as st

from footnote.app.core.errors import GitSourceError
from footnote.app.core.settings import load_settings
from tests.git_server import Repository, git_server
from tests.ingest.contents import Memoised, assert_same, memory_folder, quiet_ingest, read_contents
from tests.ingest.pages import ODD, PATHS, SECTIONS
from tests.ingest.sources.conftest import checkout_of

_TEXTS = st.sampled_from([*(section.encode() + b"\n" for section in SECTIONS), *ODD])
_PATHS = st.sampled_from([path for path in PATHS if not path.startswith("odd.md")])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.dictionaries(_PATHS, _TEXTS, min_size=1, max_size=4)),
        st.tuples(st.just("remove"), st.integers(0, 20)),
        st.tuples(st.just("move"), st.integers(0, 20)),
        st.tuples(st.just("rewrite history"), st.booleans()),
        st.tuples(st.just("lose the objects"), st.booleans()),
        st.tuples(st.just("elsewhere"), st.booleans()),
        st.tuples(st.just("lose the branch"), st.booleans()),
    ),
    min_size=2,
    max_size=5,
)


@hypothesis.settings(max_examples=4)
@hypothesis.given(steps=_STEPS)
def test_an_index_of_a_repository_is_that_of_its_folder(steps: list[tuple[str, object]], memoised: Memoised) -> None:
    folder = Path(tempfile.mkdtemp(prefix="footnote-", dir=memory_folder()))
    try:
        repository = Repository(folder / "served" / "site")
        repository.commit({"docs/first.md": SECTIONS[0] + "\n"})
        with git_server(folder / "served") as server:
            address = f"{server.url()}#main:docs"
            settings = load_settings(env_file=None, docs_dir=address, index_dir=folder / "index")
            for number, (step, value) in enumerate(steps):
                quiet_ingest(settings, memoised)
                _take(repository, step, value)
                if step == "lose the objects":
                    shutil.rmtree(checkout_of(settings).repository, ignore_errors=True)
                if step == "lose the branch":
                    _without_branch(repository, settings, memoised)
                quiet_ingest(settings, memoised)
                # Another index of the same address, built from nothing, and one of the files themselves.
                fresh = settings.changed(index_dir=folder / f"fresh-{number}", docs_dir=repository.folder / "docs")
                quiet_ingest(fresh, memoised)
                actual, expected = (read_contents(one.folders.index_dir, memoised) for one in (settings, fresh))
                actual.built_with["docs_dir"] = expected.built_with["docs_dir"]  # type: ignore[index]
                assert_same(actual, expected)
                shutil.rmtree(fresh.folders.index_dir)
    finally:
        shutil.rmtree(folder)


def _take(repository: Repository, step: str, value: object) -> None:
    docs = repository.folder / "docs"
    pages = sorted(path for path in docs.rglob("*") if path.is_file() and path.name != "first.md")
    if step == "write":
        assert isinstance(value, dict)
        repository.commit({f"docs/{path}": text for path, text in value.items()})
    elif step in ("remove", "move") and pages:
        assert isinstance(value, int)
        page = pages[value % len(pages)]
        if step == "move":
            page.rename(docs / f"moved-{value}.md")
        else:
            page.unlink()
        repository.commit({})
    elif step == "rewrite history":
        repository.git("checkout", "--quiet", "--orphan", "other")
        repository.commit({} if value else {"docs/other.md": SECTIONS[1] + "\n"})
        repository.git("branch", "--force", "main", "other")
        repository.git("checkout", "--quiet", "main")
        repository.git("branch", "--delete", "--force", "other")
    elif step == "elsewhere":
        repository.commit({"code.c": f"{value}", "mkdocs.yml" if value else "book.toml": "a: b\n"})


def _without_branch(repository: Repository, settings: object, memoised: Memoised) -> None:
    repository.git("branch", "--move", "main", "gone")
    try:
        quiet_ingest(settings, memoised)  # type: ignore[arg-type]
        raise AssertionError("there is no such branch")
    except GitSourceError:
        pass
    repository.git("branch", "--move", "gone", "main")
