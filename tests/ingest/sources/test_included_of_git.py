"""What pages of a repository show of its other files: of the docs folder, and as the commit has it."""

from contextlib import closing

from footnote.app.answering.links import Links
from footnote.app.core.settings import Settings
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.check import check
from tests.git_server import Repository
from tests.ingest.ingesting import chunks_of, look_ahead, run

PAGE = '# Connect\n\nOpen it:\n\n```python\n--8<-- "docs/code/connect.py"\n```\n\n--8<-- "code.c"\n'


def test_an_included_file_follows_the_branch_and_links_to_its_commit(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    first = repository.commit({"docs/connect.md": PAGE, "docs/code/connect.py": "relay.open(7070)\n"})
    report = run(of_git, embedder)
    assert (report.manifest.included, report.manifest.commit, report.manifest.uncommitted) == (1, first, ())
    # Of what lies beside the docs nothing is fetched.
    assert [(skip.lost, skip.detail) for skip in report.plan.skips] == [("include", "line 9: code.c")]
    assert check(of_git, lambda *_: None).drifts == ()
    second = repository.commit({"docs/code/connect.py": "relay.open(9090)\n"})
    assert look_ahead(of_git).plan.changed == ("code/connect.py",)
    report = run(of_git, embedder)
    assert (report.plan.changed, report.embedded, report.manifest.commit) == (("code/connect.py",), 1, second)
    [chunk] = chunks_of(of_git, "code/connect.py")
    template = of_git.changed(link_template="https://host/o/r/blob/{commit}/docs/{path}#L{start_line}")
    with closing(open_index(of_git.folders.index_dir)) as index:
        manifest = index.manifest
    links = Links(template.links, manifest.anchor_style, manifest.at, manifest.elsewhere)
    assert links.url(chunk, 2) == f"https://host/o/r/blob/{second}/docs/code/connect.py#L1"
