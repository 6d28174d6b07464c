"""No pattern that reads what a model wrote takes for ever where a model repeats itself."""

import importlib
import pkgutil
import re

import pytest

PACKAGES = ("answering", "checking", "premises", "kept", "core.text")
PARTS = (
    "_3", "a_", "_", ".a", "-a", " a", "a ", "*a", "`a", "[a", "](a", "a.b ", "1,", "1.", "=a", "'a", '"a', "<a", "#a ",
    "> ", "- ", "a\n", "\n\n", "aA", "Aa", "1a", "to ", "not ", "|a", "a|", "(", "()", "\\", "e.g. ", "./", "a/", "%a",
    "--a", "::", "a:", "“a", "…", "a,",
)  # fmt: skip


def patterns():
    """Every compiled pattern of these packages, by where it stands."""
    found = {}
    for package in PACKAGES:
        root = importlib.import_module(f"footnote.app.{package}")
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found.setdefault(value, f"{module.name}.{name}")
    return found


@pytest.mark.parametrize("part", PARTS)
def test_what_is_repeated_is_read_in_no_time(part):
    """Read in two ways each, forty parts would take days."""
    every = patterns()
    assert len(every) > 100
    for pattern in every:
        for text in (f"{part * 40}!", f"a{part * 40}!"):
            assert list(pattern.finditer(text)) is not None
            pattern.fullmatch(text)
