import hashlib
import json
from pathlib import Path

import pytest

from footnote.app.core.find import FoundFile
from footnote.app.core.types import Skip
from footnote.ingest.read import read_document
from footnote.ingest.types import Document


def read_page(folder: Path, raw: bytes | str) -> tuple[Document | None, Skip | None]:
    location = folder / "page.md"
    location.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_document(FoundFile("guides/page.md", location, location.stat().st_size, 42, 43))


def document_of(folder: Path, raw: bytes | str) -> Document:
    document, skip = read_page(folder, raw)
    assert document is not None
    assert skip is None
    return document


def body(document: Document) -> str:
    return document.raw[document.body_start :].decode()


def test_a_document_keeps_its_bytes_and_their_hash(tmp_path: Path) -> None:
    raw = "# Grüße\r\n\rtext".encode()
    document = document_of(tmp_path, raw)
    assert document == Document("guides/page.md", raw, 0, None, {}, hashlib.sha256(raw).hexdigest(), 42)


def test_an_empty_file_is_a_document(tmp_path: Path) -> None:
    assert document_of(tmp_path, b"").raw == b""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_the_body_begins_after_byte_order_mark_and_front_matter(tmp_path: Path, newline: str, bom: str) -> None:
    document = document_of(tmp_path, bom + newline.join(["---", "title: Über", "tags: [a]", "---", "# Body", ""]))
    assert body(document) == f"# Body{newline}"
    assert document.title == "Über"
    assert document.metadata == {"title": "Über", "tags": ["a"]}


def test_a_byte_order_mark_alone_is_no_body(tmp_path: Path) -> None:
    assert document_of(tmp_path, "\ufeff# Body").body_start == 3


@pytest.mark.parametrize("end", ["---", "...", "---  ", "---\t"])
def test_front_matter_ends_at_dashes_or_dots(tmp_path: Path, end: str) -> None:
    document = document_of(tmp_path, f"---\ntitle: A\n{end}\nbody")
    assert (document.title, body(document)) == ("A", "body")


def test_front_matter_may_be_all_there_is(tmp_path: Path) -> None:
    document = document_of(tmp_path, "---\ntitle: A\n---")
    assert (document.title, body(document)) == ("A", "")


@pytest.mark.parametrize("front_matter", ["---\n---\n", "---\n\n---\n", "---\n# only a comment\n---\n"])
def test_front_matter_may_be_empty(tmp_path: Path, front_matter: str) -> None:
    document = document_of(tmp_path, front_matter + "body")
    assert (document.metadata, body(document)) == ({}, "body")


def test_front_matter_values_are_the_text_that_the_page_spells(tmp_path: Path) -> None:
    document = document_of(
        tmp_path,
        """\
---
title: Plan
date: 2024-03-01
at: 2024-03-01 10:20:30
updated: 2024-01-05T10:00:00Z
version: 1.10
lang: no
draft: yes
build: 010
opens: 12:30
internal: true
quoted: "no"
empty: ""
absent:
weight: 3
ratio: 0.5
none: ~
nan: .nan
huge: 0x1_0000_0000_0000_0000
author: {name: Ada, team: {lead: Ben}}
tags: [a, 2, {b: c}]
2024: year
binary: !!binary aGk=
---
""",
    )
    assert document.metadata == {
        "title": "Plan",
        "date": "2024-03-01",
        "at": "2024-03-01 10:20:30",
        "updated": "2024-01-05T10:00:00Z",
        "version": "1.10",
        "lang": "no",
        "draft": "yes",
        "build": "010",
        "opens": "12:30",
        "internal": "true",
        "quoted": "no",
        "empty": "",
        "absent": None,
        "weight": "3",
        "ratio": "0.5",
        "none": None,
        "nan": ".nan",
        "huge": "0x1_0000_0000_0000_0000",
        "author": {"name": "Ada", "team": {"lead": "Ben"}},
        "tags": ["a", "2", {"b": "c"}],
        "2024": "year",
        "binary": "aGk=",
    }


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: '  Padded '", "Padded"),
        ("title: ''", None),
        ("title: 2024", "2024"),
        ("title: no", "no"),
        ("title: ~", None),
        ("title: [a]", None),
        ("name: x", None),
    ],
)
def test_a_title_is_text_or_absent(tmp_path: Path, line: str, title: str | None) -> None:
    assert document_of(tmp_path, f"---\n{line}\n---\n").title == title


def test_lone_surrogates_are_replaced_in_names_and_values(tmp_path: Path) -> None:
    document = document_of(
        tmp_path,
        r"""---
title: "a\ud800b"
"key\udfff": {"in\ud800": ["\ud800"]}
---
""",
    )
    assert document.metadata == {"title": "a?b", "key?": {"in?": ["?"]}}
    assert document.title == "a?b"


def test_a_number_of_thousands_of_digits_can_be_stored(tmp_path: Path) -> None:
    document = document_of(tmp_path, f"---\na: 0x{'f' * 5000}\n---\n")
    assert json.loads(json.dumps(dict(document.metadata))) == {"a": "0x" + "f" * 5000}


@pytest.mark.parametrize(
    ("front_matter", "why", "read"),
    [
        ("a: [1, 2", "expected ',' or ']'", {}),
        ("a: b: c", "mapping values are not allowed here", {"a": "b: c"}),
        ("title: Backup: the short way\ntags: [ops]", "mapping", {"title": "Backup: the short way", "tags": ["ops"]}),
        ("tags:\n  - a\n\nday: {{date}}\nn: 1.10", "a name is itself a list", {"tags": ["a"], "n": "1.10"}),
        ("# note\n\n'a b': *x\nc: d", "YAML aliases are not supported", {"c": "d"}),
        ("a: &x [1]\nb: *x", "YAML aliases are not supported", {"a": ["1"]}),
        ('a: "x\nb: y', "unexpected end of stream in its line 3", {"b": "y"}),
        ("a: @x\nb: 'it''s': so", "cannot start any token", {}),
        ("a: " + "[" * 60_000, "nested deeper than 20 levels", {}),
        ("a: b\nc: " + "x" * 70_000, "longer than 65,536 bytes", {"a": "b"}),
        ("a: b\n" * 15_000, "longer than 65,536 bytes", {"a": "b"}),
    ],
)
def test_broken_front_matter_is_no_text_and_reported(
    tmp_path: Path, front_matter: str, why: str, read: dict[str, object]
) -> None:
    document, skip = read_page(tmp_path, f"---\n{front_matter}\n---\n# Body\n")
    assert document is not None
    assert (body(document), document.metadata, document.title) == ("# Body\n", read, read.get("title"))
    assert skip is not None
    assert (skip.path, skip.reason) == ("guides/page.md", "front matter not read")
    assert why in skip.detail
    assert len(skip.detail) <= 200


@pytest.mark.parametrize(
    "lines", ["- a\n- b", "just words", "\nSome prose: below a rule.\n\nAnd above one.\n", "- " * 30_000]
)
def test_prose_between_two_rules_is_text(tmp_path: Path, lines: str) -> None:
    raw = f"---\n{lines}\n---\n# Body\n"
    document, skip = read_page(tmp_path, raw)
    assert document is not None
    assert (body(document), document.metadata, document.title, skip) == (raw, {}, None, None)


@pytest.mark.parametrize("value", ["!!python/object:os.system {}", "!ENV x", "!!int ''", "!!bool maybe", "2024-13-45"])
def test_types_that_a_page_names_are_none_of_ours(tmp_path: Path, value: str) -> None:
    assert document_of(tmp_path, f"---\na: {value}\n---\n").metadata.keys() == {"a"}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_toml_front_matter_is_read(tmp_path: Path, newline: str) -> None:
    lines = ["+++", 'title = "Größe"', "tags = ['hugo', 2]", "version = 1.10", "draft = true", "weight = 3"]
    lines += ["date = 2024-01-05T10:00:00+01:00", "day = 2024-01-05", "[author]", "team = 'docs'", "+++ ", "# Body"]
    document = document_of(tmp_path, newline.join(lines))
    assert (document.title, body(document)) == ("Größe", "# Body")
    assert document.metadata == {
        "title": "Größe",
        "tags": ["hugo", "2"],
        "version": "1.10",
        "draft": "true",
        "weight": "3",
        "date": "2024-01-05T10:00:00+01:00",
        "day": "2024-01-05",
        "author": {"team": "docs"},
    }


def test_broken_toml_is_no_text_and_reported(tmp_path: Path) -> None:
    document, skip = read_page(tmp_path, "+++\ntitle = 'A'\nday = {{ date }}\nteam = docs\n+++\nBody")
    assert document is not None
    assert (body(document), document.metadata) == ("Body", {"title": "A", "team": "docs"})
    assert skip is not None
    assert skip.reason == "front matter not read"


def test_a_table_may_begin_broken_toml(tmp_path: Path) -> None:
    document, _ = read_page(tmp_path, "+++\n[params]\na = {{ b }}\n+++\nBody")
    assert document is not None
    assert body(document) == "Body"


@pytest.mark.parametrize("raw", ["+++\nNo names here.\n+++\nBody", "+++ x\na = 1\n+++\n", "++\na = 1\n++\n"])
def test_other_plus_signs_are_text(tmp_path: Path, raw: str) -> None:
    document, _ = read_page(tmp_path, raw)
    assert document is not None
    assert (document.body_start, document.metadata) == (0, {})


def test_json_front_matter_is_read(tmp_path: Path) -> None:
    raw = '{\n  "title": "\\ud800Größe", "version": 1.10, "draft": true, "none": null, "n": [1, {"a": NaN}]}\n\nBody'
    document = document_of(tmp_path, "\ufeff" + raw)
    assert body(document) == "\nBody"
    assert document.title == "?Größe"
    assert document.metadata == {
        "title": "?Größe",
        "version": "1.10",
        "draft": "true",
        "none": None,
        "n": ["1", {"a": "NaN"}],
    }


@pytest.mark.parametrize(
    "raw", ['{"a": 1} is an object.', '{"a"}', "{/* a comment */}\n", '{"a": ' + '{"a":' * 50_000, '{"a": 1, }\n']
)
def test_other_braces_are_text(tmp_path: Path, raw: str) -> None:
    assert document_of(tmp_path, raw).body_start == 0


def test_an_alias_bomb_is_refused_before_it_expands(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    _, skip = read_page(tmp_path, f"---\n{bomb}---\nbody")
    assert skip == Skip("guides/page.md", "front matter not read", "YAML aliases are not supported", "front matter")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_front_matter_that_is_never_closed_is_reported(tmp_path: Path, newline: str) -> None:
    document, skip = read_page(tmp_path, newline.join(["---", "title: A", "# Body"]))
    assert document is not None
    assert (document.body_start, document.title) == (0, None)
    assert skip == Skip("guides/page.md", "front matter not read", "opened by --- but never closed", "front matter")


@pytest.mark.parametrize(
    "raw",
    [
        "---\n\nText below a thematic break.",
        "---\n# A heading",
        "----\ntitle: x\n----\n",
        "text\n---\na: b\n---\n",
        " ---\na: b\n---\n",
    ],
)
def test_a_thematic_break_is_not_front_matter(tmp_path: Path, raw: str) -> None:
    document = document_of(tmp_path, raw)
    assert (document.body_start, document.metadata) == (0, {})


@pytest.mark.parametrize(
    ("raw", "skip"),
    [
        (b"PNG\x00text", Skip("guides/page.md", "binary", "holds NUL bytes")),
        ("text".encode("utf-16"), Skip("guides/page.md", "binary", "holds NUL bytes")),
        (b"caf\xe9 au lait", Skip("guides/page.md", "not UTF-8", "byte 3: invalid continuation byte")),
    ],
)
def test_a_file_that_is_no_text_is_skipped_with_the_reason(tmp_path: Path, raw: bytes, skip: Skip) -> None:
    assert read_page(tmp_path, raw) == (None, skip)


def test_a_file_that_vanished_is_skipped(tmp_path: Path) -> None:
    document, skip = read_document(FoundFile("a.md", tmp_path / "a.md", 0, 0, 0))
    assert document is None
    assert skip == Skip("a.md", "unreadable", "No such file or directory")


def test_a_set_has_one_order(tmp_path: Path) -> None:
    names = [f"tag{number}" for number in range(20)]
    document = document_of(tmp_path, f"---\ntags: !!set {{{', '.join(reversed(names))}}}\n---\n")
    assert document.metadata == {"tags": sorted(names)}
