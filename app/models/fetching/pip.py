"""pip of this environment, with the user's own configuration."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence

# Safe path: a `pip.py` in the working folder is not pip.
PIP = (sys.executable, "-P", "-m", "pip")
_NOT_FOUND = "No matching distribution found"  # pip says it of an index that does not answer, too


class PipError(Exception):
    """pip is missing, or failed; the message is a clause that says why."""


def run_pip(arguments: Sequence[str]) -> None:
    """Run it, and wait.

    Raises:
        PipError: it is missing, or failed.
    """
    if importlib.util.find_spec("pip") is None:
        raise PipError(f"pip is missing in this environment: `{sys.executable} -m ensurepip` installs it")
    options = ("--quiet", "--no-input", "--disable-pip-version-check")
    done = subprocess.run([*PIP, *arguments, *options], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
        reason = (errors or lines or ["pip failed"])[-1]
        if reason.startswith(_NOT_FOUND):
            reason += ": the package index cannot be reached or lacks it"
        raise PipError(reason)
