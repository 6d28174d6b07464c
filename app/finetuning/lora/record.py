"""record: what a training leaves beside its adapter: what it was made of, its losses, and a picture of them.

begun.json (options and hashes: --resume compares) -> log.json, loss.svg -> card.json
"""

import importlib.metadata
import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from footnote.app.core.errors import SettingsError
from footnote.app.core.files import replace_text
from footnote.app.core.version import VERSION
from footnote.app.finetuning.lora.options import flag
from footnote.app.finetuning.lora.plot import loss_plot
from footnote.app.finetuning.lora.train import Curve

BEGUN, CARD, LOG, PLOT, CHECKPOINTS = "begun.json", "card.json", "log.json", "loss.svg", "checkpoints"
_LOCK = ".lock"
_PACKAGES = ("torch", "transformers", "peft", "trl", "gguf")


def versions() -> dict[str, str]:
    """The versions that an adapter depends on."""
    return {
        "footnote": VERSION,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in _PACKAGES},
    }


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the folder, which is made, against other trainings; one that is empty afterwards was none, and goes.

    Raises:
        SettingsError: another process trains there, or it cannot be written.
    """
    was_there = folder.exists()
    lock = FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise SettingsError(
            f"another training is writing to {folder}: wait for it, or name another folder with --to"
        ) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            (folder / _LOCK).unlink(missing_ok=True)
        lock.release()
        if not was_there:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def begin(folder: Path, made_of: Mapping[str, Any]) -> None:
    """Note what a training is made of, in a folder that has none yet, or one that did not come to a checkpoint.

    Raises:
        SettingsError: the folder holds something, or cannot be written.
    """
    if (folder / CARD).exists():
        raise SettingsError(f"{folder} holds an adapter already: name another folder with --to")
    if _checkpoints(folder):
        raise SettingsError(
            f"{folder} holds a training that was not finished: --resume goes on, or name another folder"
        )
    try:
        if (folder / BEGUN).exists():
            shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
        elif folder.exists() and any(one.name != _LOCK for one in folder.iterdir()):
            raise SettingsError(f"{folder} is not empty: name another folder with --to")
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(folder / BEGUN, _json(made_of))
    except OSError as error:
        raise _unwritable(folder, error) from error


def resumed(folder: Path, made_of: Mapping[str, Any]) -> Path:
    """The last checkpoint of a training that was made of the same.

    Raises:
        SettingsError: there is none, it is finished, or it was made of something else.
    """
    if (folder / CARD).exists():
        raise SettingsError(f"{folder} holds a training that is finished: there is nothing to go on with")
    try:
        before = json.loads((folder / BEGUN).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{folder} holds no training: start one without --resume") from error
    changed = [*_changed(before, json.loads(_json(made_of)))]
    if changed:
        raise SettingsError(f"--resume needs what the training began with; changed: {'; '.join(changed)}")
    found = _checkpoints(folder)
    if not found:
        raise SettingsError(f"{folder} has no checkpoint yet: start without --resume")
    return found[-1]


def write_losses(folder: Path, curve: Curve, title: str) -> None:
    """Write the losses, as JSON and as a picture."""
    log = {
        "training": [{"step": step, "loss": loss} for step, loss in curve.trained],
        "held_out": [{"step": step, "loss": loss} for step, loss in curve.held_out],
        "best_step": curve.best_step,
    }
    replace_text(folder / LOG, _json(log))
    replace_text(folder / PLOT, loss_plot(curve, title))


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write the card, which says that the training is finished; what only going on would need goes."""
    replace_text(folder / CARD, _json(card))
    (folder / BEGUN).unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(f"{folder} cannot be written ({error.strerror}): name another folder with --to")


def _checkpoints(folder: Path) -> list[Path]:
    """The whole ones, the last step last."""
    found = sorted((folder / CHECKPOINTS).glob("checkpoint-*"), key=lambda one: int(one.name.rpartition("-")[2]))
    return [one for one in found if (one / "trainer_state.json").is_file()]


def _changed(before: Any, now: Any, name: str = "") -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        names = dict.fromkeys([*before, *now])
        return [said for one in names for said in _changed(before.get(one), now.get(one), f"{name}{one}.")]
    if before == now:
        return []
    group, _, option = name.rstrip(".").rpartition(".")
    return [f"{flag(option) if group == 'options' else name.rstrip('.')} was {before}, is {now}"]


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
