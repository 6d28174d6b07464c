"""Reasoning is left out of a reply however it is cut into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.errors import LLMError
from footnote.app.models.llm.reasoning import without_reasoning

TEXTS = st.text(st.sampled_from("ab <>/[]\nthink."), max_size=60)


def left(parts, thinks=False):
    return "".join(without_reasoning(iter(parts), lambda: thinks))


@given(TEXTS, TEXTS, st.lists(st.integers(1, 7), min_size=1), st.booleans())
def test_however_it_is_cut(reasoning, answer, sizes, thinks):
    whole = f"<think>{reasoning}</think>{answer}"
    parts, at = [], 0
    while at < len(whole):
        size = sizes[len(parts) % len(sizes)]
        parts.append(whole[at : at + size])
        at += size
    try:
        expected = left([whole], thinks)
    except LLMError:
        with pytest.raises(LLMError):
            left(parts, thinks)
    else:
        assert left(parts, thinks) == expected


@pytest.mark.parametrize("thinks", [False, True])
@pytest.mark.parametrize("text", ["", " ", "Yes.", "<b>bold</b> [1]", "[1] says so.", "<thin ice>", "a < b", "[THIN]"])
def test_a_reply_without_it_stays_as_it_is(text, thinks):
    assert left(list(text), thinks) == text == left([text], thinks)


@pytest.mark.parametrize("text", ["<think>a</think>b", "\n<THINKING>\na\n</thinking>\n\nb", "[THINK]a[/THINK]b"])
def test_what_stands_behind_it_is_the_reply(text):
    assert left([text]) == left(list(text)) == left(list(text), True) == "b"


def test_one_without_a_beginning_is_cut_where_it_is_expected_and_else_an_error():
    assert left(list("hm. so</think>b"), True) == "b"
    with pytest.raises(LLMError, match="does not mark where that begins"):
        left(list("hm. so it is this way</think>b"))
