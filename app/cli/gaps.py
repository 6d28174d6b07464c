"""`footnote gaps`: what the docs lack, by what was asked."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import CollectionName
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, err, plain, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.questions.question_log import QuestionLog
    from footnote.app.schemas.gaps import GapsOut

EPILOG = """\
Examples:

  footnote gaps

  footnote gaps --days 7 --top 20

  footnote gaps --ask                          leave out what the docs answer by now

  footnote gaps --json

  footnote gaps --issues > gaps.md             one section a gap, to be filed as issues

  footnote gaps --dismiss 2                    leave the second one out from now on

  footnote gaps --dismiss "How do I reset my password?"

  footnote gaps --clear                        delete all questions that are kept
"""
_TOP = 10
_DAY_S = 86_400


def gaps_command(
    days: Annotated[int | None, typer.Option(min=1, help="Only questions of the last days. Default: all kept.")] = None,
    top: Annotated[int | None, typer.Option(min=1, help=f"Gaps to show. Default: {_TOP}.")] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask each question again, and leave out what is answered now.")
    ] = False,
    dismiss: Annotated[
        str | None,
        typer.Option(metavar="QUESTION|NUMBER", help="Leave this gap out until its questions are asked again."),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Delete all questions that are kept; does not ask.")] = False,
    collection: CollectionName = None,
    index_dir: Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")] = None,
    as_issues: Annotated[
        bool, typer.Option("--issues", help="Print markdown, a section for each gap, to be filed as issues.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Show what was asked and the docs did not answer, grouped by meaning, the most asked first."""
    with command(as_json):
        if as_issues and (as_json or clear or dismiss is not None):
            raise SettingsError("--issues takes neither --json, --clear nor --dismiss: it prints gaps as markdown")
        if clear and (days or top or ask):
            raise SettingsError("--clear takes neither --days, --top nor --ask: it deletes all questions")
        if dismiss is not None and (days or top or ask or clear):
            raise SettingsError("--dismiss takes neither --days, --top, --ask nor --clear: it numbers all gaps")
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.questions.question_log import QuestionLog

        questions = QuestionLog(settings.folders.index_dir, settings.questions.days)
        if clear:
            _clear(questions, as_json)
            return
        if dismiss is not None:
            _dismiss(questions, settings, dismiss, as_json)
            return
        gaps = _gaps(questions, settings, days, top or _TOP, ask)
        if as_json:
            print_json(gaps.model_dump_json())
        elif as_issues:
            from footnote.app.questions.issues import gaps_markdown

            show(gaps_markdown(gaps).rstrip("\n"))
        else:
            from footnote.app.cli.render_gaps import render_gaps

            show(render_gaps(gaps, settings.questions.keep))


def _clear(questions: "QuestionLog", as_json: bool) -> None:
    deleted = questions.clear()
    if as_json:
        print_json(f'{{"deleted": {deleted}}}')
    else:
        show(f"{deleted} kept questions and remarks deleted")


def _dismiss(questions: "QuestionLog", settings: Settings, name: str, as_json: bool) -> None:
    from footnote.app.core.progress import progress_bars
    from footnote.app.questions.listing import dismiss

    with progress_bars(err, "questions") as on_progress:
        gap, result = dismiss(questions, settings.models.threads, name, on_progress)
    if as_json:
        print_json(result.model_dump_json())
    else:
        number = counted(gap.questions, "question")
        show(plain(f"dismissed: {gap.question} ({number}, asked {gap.count}x)"))


def _gaps(questions: "QuestionLog", settings: Settings, days: int | None, top: int, ask: bool) -> "GapsOut":
    from footnote.app.core.progress import progress_bars
    from footnote.app.questions.gaps import asked_questions, still_refused
    from footnote.app.questions.listing import listed

    asked = asked_questions(questions.read(time.time() - days * _DAY_S if days else 0))
    left = asked if ask else None
    with progress_bars(err, "questions") as on_progress:
        if ask and asked:
            from footnote.app.engine.engine import open_engine
            from footnote.app.models.llm.chat import EXTRACTIVE

            engine = open_engine(settings.changed(llm=EXTRACTIVE, llm_split=0.0))
            left = still_refused(asked, engine, on_progress)
            engine.close()
        return listed(asked, settings.models.threads, top, left, on_progress)
