"""What the page begins with: folders, tags and suggested questions of docs as people write them."""

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.index.reader import open_index
from footnote.app.service.overview import MAX_FOLDERS, MAX_QUESTIONS, MAX_TAGS, overview_of
from footnote.ingest.flow import ingest


@pytest.fixture
def overview(write_docs, tmp_path, embedder):
    def make(files, **flags):
        docs = write_docs(tmp_path / "docs", files)
        settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index", **flags)
        ingest(settings, lambda *_: None, embedder)
        index = open_index(settings.folders.index_dir)
        try:
            return overview_of(index, settings)
        finally:
            index.close()

    return make


def test_folders_of_two_levels_and_tags_in_any_form_are_counted(overview):
    found = overview({
        "a.md": "---\ntags: [Install, linux]\n---\n# A\n\nText.\n",
        "x/b.md": "---\ntags: install, 2024\n---\n# B\n\nText.\n",
        "x/y/c.md": "---\ntags: {no: list}\n---\n# C\n\nText.\n",
        "x/y/z/d.md": "---\ntags: [null, '', install]\n---\n# D\n\nText.\n",
    })  # fmt: skip
    assert [(one.path, one.files) for one in found.folders] == [("x/", 3), ("x/y/", 2)]
    tags = {one.tag.casefold(): one.files for one in found.tags}
    assert (tags["install"], tags["linux"], tags["2024"]) == (3, 1, 1)
    assert "" not in tags


def test_questions_are_made_of_headings_one_a_page_and_spread_over_folders(overview):
    page = "# Title of {0}\n\nText.\n\n## Installing the {0}\n\nText here.\n\n## Removing the {0}\n\nText there.\n"
    names = {"a": ["gate", "pump"], "b": ["hose", "tank"]}
    found = overview({f"{folder}/{name}.md": page.format(name) for folder in names for name in names[folder]})
    asked = ["gate", "hose", "pump", "tank"]
    assert found.questions[:4] == [f"How do I install the {name}?" for name in asked]


def test_where_headings_ask_nothing_titles_are_suggested(overview):
    found = overview({
        "index.md": "# Index\n\nText.\n",
        "sicherung.md": "# Sicherungen einspielen\n\n## Ablauf\n\nText.\n",
        "netz.md": "# Netzwerk und Ports\n\nText.\n",
    })  # fmt: skip
    assert sorted(found.questions) == ["Netzwerk und Ports", "Sicherungen einspielen"]


def test_questions_that_are_set_are_suggested_as_they_are(overview):
    found = overview({"a.md": "# A\n\nText.\n"}, suggested_questions=" Which port, and why? | What else?|")
    assert found.questions == ["Which port, and why?", "What else?"]


def test_a_large_index_has_a_short_overview(overview):
    found = overview({
        f"f{number}/p.md": f"---\ntags: [t{number}]\n---\n# Page number {number}\n\nText.\n" for number in range(70)
    })  # fmt: skip
    assert (len(found.folders), len(found.tags), len(found.questions)) == (MAX_FOLDERS, MAX_TAGS, MAX_QUESTIONS)
