"""`footnote verify`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import Collection, collections_asked
from footnote.app.core.console import command, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.in_turn import in_turn, named
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.schemas.verification import SavedCitation

EPILOG = """\
Examples:

  footnote ask "How long are backups kept?" --json > answer.json

  footnote verify answer.json

  footnote ask "How long are backups kept?" --json | footnote verify - --docs handbook --json

  footnote verify --saved                      those saved on the service that do not hold any more

  footnote verify --saved --forget 5f0c…       delete one of them

Exit codes: 0 all citations are valid, 1 some are not, 2 no saved answer or no docs folder.
"""


def verify_command(
    answer: Annotated[
        str | None, typer.Argument(help="A file with a saved answer (ask --json), or - for standard input.")
    ] = None,
    docs: Annotated[Path | None, typer.Option(help="The docs folder. Default: the one that was ingested.")] = None,
    allow_moved: Annotated[
        bool, typer.Option("--allow-moved", help="Exit with 0 also where a quote stands elsewhere now.")
    ] = False,
    saved: Annotated[
        bool, typer.Option("--saved", help="Check all answers that were saved on the service (FOOTNOTE_SAVED_ANSWERS).")
    ] = False,
    forget: Annotated[str | None, typer.Option(metavar="ID", help="With --saved: delete this one.")] = None,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that the docs, as they are now, still hold what a saved answer cites."""
    with command(as_json):
        if saved == (answer is not None):
            raise SettingsError("name a file with a saved answer, or - for standard input, or give --saved")
        if forget is not None and not saved:
            raise SettingsError("--forget goes with --saved: it deletes an answer that was saved on the service")
        collections = collections_asked(collection, docs_dir=docs, index_dir=index_dir)
        if len(collections) > 1 and (docs or answer is None):
            names = ", ".join(one.name for one in collections)
            raise SettingsError(f"--saved and --docs are about one collection: name it with --collection: {names}")
        from footnote.app.index.docs_folder import as_meant
        from footnote.app.verifying.saved import read_citations, read_saved

        if answer is None:
            settings = as_meant(collections[0].settings)
            _verify_saved(settings, settings.folders.docs_dir, allow_moved, forget, as_json)
            return
        of_each = _by_collection(read_citations(read_saved(answer)), collections)
        cited = [one for one in collections if one.name in of_each] or collections[:1]

    def verify_of(one: Collection) -> None:
        _verify(of_each.get(one.name, []), one.settings, allow_moved, as_json, named(cited, one))

    in_turn(cited, verify_of, as_json)


def _by_collection(
    citations: "Sequence[SavedCitation]", collections: Sequence[Collection]
) -> "dict[str, list[SavedCitation]]":
    """The citations of each collection that is cited; all of the only one.

    Raises:
        SettingsError: there are several, and a citation is of none of them.
    """
    if len(collections) == 1:
        return {collections[0].name: list(citations)}
    names = [one.name for one in collections]
    of_each: dict[str, list[SavedCitation]] = {}
    for citation in citations:
        if citation.collection not in names:
            of = f"of {citation.collection!r}" if citation.collection else "names no collection"
            raise SettingsError(f"a citation {of}: say of which all are with --collection: {', '.join(names)}")
        of_each.setdefault(str(citation.collection), []).append(citation)
    return of_each


def _verify(
    citations: "Sequence[SavedCitation]", settings: Settings, allow_moved: bool, as_json: bool, collection: str | None
) -> None:
    from footnote.app.index.docs_folder import as_meant
    from footnote.app.verifying.verify import describe, verify

    settings = as_meant(settings)
    docs_dir = settings.folders.docs_dir
    result = describe(verify(citations, docs_dir, settings.ingest), docs_dir)
    if as_json:
        print_json(result.model_dump_json(), collection)
    else:
        from footnote.app.cli.render import render_verification

        show(render_verification(result))
    held = result.counts["valid"] + result.counts["moved"] * allow_moved
    raise typer.Exit(int(held < len(citations)))


def _verify_saved(settings: Settings, docs_dir: Path, allow_moved: bool, forget: str | None, as_json: bool) -> None:
    from footnote.app.sharing.recheck import recheck_all
    from footnote.app.sharing.store import AnswerStore

    store = AnswerStore(settings.folders.index_dir, settings.sharing.days)
    if forget is not None:
        store.forget(forget)
        print_json(json.dumps({"forgotten": forget})) if as_json else show(f"forgotten: {forget}")
        return
    result = recheck_all(store.all(), docs_dir, settings.ingest, allow_moved)
    if as_json:
        print_json(result.model_dump_json())
    else:
        from footnote.app.cli.render import render_saved_answers

        show(render_saved_answers(result))
    raise typer.Exit(int(result.not_holding > 0))
