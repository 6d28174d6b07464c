"""Progress bars of long work, for a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

# (stage, done, total): called as a stage goes on, and at its end.
OnProgress = Callable[[str, int, int], None]

_UNITS = {"fetch": "objects", "checkout": "files", "read": "files", "embed": "chunks", "write": "chunks"}


class _RateColumn(ProgressColumn):
    def __init__(self, unit: str | None) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        rate = task.finished_speed or task.speed
        return Text(f"{rate:.0f} {self._unit or _UNITS.get(task.description, '')}/s" if rate else "")


@contextmanager
def progress_bars(console: Console, unit: str | None = None) -> Iterator[OnProgress]:
    """A bar for each stage with rate and time left; silent when the console is no terminal.

    The rate is in `unit`, or without one in what an ingest counts at that stage.
    """
    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield on_progress
