"""`footnote ask` and `footnote search`."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import (
    AsJson,
    CollectionNames,
    FieldFilter,
    IndexDir,
    Llm,
    PathFilter,
    Question,
    TagFilter,
    query_filter,
    question_text,
)
from footnote.app.core.collections import Collection, collections_asked
from footnote.app.core.console import Growing, command, print_json, show, warn
from footnote.app.core.errors import LLMError, SettingsError, ended
from footnote.app.core.told_commands import told_for

if TYPE_CHECKING:
    from footnote.app.core.events import Event
    from footnote.app.core.types import Answer
    from footnote.app.explaining.types import WhyNot

ASK_EPILOG = """\
Examples:

  footnote ask "How do I ingest again?"

  footnote ask how do I ingest again

  footnote ask - < question.txt

  footnote ask -- --no-cache meaning           after -- all is a question

  footnote ask "Which port does it listen on?" --path deployment.md

  footnote ask "How do I roll back?" --llm openai:gpt-4o --json
"""
SEARCH_EPILOG = """\
Examples:

  footnote search "chunk size"

  footnote search "FOOTNOTE_TOP_K" --explain

  footnote search "install" --path 'guides/**' --tag linux --top-k 10 --json

  footnote search "how do I install it" --why-not guides/install.md#linux
"""


def ask_command(
    question: Question,
    top_k: Annotated[int | None, typer.Option(min=1, max=50, help="Passages to answer from. Default: 4.")] = None,
    path: PathFilter = None,
    tag: TagFilter = None,
    where: FieldFilter = None,
    llm: Llm = None,
    collection: CollectionNames = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the docs, with citations; printed as it is written."""
    with command(as_json):
        no_split = None if llm is None else 0.0
        collections = collections_asked(collection, index_dir=index_dir, llm=llm, llm_split=no_split)
        wanted = query_filter(path, tag, where)
        from footnote.app.engine.joining.open import open_engines

        if not collection:
            collections = _answering(collections)
        engine, asked = open_engines(collections), question_text(question)
        with _naming_the_other_way():
            if as_json:
                from footnote.app.schemas.answers import AnswerOut

                answer = engine.ask(asked, top_k, wanted)
                print_json(AnswerOut.model_validate(_named(answer, collections)).model_dump_json())
            else:
                with closing(engine.stream(asked, top_k, wanted)) as events:
                    answer = _shown(events)
        from footnote.app.service.keeping import keep_of_several, make_keeping

        keepings = {one.name: make_keeping(one.settings) for one in collections}
        keep_of_several(answer, keepings)
        for keeping in keepings.values():
            keeping.close()


def _answering(collections: list[Collection]) -> list[Collection]:
    """Those that can be asked; the others are left out, and named."""
    from footnote.app.engine.joining.open import with_index

    found = with_index(collections)
    for one in collections:
        if one not in found:
            with told_for(one.settings.project.as_collection):
                warn(f"{one.name} has no index yet and is left out: run `footnote ingest`")
    return found


def _named(answer: "Answer", collections: list[Collection]) -> "Answer":
    """The answer of a collection that has a name, which is then known where the answer is saved."""
    first = collections[0]
    if len(collections) > 1 or not first.settings.project.as_collection:
        return answer
    from footnote.app.engine.joining.told import named_answer

    return named_answer(answer, first.name, answer.generation)


@contextmanager
def _naming_the_other_way() -> Iterator[None]:
    """Add to the error of a language model what answers without one."""
    try:
        yield
    except LLMError as error:
        raise LLMError(f"{ended(str(error))} Or ask with `--llm extractive`.") from error


def _shown(events: "Iterable[Event]") -> "Answer":
    """The answer that the events end with, printed as it is written."""
    from rich.console import Group

    from footnote.app.cli.prose import answer_lines
    from footnote.app.cli.render import render_answer
    from footnote.app.core.events import Said
    from footnote.app.core.types import Answer

    growing, text = Growing(), ""
    try:
        for event in events:
            if isinstance(event, Said):
                text += event.text
                growing.show(Group(*answer_lines(text)))
            elif isinstance(event, Answer):
                growing.show_all(render_answer(event))
                return event
    except BrokenPipeError:
        raise
    except BaseException:
        growing.leave()
        raise
    raise AssertionError("the events end with the answer")


def search_command(
    question: Question,
    top_k: Annotated[
        int | None,
        typer.Option(
            min=1, max=200, help="Hits to show. Default: 10; with --why-not as many as an answer is written from."
        ),
    ] = None,
    explain: Annotated[bool, typer.Option(help="Show each stage's rank and score.")] = False,
    why_not: Annotated[
        str | None,
        typer.Option(
            metavar="PATH[#HEADING]", help="Show where this page or section was lost, and what would keep it."
        ),
    ] = None,
    path: PathFilter = None,
    tag: TagFilter = None,
    where: FieldFilter = None,
    collection: CollectionNames = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages that an answer would be written from, best first."""
    with command(as_json):
        collections = collections_asked(collection, index_dir=index_dir)
        if why_not is not None and len(collections) > 1:
            names = ", ".join(one.name for one in collections)
            raise SettingsError(f"--why-not is about a page of one collection: name it with --collection: {names}")
        wanted = query_filter(path, tag, where)
        from footnote.app.core.text.unicode import without_surrogates
        from footnote.app.engine.joining.engine import JoinedEngine
        from footnote.app.engine.joining.open import open_engines

        asked = without_surrogates(question_text(question))
        if not collection:
            collections = _answering(collections)
        engine = open_engines(collections, search_only=True)
        if why_not is not None and not isinstance(engine, JoinedEngine):
            _why_not(engine.why_not(asked, why_not, top_k, wanted), as_json)
            return
        found = engine.search(asked, top_k or 10, wanted)
        if as_json:
            from footnote.app.schemas.search import SearchOut

            print_json(SearchOut.of(asked, found, engine.generation, engine.generations).model_dump_json())
        else:
            from footnote.app.cli.render import render_search
            from footnote.app.retrieval.excerpt import question_rarities

            show(render_search(found, explain, question_rarities(asked, engine.term_counts)))


def _why_not(found: "WhyNot", as_json: bool) -> None:
    if as_json:
        from footnote.app.schemas.why_not import WhyNotOut

        print_json(WhyNotOut.model_validate(found).model_dump_json())
    else:
        from footnote.app.cli.render_why_not import render_why_not

        show(render_why_not(found))
