"""Filters by number."""

import re

import pytest

from footnote.app.index.milvus.files import FileNumbers

PATHS = [f"{folder}/{number:03}.md" for folder in "abc" for number in range(100)]
FILES = FileNumbers({path: number for number, path in enumerate(PATHS)}, dict.fromkeys(PATHS, 3))


def meant(condition: str) -> set[str]:
    """The paths for which a condition of the server is true."""
    return {path for number, path in enumerate(PATHS) if eval(condition, {"file": number})}


@pytest.mark.parametrize(
    "paths",
    [
        PATHS[:1],
        PATHS[100:200],
        PATHS[::2],
        [*PATHS[:100], PATHS[250]],
        PATHS[1:],
        [*PATHS[10:60], *PATHS[70:130], *PATHS[200:201]],
        [path for number, path in enumerate(PATHS) if number % 7],
    ],
)
def test_a_condition_is_true_of_these_files_alone(paths: list[str]) -> None:
    condition = FILES.condition(paths)
    assert condition
    assert meant(condition) == set(paths)
    assert re.fullmatch(r"[file<>=()\[\], andotr0-9]+", condition)


def test_a_folder_is_one_range_whatever_its_files_are_called() -> None:
    assert FILES.condition(PATHS[100:200]) == "(file >= 100 and file < 200)"
    assert FILES.condition(PATHS[:100] + PATHS[200:]) == "not ((file >= 100 and file < 200))"


def test_no_file_and_every_file_are_no_conditions() -> None:
    assert FILES.condition([]) is None
    assert FILES.condition(["unknown", '" or 1 == 1']) is None
    assert FILES.condition([*PATHS, "unknown"]) == ""


def test_a_share_is_of_chunks() -> None:
    assert FILES.share(PATHS[:30]) == pytest.approx(0.1)
    assert FileNumbers({}, {}).share(["unknown"]) == 0
