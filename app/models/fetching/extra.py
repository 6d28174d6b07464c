"""The extra that runs GGUF files, installed where it is missing."""

import importlib
import importlib.metadata
import sys
from collections.abc import Callable, Sequence

from footnote.app.core.errors import SettingsError
from footnote.app.models.fetching.pip import PipError, run_pip

EXTRA, MODULE = "local-llm", "xllamacpp"


def install_extra(say: Callable[[str], None]) -> tuple[str, ...]:
    """The requirements that were installed; none where the extra is there.

    Raises:
        SettingsError: pip is missing or fails, or what is installed cannot be loaded.
    """
    if _is_loaded():
        return ()
    requirements = extra_requirements(EXTRA)
    say(f"installing {' '.join(requirements)}")
    try:
        run_pip(["install", *requirements])
    except PipError as error:
        raise SettingsError(
            f"the extra {EXTRA} cannot be installed ({error}): {_by_hand(requirements)}, and try again"
        ) from error
    importlib.invalidate_caches()
    if not _is_loaded():
        raise SettingsError(f"{MODULE} was installed and is not found: does pip install into {sys.prefix}?")
    return requirements


def missing_extra() -> str | None:
    """What keeps GGUF files from running here, and what mends that; None where they run."""
    try:
        if _is_loaded():
            return None
    except SettingsError as error:
        return str(error)
    return f"{MODULE}, which runs the file, is not installed: {_by_hand(extra_requirements(EXTRA))}"


def extra_requirements(extra: str) -> tuple[str, ...]:
    """The exact requirements of one of Footnote's extras, as its own metadata has them."""
    parted = [line.partition(";") for line in importlib.metadata.requires("footnote") or ()]
    markers = (f"extra == '{extra}'", f'extra == "{extra}"')
    return tuple(requirement.strip() for requirement, _, marker in parted if marker.strip() in markers)


def _by_hand(requirements: Sequence[str]) -> str:
    command = " ".join(["pip install", *requirements])
    return f"run `{command}`, or with uv `uv {command} --python {sys.executable}`"


def _is_loaded() -> bool:
    """Whether the module can be imported; False where it is not installed.

    Raises:
        SettingsError: it is installed and cannot be loaded.
    """
    try:
        importlib.import_module(MODULE)
        return True
    except ModuleNotFoundError as error:
        if error.name == MODULE:
            return False
        raise SettingsError(_not_loaded(error)) from error
    except ImportError as error:
        raise SettingsError(_not_loaded(error)) from error


def _not_loaded(error: ImportError) -> str:
    return f"{MODULE} is installed and cannot be loaded ({error}); on a slim system it needs the package libgomp1"
