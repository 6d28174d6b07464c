"""Errors: what all of them have in common."""

import re

import pytest

from footnote.app.core import errors
from footnote.app.core.errors import FootnoteError

TREE = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, FootnoteError)]


def made(error: type[FootnoteError]) -> FootnoteError:
    return error.__new__(error)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("IndexMissingError", "Index missing"),
        ("LLMError", "LLM"),
        ("OverCapacityError", "Over capacity"),
        ("QuestionError", "Question"),
        ("NothingToEvaluateError", "Nothing to evaluate"),
    ],
)
def test_a_title_is_words(name: str, title: str) -> None:
    assert made(getattr(errors, name)).title == title


@pytest.mark.parametrize("error", TREE)
def test_no_title_is_a_name_of_the_code(error: type[FootnoteError]) -> None:
    assert re.fullmatch(r"(LLM|[A-Z][a-z]+)( [a-z]+)*", made(error).title)


@pytest.mark.parametrize("error", TREE)
def test_the_tree_in_the_docstring_names_every_error(error: type[FootnoteError]) -> None:
    assert f" {error.__name__} " in f" {errors.__doc__} ".replace("\n", " ")
