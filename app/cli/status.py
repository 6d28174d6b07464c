"""`footnote status`."""

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import Collection, collections_asked
from footnote.app.core.console import command, print_json, show
from footnote.app.core.in_turn import in_turn, named

_OF_A_REPLICA = "this is a replica: its docs are ingested and published where its source is"
EPILOG = "Example:\n\n  footnote status --json"


def status_command(collection: CollectionName = None, index_dir: IndexDir = None, as_json: AsJson = False) -> None:
    """Show what the index holds, what built it, and whether the docs changed since."""
    with command(as_json):
        collections = collections_asked(collection, index_dir=index_dir)
    in_turn(collections, lambda one: _show(one, as_json, named(collections, one)), as_json)


def _show(one: Collection, as_json: bool, collection: str | None) -> None:
    from footnote.app.index.generations import live_manifest
    from footnote.app.index.replica import is_replica
    from footnote.app.models.llm.chat import AUTO
    from footnote.app.models.llm.own_llm import other_llm
    from footnote.app.schemas.index import DocsChangesOut, StatusOut
    from footnote.app.service.status import describe, describe_disk, describe_generations, describe_second
    from footnote.ingest.commands.cli import docs_state

    settings = one.settings
    manifest = live_manifest(settings.folders.index_dir)
    # Whatever lies here under the path of the docs of a replica's source.
    is_own = not is_replica(settings.folders.index_dir)
    changes, problem = docs_state(settings, manifest) if is_own else (None, _OF_A_REPLICA)
    described = StatusOut(
        **describe(manifest, settings, asks=True).model_dump(),
        second_model=describe_second(settings),
        docs_changes=DocsChangesOut.model_validate(changes) if changes else None,
        docs_problem=problem,
        generations=describe_generations(settings.folders.index_dir),
        disk=describe_disk(settings.folders.index_dir),
    )
    if as_json:
        print_json(described.model_dump_json(), collection)
    else:
        from footnote.app.cli.render_status import render_status

        second = other_llm(settings.split, settings.llm)
        show(render_status(described, settings.llm.name == AUTO, second.name == AUTO))
