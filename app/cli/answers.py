"""`footnote answers list`, `show`, `delete` and `export`: the answers that are kept, and getting rid of them."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.cli.selecting import (
    Answered,
    Contains,
    Days,
    Disliked,
    InArm,
    Liked,
    Mode,
    Model,
    Page,
    Refused,
    Since,
    Supported,
    answer_log_of,
    selection,
)
from footnote.app.core.collections import collection_settings
from footnote.app.core.command_line import CommandLine
from footnote.app.core.console import command, counted, err, print_json, show
from footnote.app.core.errors import KeptAnswerUnknownError, SettingsError

if TYPE_CHECKING:
    from footnote.app.kept.answer_log import AnswerLog
    from footnote.app.kept.rows import Selection

EPILOG = "Example:\n\n  footnote answers list --days 7 --disliked"
LIST_EPILOG = """\
Examples:

  footnote answers list

  footnote answers list --days 7 --disliked

  footnote answers list --refused --contains backup

  footnote answers list --model openai:gpt-4o --supported --json
"""
SHOW_EPILOG = "Example:\n\n  footnote answers show 17"
DELETE_EPILOG = """\
Examples:

  footnote answers delete 17 18

  footnote answers delete --mentioning "jane@example.com"

  footnote answers delete --older-than 30

  footnote answers delete --all

Exit codes: 0 deleted, 1 some of the IDs are not kept, 2 usage or a setting, 3 no such index folder.
"""
EXPORT_EPILOG = """\
Examples:

  footnote answers export answers.jsonl

  footnote answers export liked.jsonl --liked --supported

  footnote answers export - --since 2026-11-01 | jq .question
"""
_TOP = 20
_MAX_ID = 2**63 - 1  # what sqlite counts up to
_NOT_ALL = 1
_DAY_S = 86_400

group = CommandLine(
    no_args_is_help=True,
    epilog=EPILOG,
    help="See, delete and export the answers that are kept (FOOTNOTE_KEEP_ANSWERS), which a model can be tuned on.",
)


@group.command("list", epilog=LIST_EPILOG)
def list_command(
    days: Days = None,
    since: Since = None,
    liked: Liked = False,
    disliked: Disliked = False,
    refused: Refused = False,
    answered: Answered = False,
    supported: Supported = False,
    mode: Mode = None,
    model: Model = None,
    arm: InArm = None,
    contains: Contains = None,
    path: Page = None,
    top: Annotated[int, typer.Option(min=1, help="Answers to show.")] = _TOP,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """List kept answers, the newest first."""
    with command(as_json):
        settings = collection_settings(collection, index_dir=index_dir)
        chosen = selection(days, since, liked, disliked, refused, answered, supported, mode, model, arm, contains, path)
        shown, count = [], 0
        for kept in answer_log_of(settings).read(chosen, newest_first=True):
            count += 1
            shown += [kept] if count <= top else []
        if as_json:
            from footnote.app.schemas.kept import KeptAnswerOut, ListedAnswersOut

            rows = [KeptAnswerOut.model_validate(kept) for kept in shown]
            print_json(ListedAnswersOut(count=count, answers=rows).model_dump_json())
        else:
            from footnote.app.cli.render_answers import render_answers

            show(render_answers(shown, count, settings.kept_answers.keep))


@group.command("show", epilog=SHOW_EPILOG)
def show_command(
    answer_id: Annotated[int, typer.Argument(metavar="ID", min=1, max=_MAX_ID, help="As `list` has it.")],
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Show one kept answer, with the passages that it was written from."""
    with command(as_json):
        kept = answer_log_of(collection_settings(collection, index_dir=index_dir)).get(answer_id)
        if kept is None:
            raise KeptAnswerUnknownError(f"no answer is kept as {answer_id}: see `footnote answers list`")
        if as_json:
            from footnote.app.schemas.kept import KeptAnswerOut

            print_json(KeptAnswerOut.model_validate(kept).model_dump_json())
        else:
            from footnote.app.cli.render_answers import render_kept_answer

            show(render_kept_answer(kept))


@group.command("delete", epilog=DELETE_EPILOG)
def delete_command(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", min=1, max=_MAX_ID, help="As `list` has them.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are kept; does not ask.")] = False,
    older_than: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Those that were given more days ago.")
    ] = None,
    mentioning: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Those with this text in question, answer, passages or comment; `footnote gaps` forgets them, too.",
        ),
    ] = None,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete kept answers, so that nothing of them stays in the file."""
    with command(as_json):
        if sum((bool(ids), everything, older_than is not None, mentioning is not None)) != 1:
            raise SettingsError("name what to delete, one way: IDs, --all, --older-than or --mentioning")
        if mentioning is not None and not mentioning.strip():
            raise SettingsError(
                "--mentioning needs a text: an empty one stands in every answer; --all deletes them all"
            )
        settings = collection_settings(collection, index_dir=index_dir)
        answers = answer_log_of(settings)
        remarks: int | None = None
        if everything:
            deleted = answers.clear()
        elif older_than is not None:
            deleted = answers.delete_before(time.time() - older_than * _DAY_S)
        elif mentioning is not None:
            from footnote.app.kept.rows import Selection
            from footnote.app.questions.question_log import QuestionLog

            deleted = answers.delete([kept.id for kept in answers.read(Selection(contains=mentioning))])
            remarks = QuestionLog(settings.folders.index_dir, settings.questions.days).delete_mentioning(mentioning)
        else:
            deleted = answers.delete(ids or [])
        if as_json:
            print_json(json.dumps({"deleted": deleted} | ({} if remarks is None else {"deleted_of_gaps": remarks})))
        else:
            what = "question or remark" if remarks == 1 else "questions or remarks"
            of_gaps = "" if remarks is None else f", and {remarks} {what} of `footnote gaps`"
            show(f"{counted(deleted, 'kept answer')} deleted{of_gaps}")
        if ids and deleted < len(set(ids)):
            err.print(f"{len(set(ids)) - deleted} of {len(set(ids))} are not kept: see `footnote answers list`")
            raise typer.Exit(_NOT_ALL)


@group.command("export", epilog=EXPORT_EPILOG)
def export_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="What to write, or - for standard output.")],
    days: Days = None,
    since: Since = None,
    liked: Liked = False,
    disliked: Disliked = False,
    refused: Refused = False,
    answered: Answered = False,
    supported: Supported = False,
    mode: Mode = None,
    model: Model = None,
    arm: InArm = None,
    contains: Contains = None,
    path: Page = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Write kept answers to a file, a line of JSON each, the oldest first; only you can read it."""
    with command(as_json, "interrupted: nothing was written"):
        chosen = selection(days, since, liked, disliked, refused, answered, supported, mode, model, arm, contains, path)
        settings = collection_settings(collection, index_dir=index_dir)
        lines = _lines(answer_log_of(settings), chosen)
        if file == Path("-"):
            if as_json:
                raise SettingsError("--json says what was written to a file: leave it out with -")
            for line in lines:
                print_json(line)
            return
        from footnote.app.core.files import write_private

        if settings.folders.index_dir.resolve() in file.resolve().parents:
            raise SettingsError(f"{file} is in the index folder, whose files are Footnote's own: name another place")
        if file.exists() and not force:
            raise SettingsError(f"{file} is there already: name another file, or overwrite it with --force")
        try:
            written = write_private(file, (f"{line}\n" for line in lines))
        except OSError as error:
            raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
        if as_json:
            print_json(json.dumps({"written": written, "file": str(file)}))
        else:
            show(f"{counted(written, 'answer')} written to {file}")


def _lines(answers: "AnswerLog", chosen: "Selection") -> Iterator[str]:
    from footnote.app.schemas.kept import KeptAnswerOut

    return (KeptAnswerOut.model_validate(kept).model_dump_json() for kept in answers.read(chosen))
