"""Links to what pages show of other files."""

import pytest

from footnote.app.answering.links import Links, collapsed
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.core.types import Anchors, Chunk

ELSEWHERE = {"docs_src": "../../docs_src"}


def link(template: str, path: str, included_by: tuple[str, ...] = ("tutorial/first.md", "other.md")) -> str | None:
    links = Links(LinkSettings(_env_file=None, template=template), "mkdocs", elsewhere=ELSEWHERE)
    anchors = Anchors(mkdocs="connect", github="connect")
    chunk = Chunk("", path, "", (), 3, 5, 0, 1, "x", "", anchors=anchors, included_by=included_by)
    return links.url(chunk, 7)


@pytest.mark.parametrize(
    ("template", "path", "url"),
    [
        # A code host shows the file itself, wherever it lies.
        (
            "https://github.com/o/r/blob/main/docs/en/docs/{path}#L{start_line}-L{end_line}",
            "docs_src/first/a.py",
            "https://github.com/o/r/blob/main/docs/docs_src/first/a.py#L3-L5",
        ),
        (
            "https://github.com/o/r/blob/main/docs/{path}#L{start_line}",
            "code/a.py",
            "https://github.com/o/r/blob/main/docs/code/a.py#L3",
        ),
        # A site shows it on the page, in the section.
        (
            "https://docs.example.com/{page}#{anchor}",
            "docs_src/first/a.py",
            "https://docs.example.com/tutorial/first/#connect",
        ),
        (
            "https://docs.example.com/{path_without_ext}#{anchor}",
            "code/a.py",
            "https://docs.example.com/tutorial/first#connect",
        ),
        # Footnote's own view has it under the name that the index has.
        (
            "https://footnote.example.com/view/{path}?generation={generation}#L{start_line}",
            "docs_src/first/a.py",
            "https://footnote.example.com/view/docs_src/first/a.py?generation=7#L3",
        ),
        # What would climb out of the site is on the page.
        ("https://host/{path}#L{start_line}", "docs_src/a.py", "https://host/tutorial/first.md#L1"),
    ],
)
def test_link(template: str, path: str, url: str) -> None:
    assert link(template, path) == url


def test_a_path_is_collapsed_as_browsers_do() -> None:
    assert collapsed("https://host/a/b/../c?d=/../e") == "https://host/a/c?d=/../e"
    assert collapsed("https://host/a/..") == "https://host/"[:-1]
    assert collapsed("https://host/../a") is None
