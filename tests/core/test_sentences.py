import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.text.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("One.", ["One."]),
        ("  One. Two!\nThree? ", ["One.", "Two!", "Three?"]),
        ("No stop at the end", ["No stop at the end"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("**Bold.** `code` begins. _So._ [Link](x).", ["**Bold.**", "`code` begins.", "_So._", "[Link](x)."]),
        ("Wait… Go.", ["Wait…", "Go."]),
        ("A fact.[1] Another. [2] Third.", ["A fact.[1]", "Another. [2]", "Third."]),
        ("Coupez. À minuit. Êtes-vous là ? Oui !", ["Coupez.", "À minuit.", "Êtes-vous là ?", "Oui !"]),
        ("Fin. E\u0301crire. Ǆ.", ["Fin.", "E\u0301crire.", "Ǆ."]),
        ("« Bonjour. » Il part. „Stopp.“ Ende.", ["« Bonjour. »", "Il part.", "„Stopp.“", "Ende."]),
        ("Di. ¿Qué? ¡Sí! «No.» Él.", ["Di.", "¿Qué?", "¡Sí!", "«No.»", "Él."]),
        ("Хранится день. После удаляется. Ещё.", ["Хранится день.", "После удаляется.", "Ещё."]),
        ("Η πόρτα. Άλλη. Մուտք։ Ելք։", ["Η πόρτα.", "Άλλη.", "Մուտք։", "Ելք։"]),
        ("ეს არის. შემდეგ.", ["ეს არის.", "შემდეგ."]),
        ("备份保留三天。到期删除！真的吗？是。", ["备份保留三天。", "到期删除！", "真的吗？", "是。"]),
        ("是的。[1]不是。[2]", ["是的。[1]", "不是。[2]"]),
        ("他说：“你好。”然后走了。", ["他说：“你好。”", "然后走了。"]),
        ("怎么办?重启!版本1.2。", ["怎么办?", "重启!", "版本1.2。"]),
        (
            "彼は「もう帰る。」と言った。「はい。」「いいえ。」",
            ["彼は「もう帰る。」と言った。", "「はい。」", "「いいえ。」"],
        ),
        ("『猫である。』は小説だ。「待て！」って？", ["『猫である。』は小説だ。", "「待て！」って？"]),
        ("画面に「完了。」。「終了。」とても速い。", ["画面に「完了。」。", "「終了。」", "とても速い。"]),
        ("「終わり。」次に進む．値は3．5です．", ["「終わり。」", "次に進む．", "値は3．5です．"]),
        ("보관됩니다. 그 후 삭제됩니다.", ["보관됩니다.", "그 후 삭제됩니다."]),
        ("ما هذا؟ هذا خادم. يعمل جيدا.", ["ما هذا؟", "هذا خادم.", "يعمل جيدا."]),
        ("یہ سرور ہے۔ یہ چلتا ہے۔", ["یہ سرور ہے۔", "یہ چلتا ہے۔"]),
        ("זה שרת. הוא עובד. האם?", ["זה שרת.", "הוא עובד.", "האם?"]),
        ("यह एक है। दूसरा है। तीन. चार.", ["यह एक है।", "दूसरा है।", "तीन.", "चार."]),
    ],
)
def test_a_sentence_ends_at_its_stop_with_quotes_markup_and_markers(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It is not cached. uv does not do that. pip does.",
            ["It is not cached.", "uv does not do that.", "pip does."],
        ),
        ("Use `relay`. kubectl knows it [1]. uv does not.", ["Use `relay`.", "kubectl knows it [1].", "uv does not."]),
    ],
)
def test_a_sentence_may_begin_with_a_name_in_small_letters(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Use a file, e.g. A or B.",
        "That is, i.e. The port.",
        "See fig. 3 and etc. And so on",
        "Set v1.2.3 in pyproject.toml now.",
        "Call foo.bar() with no.",
        "a stop. before a small letter",
        "Set approx. five, eg. three, incl. tax, in dept. two of the U.S. army at 7 a.m. on Monday",
        "It is ok... really",
        "1. Stop the service",
        "  12. Stop the service",
        "Nutze z.B. Docker, z. B. Podman, d.h. Container, usw. Und bzw. Ab ca. 3 Uhr, vgl. Abb. 3",
        "Le port, p. ex. Docker, cf. Annexe",
        "Un puerto, p. ej. Docker, pág. 3, Sr. López",
        "Poorten, bijv. Docker, enz. En blz. 3",
        "Порт, т. е. Докер, см. Раздел, г. Москва",
        "डॉ. राम",
        "د. محمد",
        "Am 3. Oktober",
        "1. 停止",
    ],
)
def test_abbreviations_list_numbers_and_dotted_names_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text.strip()]


def test_what_abbreviates_elsewhere_ends_an_english_sentence() -> None:
    assert sentences("Trust the CA. It has ECC. It runs.") == ["Trust the CA.", "It has ECC.", "It runs."]


def test_the_number_of_a_step_begins_one_after_any_stop() -> None:
    assert sentences("停止。1. 复制") == ["停止。", "1. 复制"]


def test_list_numbers_within_a_line_stay_with_their_sentence() -> None:
    assert sentences("1. Stop it. 2. Copy it: 3. Start it.") == ["1. Stop it.", "2. Copy it: 3. Start it."]


def test_a_number_at_the_end_of_a_sentence_ends_it() -> None:
    assert sentences("The default is 7070. Ports below 1024 need root.") == [
        "The default is 7070.",
        "Ports below 1024 need root.",
    ]


@given(st.text(alphabet="aB1 .!?。؟।É日».\n\"'()[]*`…\u00a0", max_size=60) | st.text())
def test_sentences_are_in_order_trimmed_and_cover_all_but_white_space(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
