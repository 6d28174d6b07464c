"""patterns: those of a setting that can match no file are refused, as they do not do what they were given for."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from pathspec import GitIgnoreSpec

from footnote.app.core.errors import SettingsError


def require_patterns(name: str, patterns: Sequence[str], anchored: bool = False) -> None:
    """Refuse a pattern that is broken, or that names no path below a folder.

    Args:
        name: of the setting or option, for the message.
        patterns: as in `.gitignore`.
        anchored: whether they name the whole path below the folder, whatever they begin with.

    Raises:
        SettingsError: one of them is such.
    """
    for pattern in patterns:
        why = _why_senseless("/" + pattern.lstrip("/") if anchored and pattern.strip() else pattern)
        if why:
            raise SettingsError(f"{name}: {pattern!r} can match no file: {why}")


def _why_senseless(pattern: str) -> str:
    """Why the pattern can match nothing; "" where it may, or is empty, which counts as not given."""
    if not pattern.strip():
        return ""
    if pattern.startswith("#"):
        return f"it is a comment: write \\{pattern} for a name that begins so"
    if {".", ".."} & set(pattern.removeprefix("!").split("/")):
        return "paths begin at the folder that is read: leave `.` and `..` out"
    try:
        (parsed,) = GitIgnoreSpec.from_lines([pattern]).patterns
    except (ValueError, re.error) as error:
        return f"it is not a pattern as in .gitignore: {error}"
    if parsed.include is None:
        return "its [ is not closed: write \\[ for the sign itself" if "[" in pattern else "it names nothing"
    return ""


def deeper(pattern: str) -> str | None:
    """The glob of the same files at any depth; None where it is one already."""
    below = pattern.lstrip("/")
    return None if PurePosixPath(below).parts[:1] == ("**",) else f"**/{below}"
