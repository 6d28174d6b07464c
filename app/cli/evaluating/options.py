"""options: what `footnote eval` was asked for, and what does not go together."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from footnote.app.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """The options beside those that are settings."""

    files: tuple[Path, ...]
    tags: tuple[str, ...]
    limit: int | None
    retrieval_only: bool
    judge: bool
    ragas: bool
    names_judge: bool
    against: str | None
    baseline: Path | None
    tolerance: tuple[str, ...]
    save: Path | None
    junit: Path | None
    html: Path | None
    generate: int | None
    output: Path | None
    force: bool
    fit_gate: bool
    seed: int
    as_json: bool

    @property
    def reports(self) -> dict[Path, str]:
        """The files of reports, each with its format."""
        return {file: kind for file, kind in ((self.save, "json"), (self.junit, "junit"), (self.html, "html")) if file}

    @property
    def outputs(self) -> dict[str, Path]:
        """The files that are written, by their options."""
        named = {"--save": self.save, "--junit": self.junit, "--html": self.html, "--output": self.output}
        return {option: file for option, file in named.items() if file}

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            SettingsError: something does not.
        """
        reported = bool(self.baseline or self.reports)
        if self.against is not None and not self.against.strip():
            raise SettingsError("--against needs the name of a language model, written as for --llm")
        beside = self.generate or self.fit_gate or self.baseline or self.tolerance or self.retrieval_only
        if self.against and beside:
            raise SettingsError(
                "--against compares the answers of two language models: leave out --retrieval-only, --baseline, "
                "--tolerance, --generate and --fit-gate"
            )
        if self.tolerance and not self.baseline:
            raise SettingsError("--tolerance goes with --baseline: nothing can fall without one")
        if self.generate:
            if self.output is None or reported:
                raise SettingsError("--generate goes with --output FILE, and with no report or baseline")
            return
        if self.fit_gate:
            if reported or self.judge or self.ragas:
                raise SettingsError("--fit-gate goes with no report, baseline or judge")
            return
        if self.output or self.force:
            raise SettingsError("--output and --force belong to --generate")
        for (first, file), (second, other) in combinations(self.outputs.items(), 2):
            if _is_same(file, other):
                raise SettingsError(f"{first} and {second} name the same file: name another for one of them")
        if self.baseline:
            require_apart(self.outputs, [self.baseline], "baseline")
        if (self.judge or self.ragas) and self.retrieval_only:
            raise SettingsError("--judge and --ragas judge answers: leave out --retrieval-only")
        if self.names_judge and not (self.judge or self.ragas):
            raise SettingsError("--judge-llm goes with --judge or --ragas")
        for file in self.reports:
            require_folder(file)


def require_apart(outputs: Mapping[str, Path], read: Sequence[Path], what: str) -> None:
    """Refuse to write a file that is read.

    Raises:
        SettingsError: one of `outputs`, by option, is one of these files.
    """
    for option, file in outputs.items():
        if found := next((one for one in read if _is_same(file, one)), None):
            raise SettingsError(f"{option} would overwrite the {what} {found}: name another file")


def _is_same(file: Path, other: Path) -> bool:
    """Whether both are one file, by whatever name; none of them needs to be there."""
    return file.resolve() == other.resolve() or (file.exists() and other.exists() and file.samefile(other))


def require_folder(file: Path) -> None:
    """Refuse a file whose folder is missing, before an hour of questions.

    Raises:
        SettingsError: it is.
    """
    if not file.parent.is_dir():
        raise SettingsError(f"cannot write {file}: there is no folder {file.parent}")


def write(file: Path, text: str, is_private: bool = False) -> None:
    """Write the file; a new one that `is_private`, as it quotes docs and questions, can be read by its owner alone.

    Raises:
        SettingsError: it cannot be written.
    """
    try:
        mode = 0o600 if is_private else 0o666
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise SettingsError(f"cannot write {file}: {error.strerror}") from error
