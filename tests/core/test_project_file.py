"""`footnote.toml`: what it may say, and how a slip of the pen is told."""

from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.project_file import Project, load_project
from footnote.app.core.scopes import READER_SCOPES

OIDC = """
[oidc]
issuer = "https://login.example.com/realms/docs"
audience = "footnote"
[[oidc.grants]]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "footnote.toml"


def refused(file: Path, text: str) -> str:
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_project(file)
    assert error.value.exit_code == 2
    assert str(error.value).startswith(str(file))
    return str(error.value).removeprefix(str(file))


def test_without_a_file_there_is_nothing(file: Path) -> None:
    assert load_project(None) == Project() == Project(oidc=None)


def test_that_of_the_working_folder_is_read_and_any_other_by_its_name(file: Path) -> None:
    file.write_text("\ufeff" + OIDC, "utf-8")
    oidc = load_project(None).oidc
    assert oidc and (oidc.issuer, oidc.audience) == ("https://login.example.com/realms/docs", ("footnote",))
    assert (oidc.jwks_url, oidc.leeway_s, oidc.algorithms, oidc.name_claim) == (None, 60, ("RS256", "ES256"), "sub")
    (grant,) = oidc.grants
    assert (set(grant.scopes), grant.claim, grant.collections, grant.paths) == (READER_SCOPES, None, None, None)
    file.rename(file.with_name("other.toml"))
    assert load_project(None).oidc is None and load_project(file.with_name("other.toml")).oidc == oidc


def test_a_file_that_is_named_must_be_there(file: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read .*footnote.toml .*FOOTNOTE_CONFIG"):
        load_project(file)
    file.mkdir()
    with pytest.raises(SettingsError, match="cannot read"):
        load_project(None)


@pytest.mark.parametrize("text", ["[oidc", "a = ", "\x00", "a = " + "[" * 5000])
def test_what_is_no_toml_is_said(file: Path, text: str) -> None:
    assert "is no TOML" in refused(file, text)


def test_what_is_no_text_or_endless_is_said(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="is no TOML"):
        load_project(file)
    assert "more than 1,000,000 bytes" in refused(file, "#" * 1_000_001)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[odc]\n", "the file has no `odc`: did you mean `oidc`?"),
        ("[oidc]\naudience = 'x'\n", "oidc lacks `issuer`"),
        (OIDC.replace("audience", "audiense"), "oidc has no `audiense`: did you mean `audience`?"),
        (OIDC + "role = 'x'\n", "oidc.grants, number 1 has no `role`: known are claim, collections, paths, scopes"),
        (OIDC + "[[oidc.grants]]\nclaims = 'x'\n", "oidc.grants, number 2 has no `claims`: did you mean `claim`?"),
        (OIDC + "claim = 'x'\n", "oidc.grants, number 1: `claim` and `value` go together"),
        (OIDC + "value = 'x'\n", "`claim` and `value` go together"),
        (OIDC + "scopes = ['ask', 'write']\n", "oidc.grants, number 1, scopes, number 2: Input should be 'ask'"),
        (OIDC + "scopes = []\n", "at least 1 item"),
        (OIDC + "paths = []\n", "at least 1 item"),
        (OIDC + "paths = 'guides/'\n", "oidc.grants, number 1, paths: "),
        (OIDC.replace("[[oidc.grants]]", ""), "oidc lacks `grants`"),
        (OIDC.replace("[[oidc.grants]]", "grants = []"), "at least 1 item"),
        (OIDC.replace("https://", "http://"), "oidc.issuer: must begin with https://"),
        (OIDC.replace("https://login", "https://me:secret@login"), "oidc.issuer: must be an address with no login"),
        (OIDC.replace("realms/docs", "?x=1"), "oidc.issuer: must be an address"),
        (OIDC.replace("https:", "file:"), "oidc.issuer: must begin with http:// or https://"),
        (OIDC.replace("[[", "jwks_url = 'file:///etc/passwd'\n[["), "oidc.jwks_url: must begin with"),
        (OIDC.replace("[[", "leeway_s = 3600\n[["), "oidc.leeway_s: Input should be less than or equal to 600"),
        (OIDC.replace("[[", "leeway_s = nan\n[["), "oidc.leeway_s: "),
        (OIDC.replace("[[", "algorithms = []\n[["), "at least 1 item"),
        (OIDC.replace('"footnote"', "[]"), "oidc.audience: "),
        (OIDC.replace('"footnote"', "7"), "oidc.audience: "),
    ],
)
def test_what_is_wrong_is_named_with_its_place(file: Path, text: str, message: str) -> None:
    said = refused(file, text)
    assert message in said and "secret" not in said


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "RS1", "rs256"])
def test_no_algorithm_is_set_with_which_whoever_checks_could_sign(file: Path, algorithm: str) -> None:
    text = OIDC.replace("[[", f"algorithms = ['RS256', '{algorithm}']\n[[")
    assert "oidc.algorithms, number 2: Input should be 'RS256'" in refused(file, text)


def test_an_issuer_on_this_machine_needs_no_tls(file: Path) -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:80"):
        file.write_text(OIDC.replace("https://login.example.com", f"http://{host}"), "utf-8")
        assert load_project(file).oidc


TWO = """
[collections.handbook]
docs = "handbook"
title = "Our handbook"
public = true
top_k = 6

[collections.api-2]
docs = "/srv/api"
index = "api_db"
include = ["**/*.md"]
"""


def test_the_collections_of_a_file_in_its_order(file: Path) -> None:
    file.write_text(TWO, "utf-8")
    collections = load_project(None).collections
    assert list(collections) == ["handbook", "api-2"]
    first, second = collections.values()
    assert (first.docs, first.index, first.title, first.public) == ("handbook", None, "Our handbook", True)
    assert dict(first.settings) == {"top_k": 6}
    assert (second.index, second.title, second.public) == ("api_db", "", False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[collection.a]\ndocs='a'", "the file has no `collection`: did you mean `collections`?"),
        ("collections = 1", "collections: Input should be a valid"),
        ("[collections]\na = 1", "collections.a: Input should be a valid dictionary"),
        ("[collections.A]\ndocs='a'", "'A': a name has small letters"),
        ("[collections.-a]\ndocs='a'", "a name has"),
        ("[collections.'a/../b']\ndocs='a'", "a name has"),
        (f"[collections.{'a' * 42}]\ndocs='a'", "a name has"),
        ("[collections.a]", "collections.a: names no docs: write docs ="),
        ("[collections.a]\ndoc='a'", "collections.a: there is no `doc`: did you mean `docs`?"),
        ("[collections.a]\ndocs='a'\ntop-k=3", "there is no `top-k`: did you mean `top_k`?"),
        ("[collections.a]\ndocs='a'\nFOOTNOTE_TOP_K=3", "there is no `FOOTNOTE_TOP_K`: did you mean `top_k`?"),
        ("[collections.a]\ndocs='a'\nzzz=3", "there is no `zzz`: docs/collections.md lists what there is"),
        ("[collections.a]\ndocs='a'\nport=1", "`port` is one of the whole service: set FOOTNOTE_PORT"),
        ("[collections.a]\ndocs_dir='a'", "`docs_dir` is called docs here"),
        ("[collections.a]\ndocs='a'\nllm_api_key='k'", "is a key, and does not stand in this file: set FOOTNOTE_LLM"),
        ("[collections.a]\ndocs=1", "collections.a.docs: Input should be a valid string"),
        ("[collections.a]\ndocs=''", "collections.a.docs: String should have at least 1"),
        ("[collections.a]\ndocs='a'\npublic='yes'", "collections.a.public: Input should be a valid boolean"),
        ("[collections.a]\ndocs='a'\ndocs='b'\n", "is no TOML: Cannot overwrite a value (at line 3"),
    ],
)
def test_what_is_wrong_with_a_collection_is_named_with_its_place(file: Path, text: str, message: str) -> None:
    assert message in refused(file, text)
