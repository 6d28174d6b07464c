"""Which page or section is meant, and why there is none."""

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.explaining.target import Absent, Target, find_target
from footnote.app.index.reader import open_index
from footnote.ingest.flow import ingest

TWICE = """\
# Guide

## Install

On Linux.

### Check

Run it.

## Use

### Install

Again.

## Install

On Windows.

## Übersicht & `--more`

More.
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory, write_docs, embedder):
    folder = tmp_path_factory.mktemp("target")
    docs = write_docs(
        folder / "docs",
        {
            "twice.md": TWICE,
            "guides/c#.md": "# C#\n\n## Types\n\nAll of them.\n",
            "guides/install.md": "# Install\n\nHow to.\n",
            "empty.md": "---\ntitle: Nothing\n---\n",
            "latin.md": b"# Gr\xf6\xdfe\n\nText.\n",
            "drafts/plan.md": "# Plan\n\nLater.\n",
            "notes.txt": "Notes.\n",
            ".hidden/page.md": "# Hidden\n\nText.\n",
        },
    )
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=folder / "index", exclude=("drafts/",))
    ingest(settings, lambda *_: None, embedder)
    index = open_index(settings.folders.index_dir)
    yield index
    index.close()


def texts(index, wanted, style="docusaurus"):
    target = find_target(wanted, index, style)
    assert isinstance(target, Target)
    chunks = sorted(index.chunks.get(target.chunk_ids).values(), key=lambda chunk: chunk.start)
    return target.path, target.heading_path, [chunk.text.split()[-1] for chunk in chunks]


@pytest.mark.parametrize(
    "given", ["guides/install.md", "./guides/install.md", "/guides/install.md", "docs/guides/install.md"]
)
def test_a_page_is_named_by_its_path(index, given):
    assert texts(index, given) == ("guides/install.md", (), ["to."])
    assert texts(index, f"{index.manifest.docs_dir}/guides/install.md")[0] == "guides/install.md"


def test_a_path_may_hold_the_sign_that_divides(index):
    assert texts(index, "guides/c#.md") == ("guides/c#.md", (), ["them."])
    assert texts(index, "guides/c#.md#types") == ("guides/c#.md", ("C#", "Types"), ["them."])


@pytest.mark.parametrize(
    ("heading", "path", "found"),
    [
        ("use", ("Guide", "Use"), ["Again."]),
        ("Use > Install", ("Guide", "Use", "Install"), ["Again."]),
        ("install", ("Guide", "Install"), ["Linux.", "it."]),
        ("install-1", ("Guide", "Use", "Install"), ["Again."]),
        ("install-2", ("Guide", "Install"), ["Windows."]),
        ("install_2", ("Guide", "Install"), ["Windows."]),
        ("CHECK", ("Guide", "Install", "Check"), ["it."]),
        ("Übersicht & --more", ("Guide", "Übersicht & --more"), ["More."]),
        ("übersicht----more", ("Guide", "Übersicht & --more"), ["More."]),
        ("guide", ("Guide",), ["Linux.", "it.", "Again.", "Windows.", "More."]),
        ("Guide", ("Guide",), ["Linux.", "it.", "Again.", "Windows.", "More."]),
        ("", (), ["Linux.", "it.", "Again.", "Windows.", "More."]),
    ],
)
def test_a_section_is_named_by_its_heading_or_its_anchor(index, heading, path, found):
    assert texts(index, f"twice.md#{heading}") == ("twice.md", path, found)


def test_the_anchors_of_the_site_come_first(index):
    assert texts(index, "twice.md#install_1", "mkdocs")[1] == ("Guide", "Use", "Install")


@pytest.mark.parametrize(
    ("wanted", "reason", "suggestions"),
    [
        ("latin.md", "latin.md was left out when the docs were ingested: not UTF-8", ()),
        ("drafts/plan.md", "drafts/plan.md is not in the index: FOOTNOTE_EXCLUDE names it", ()),
        ("notes.txt", "FOOTNOTE_INCLUDE names no such file (**/*.md, **/*.mdx, **/*.markdown)", ()),
        (".hidden/page.md", "hidden files and folders are not read", ()),
        ("install.md", "no such file was there when the docs were ingested", ("guides/install.md",)),
        ("guides/instal.md", "no such file was there", ("guides/install.md",)),
        ("Guides/Install.md", "no such file was there", ("guides/install.md",)),
        ("guides/install", "FOOTNOTE_INCLUDE names no such file", ("guides/install.md",)),
        ("guides", "FOOTNOTE_INCLUDE names no such file", ("guides/c#.md", "guides/install.md")),
        ("empty.md", "empty.md was ingested, but holds no text that readers see", ()),
        ("twice.md#instal", "twice.md has no heading or anchor 'instal'", ("twice.md#Install",)),
        ("twice.md#xyz", "twice.md has no heading or anchor 'xyz'", ()),
    ],
)
def test_what_is_not_there_says_why_and_what_may_be_meant(index, wanted, reason, suggestions):
    absent = find_target(wanted, index, "docusaurus")
    assert isinstance(absent, Absent)
    assert reason in absent.reason
    assert absent.suggestions == suggestions
