"""How the command line is read: what typer leaves to its defaults and Footnote does not."""

import difflib
from collections.abc import Mapping
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

from footnote.app.core.console import accept_any_text

_CLOSE = 0.8  # difflib's ratio: `--jsn` is meant to be `--json`, `--no-cache` is not `--no-explain`; a guess


class Commands(TyperGroup):
    """All commands. Help and usage errors, too, are printed to whatever encoding there is."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        accept_any_text()
        return super().main(*arguments, **options)


class QuestionCommand(TyperCommand):
    """A command whose arguments are the words of a question, which may begin with a dash: `-o does what?`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        options, words = _split(ctx, args, _takes_value(self, ctx))
        return super().parse_args(ctx, [*options, "--", *words] if words else options)


def _takes_value(command: TyperCommand, ctx: Any) -> dict[str, bool]:
    """Whether a value follows, by the name of each option."""
    options = [one for one in command.get_params(ctx) if isinstance(one, TyperOption)]
    named = {name: not one.is_flag for one in options for name in (*one.opts, *one.secondary_opts)}
    return {**named, **dict.fromkeys(ctx.help_option_names, False)}


def _split(ctx: Any, args: list[str], takes_value: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    """The options with their values, and the words of the question."""
    options: list[str] = []
    words: list[str] = []
    rest = iter(args)
    for arg in rest:
        name, equals, _ = arg.partition("=")
        if arg == "--":
            words += rest
        elif name in takes_value:
            options.append(arg)
            if takes_value[name] and not equals:
                options += [value for value in [next(rest, None)] if value is not None]
        elif arg.startswith("-") and arg != "-" and not _is_question(arg, words, takes_value):
            ctx.fail(_unknown(ctx, arg, takes_value))
        else:
            words.append(arg)
    return options, words


def _is_question(arg: str, words: list[str], takes_value: Mapping[str, bool]) -> bool:
    """Whether what looks like an option is one of the question's words: it has spaces, or begins the question."""
    return any(map(str.isspace, arg)) or (not words and not _close(arg, takes_value))


def _close(arg: str, takes_value: Mapping[str, bool]) -> list[str]:
    return difflib.get_close_matches(arg.partition("=")[0], list(takes_value), n=1, cutoff=_CLOSE)


def _unknown(ctx: Any, arg: str, takes_value: Mapping[str, bool]) -> str:
    close = _close(arg, takes_value)
    hint = f" Did you mean {close[0]}?" if close else ""
    return (
        f"No such option: {arg}.{hint} A question that holds it goes after --, as in: {ctx.command_path} -- {arg} ..."
    )
