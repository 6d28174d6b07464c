import pytest

from footnote.app.core.text.analysis import question_terms, terms


@pytest.mark.parametrize(
    ("identifier", "found_as"),
    [
        ("--no-cache", ["no-cache", "no", "cach"]),
        ("-v", ["v"]),
        ("UV_INDEX_URL", ["uv_index_url", "uv", "index", "url"]),
        ("pyproject.toml", ["pyproject.toml", "pyproject", "toml"]),
        ("BaseModel", ["basemodel", "base", "model"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("foo.bar()", ["foo.bar", "foo", "bar"]),
        ("std::vector", ["std::vector", "std", "vector"]),
        ("self->next", ["self->next", "self", "next"]),
        ("/var/lib/acme", ["var/lib/acme", "var", "lib", "acm"]),
        ("__init__", ["init"]),
        ("v1.2.3", ["v1.2.3", "v1", "2", "3"]),
        ("python3", ["python3"]),
        ("ops@acme.example", ["ops@acme.example", "op", "acm", "exampl"]),
    ],
)
def test_an_identifier_is_found_whole_and_by_part(identifier: str, found_as: list[str]) -> None:
    assert terms(identifier) == found_as


@pytest.mark.parametrize("written", ["`--no-cache`", "(--no-cache)", "--no-cache=1", '"--no-cache",', "--no-cache."])
def test_punctuation_around_an_identifier_is_no_part_of_it(written: str) -> None:
    assert terms(written)[0] == "no-cache"


def test_a_flag_and_its_name_without_dashes_are_the_same_term() -> None:
    assert terms("--no-cache") == terms("no-cache") == terms("NO-CACHE")


def test_plain_words_are_stemmed_and_lower_cased() -> None:
    assert terms("Installing installed INSTALLS; messages") == ["instal", "instal", "instal", "messag"]


def test_words_of_other_languages_are_terms() -> None:
    assert terms("Größe 設定") == ["größe", "設定"]


def test_terms_keep_order_and_repeats() -> None:
    assert terms("port host port") == ["port", "host", "port"]


@pytest.mark.parametrize("text", ["", "  \n", "!?.,", "--", "x" * 101])
def test_what_holds_no_term_gives_none(text: str) -> None:
    assert terms(text) == []


def test_stop_words_are_left_out_of_questions_only() -> None:
    assert question_terms("How does the cache work?") == ["cach", "work"]
    assert terms("How does the cache work?") == ["how", "doe", "the", "cach", "work"]


def test_every_stop_word_is_left_out_although_terms_are_stems() -> None:
    assert question_terms("Why was its port there, and where does it have this?") == ["port"]


def test_words_that_change_a_questions_meaning_stay() -> None:
    assert question_terms("not without all no") == ["not", "without", "all", "no"]


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert question_terms("What is it?") == ["what", "is", "it"]


@pytest.mark.parametrize("text", ["a" + ":" * 2000 + " b", "a" + "->" * 1000 + " b", "a" + "-_" * 1000 + "- b"])
def test_a_long_run_of_signs_is_no_hard_work(text: str) -> None:
    # With a repeated choice in the pattern this would not end within a lifetime.
    assert terms(text)[-1] == "b"
