"""How the command line is read: what typer leaves to its defaults and Footnote does not."""

from typing import Any

from typer.core import TyperGroup

from footnote.app.core.console import accept_any_text


class Commands(TyperGroup):
    """All commands. Help and usage errors, too, are printed to whatever encoding there is."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        accept_any_text()
        return super().main(*arguments, **options)
