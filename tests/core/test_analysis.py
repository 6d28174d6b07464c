import unicodedata

import pytest

from footnote.app.core.text.analysis import question_terms, question_variants, terms


@pytest.mark.parametrize(
    ("identifier", "found_as"),
    [
        ("--no-cache", ["no-cache", "no", "cach"]),
        ("-v", ["-v", "v"]),
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
    assert terms("größer 設定") == ["grösser", "設定"]
    assert terms("Straße") == terms("STRASSE")
    assert terms("Σίσυφος") == terms("ΣΊΣΥΦΟΣ")


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


@pytest.mark.parametrize(
    ("written", "found_as"),
    [
        ("URLs", ["url"]),
        ("APIs", ["api"]),
        ("IDs", ["id"]),
        ("VMs", ["vm", "vms"]),  # as a plural in small letters is written
        ("OSes", ["os", "ose"]),
        ("getURLs", ["geturls", "get", "url"]),
        ("URLsToFetch", ["urlstofetch", "url", "to", "fetch"]),
        ("foo/VMs", ["foo/vms", "foo", "vm"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("XMLSerializer", ["xmlserializer", "xml", "serial"]),
        ("XMLYes", ["xmlyes", "xml", "yes"]),
    ],
)
def test_the_plural_of_an_acronym_is_the_acronym(written: str, found_as: list[str]) -> None:
    assert terms(written) == found_as


@pytest.mark.parametrize(
    ("written", "found_as"),
    [
        ("密码通过短信发送。", ["密码", "码通", "通过", "过短", "短信", "信发", "发送"]),
        ("密", ["密"]),
        ("第3章", ["第", "3", "章"]),
        ("使用Docker部署", ["使用", "docker", "部署"]),
        ("復元する", ["復元", "元す", "する"]),
        ("サーバー", ["サー", "ーバ", "バー"]),
        ("รหัส", ["รห", "หั", "ัส"]),
        ("ລະຫັດ", ["ລະ", "ະຫ", "ຫັ", "ັດ"]),
        ("កូដ", ["កូ", "ូដ"]),
        ("ကုဒ်", ["ကု", "ုဒ", "ဒ်"]),
        ("𠮷野家", ["𠮷野", "野家"]),
        ("비밀번호는", ["비밀번호는", "비밀", "밀번", "번호", "호는"]),
        ("백업", ["백업"]),
        ("API를", ["api", "를"]),
    ],
)
def test_words_without_spaces_are_found_by_pairs_of_characters(written: str, found_as: list[str]) -> None:
    assert terms(written) == found_as


def test_a_long_run_without_spaces_is_no_overlong_word() -> None:
    assert len(terms("密码" * 200)) == 399


@pytest.mark.parametrize("written", ["Büro Köln", "ガギ", "Việt Nam", "Ångström é", "кафе́ Ёлка", "한국어"])
def test_composed_and_decomposed_letters_are_the_same_terms(written: str) -> None:
    composed = terms(unicodedata.normalize("NFC", written))
    assert composed == terms(unicodedata.normalize("NFD", written))
    assert len(terms("Büro Köln")) == 2


@pytest.mark.parametrize(
    ("written", "found_as"),
    [
        ("ＵＲＬ ｆｏｏ．ｂａｒ ８０８０", ["url", "foo.bar", "foo", "bar", "8080"]),
        ("ｻｰﾊﾞｰ", ["サー", "ーバ", "バー"]),
        ("कितने दिन", ["कितने", "दिन"]),  # vowel signs are no ends of words
        ("مُحَمَّد كـتـاب", ["محمد", "كتاب"]),
        ("Kaf\u00adfee\u00adhaus", ["kaffeehaus"]),
        ("no\u2011cache", ["no-cache", "no", "cach"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("ﬁle", ["file"]),
    ],
)
def test_letters_that_look_the_same_are_the_same(written: str, found_as: list[str]) -> None:
    assert terms(written) == found_as


@pytest.mark.parametrize(
    ("written", "found_as"),
    [
        ("`-o FILE`", ["-o", "o", "file"]),
        ("-O", ["-O", "o"]),  # flags of one letter differ by case
        ("-p 80", ["-p", "p", "80"]),
        ("(-i)", ["-i", "i"]),
        ("--i a-b -xvf -1", ["i", "a-b", "a", "b", "xvf", "1"]),
    ],
)
def test_a_flag_of_one_letter_keeps_its_dash(written: str, found_as: list[str]) -> None:
    assert terms(written) == found_as


@pytest.mark.parametrize(
    ("question", "left"),
    [("What does -i do?", ["-i"]), ("What is -a?", ["-a"]), ("What is R?", ["r"]), ("Is it in C?", ["c"])],
)
def test_one_letter_that_is_asked_for_is_no_stop_word(question: str, left: list[str]) -> None:
    assert question_terms(question) == left


def test_words_are_stemmed_in_the_language_that_is_named() -> None:
    assert terms("solicitações solicitação solicitar", "pt") == ["solicit"] * 3
    assert terms("instalaciones instalación instalar", "es") == ["instal"] * 3
    assert terms("installées installés installer", "fr") == ["install"] * 3
    assert terms("Häuser Haus", "de") == ["haus", "haus"]
    assert terms("установка установки", "ru") == ["установк", "установк"]
    assert terms("messages BaseModel --no-cache", "xx") == terms("messages BaseModel --no-cache")


@pytest.mark.parametrize("language", ["es", "fr", "it", "pt", "ro"])
def test_accents_that_many_leave_out_make_no_difference(language: str) -> None:
    assert terms("solicitação después où città", language) == terms("solicitacao despues ou citta", language)


def test_accents_that_make_another_letter_stay() -> None:
    assert terms("får", "sv") != terms("far", "sv")
    assert terms("файл", "ru") != terms("фаил", "ru")


def test_an_identifier_is_whole_in_any_language() -> None:
    assert terms("--no-cache pyproject.toml", "de")[0] == "no-cache"
    assert "pyproject.toml" in terms("pyproject.toml", "pt")


def test_a_question_is_spelled_in_each_language_at_once() -> None:
    assert question_variants("the docker install", ["en", "pt"]) == [
        ("the",),
        ("docker", "dock"),
        ("instal", "install"),
    ]
    assert question_variants("the docker", ["en", "pl"]) == [("docker",)]


def test_scripts_in_one_text_are_read_run_by_run() -> None:
    assert terms("Dockerをインストール v2") == ["docker", "をイ", "イン", "ンス", "スト", "トー", "ール", "v2"]
    assert terms("設定file設定", "pt") == ["設定", "fil", "設定"]
