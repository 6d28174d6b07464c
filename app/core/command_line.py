"""command_line: the application that commands are made of, and what holds for each of them."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption
from typer.models import CommandFunctionType


class OneCommand(TyperCommand):
    """A command that drops no collection: where it takes one, a second is refused, as only the last would count."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for option in self.get_params(ctx):
            if option.name == "collection" and isinstance(option, TyperOption) and not option.multiple:
                _, _, given = self.make_parser(ctx).parse_args(list(args))
                if given.count(option) > 1:
                    ctx.fail("--collection is given more than once: this command takes one, so run it for each")
        return super().parse_args(ctx, args)


class CommandLine(typer.Typer):
    """An application of such commands."""

    def command(self, *arguments: Any, **options: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """As `Typer.command`."""
        return super().command(*arguments, **{"cls": OneCommand, **options})
