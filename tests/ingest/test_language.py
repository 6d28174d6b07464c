from pathlib import Path

import pytest

from footnote.app.core.types import Metadata
from footnote.ingest.language import page_language
from footnote.ingest.split import split_document
from tests.ingest.test_read import document_of

PORTUGUESE = "Se o serviço não iniciar, verifique a configuração e se a porta não é usada por um outro processo."
ENGLISH = "If the service does not start, check that the port is not in use by another one."
CODE = "```sh\nif the port is in use by another process then for it do not start and be done\n```"


def language_in(tmp_path: Path, path: str, text: str, metadata: Metadata | None = None) -> str:
    return page_language(path, metadata or {}, split_document(document_of(tmp_path, text)))


@pytest.mark.parametrize("name", ["lang", "language", "locale"])
def test_what_the_page_says_comes_first(tmp_path: Path, name: str) -> None:
    assert language_in(tmp_path, "de/page.md", PORTUGUESE, {name: "it-IT"}) == "it"


@pytest.mark.parametrize("metadata", [{"lang": "c++"}, {"lang": "bash"}, {"language": ["pt", "en"]}, {"lang": "xx"}])
def test_what_is_no_language_says_nothing(tmp_path: Path, metadata: Metadata) -> None:
    assert language_in(tmp_path, "page.md", PORTUGUESE, metadata) == "pt"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("guide.ja.md", "ja"),
        ("guide.pt-BR.md", "pt"),
        ("de/guide.md", "de"),
        ("i18n/zh-cn/docs/guide.md", "zh"),
        ("en/guide.de.md", "de"),
        ("guides/guide.md", ""),
        ("v1.2.md", ""),
        ("de.md", ""),
    ],
)
def test_a_short_page_is_in_the_language_of_its_path(tmp_path: Path, path: str, code: str) -> None:
    assert language_in(tmp_path, path, "Docker") == code


def test_english_is_english_in_any_folder(tmp_path: Path) -> None:
    assert language_in(tmp_path, "it/security.md", ENGLISH) == "en"


def test_code_is_in_no_language(tmp_path: Path) -> None:
    assert language_in(tmp_path, "page.md", f"{CODE}\n\n{PORTUGUESE}\n") == "pt"
    assert language_in(tmp_path, "page.md", CODE) == ""


def test_every_chunk_knows_the_language_of_its_page(tmp_path: Path) -> None:
    document = document_of(tmp_path, "\n\n".join(f"# {number}\n\n{PORTUGUESE}" for number in range(3)))
    assert [chunk.language for chunk in split_document(document)] == ["pt"] * 3
