"""digest: knows an answer again that a client gives back."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from footnote.app.access.types import PathLimits

_NOT_OF_THE_ANSWER = ("timings_ms",)


def without_times(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What of an answer's JSON a digest covers, and is saved: all but how long it took."""
    return {name: value for name, value in answer.items() if name not in _NOT_OF_THE_ANSWER}


def digest_of(answer: Mapping[str, Any], limits: PathLimits | None = None) -> str:
    """The sha256 of an answer's JSON, however that is spaced, ordered and its numbers are spelled.

    With `limits` also of them: what was answered from some pages is another thing than the same said of all.
    """
    text = json.dumps(_with_floats(without_times(answer)), sort_keys=True)
    if limits is not None:
        text += json.dumps(sorted(limits.globs))
    return hashlib.sha256(text.encode()).hexdigest()


def _with_floats(value: Any) -> Any:
    """Every number as a float: 1.0 comes back from a browser as 1."""
    if isinstance(value, dict):
        return {name: _with_floats(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_floats(one) for one in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) + 0.0  # of -0.0 nothing is left but 0
    return value
