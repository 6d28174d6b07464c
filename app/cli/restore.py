"""`footnote restore`."""

from pathlib import Path
from typing import Annotated

import typer

from footnote.app.cli.backup import described_contents
from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, err, print_json, show, warn
from footnote.app.core.told_commands import of_collection

EPILOG = """\
Examples:

  footnote restore docs.tar.gz --index-dir /srv/chroma_db

  footnote restore s3://bucket/footnote.tar.gz --identity key.txt

  footnote restore docs.tar.gz --check         read it to its end, and write nothing
"""


def restore_command(
    source: Annotated[str, typer.Argument(metavar="FILE|s3://BUCKET/KEY", help="The backup.")],
    identity: Annotated[
        Path | None, typer.Option(help="The file of a private key, of age-keygen or SSH, for an encrypted backup.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only compare every hash; nothing is written.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Restore beside an index that is there; logs that are there are set aside.")
    ] = False,
    rename: Annotated[bool, typer.Option("--rename", help="Also a backup of a collection of another name.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Make an index folder what it was when the backup was made; into an empty one, unless forced."""
    with command(as_json, "interrupted: the restored index is not live, and one that was is unchanged"):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.backup import restore as flow
        from footnote.app.core.progress import progress_bars
        from footnote.app.index.docs_folder import replaced_docs, with_docs_dir
        from footnote.app.schemas.backup import RestoreOut

        name = "" if rename else settings.project.as_collection or ""
        with progress_bars(err, "MB") as on_progress:
            if check:
                report = flow.check(source, on_progress, identity)
            else:
                report = flow.restore(source, settings.folders.index_dir, on_progress, identity, force, name)
        other = None if check else replaced_docs(with_docs_dir(settings))
        if as_json:
            described = RestoreOut(
                **described_contents(report.contents),
                address=report.address,
                live=report.generation,
                set_aside=str(report.set_aside) if report.set_aside else None,
                other_docs=str(other) if other else None,
                needs_ingest=report.needs_ingest,
            )
            print_json(described.model_dump_json())
            return
        contents = report.contents
        of = f" of the collection {contents.collection}" if contents.collection else ""
        what = f"{counted(contents.files, 'file')} and {counted(contents.chunks, 'chunk')} of {contents.created_at}"
        if report.generation is None:
            show(f"{report.address} is whole{of}: {what}, footnote {contents.tool_version}")
        else:
            show(f"generation {report.generation} is live in {settings.folders.index_dir}: {what}")
        if report.set_aside:
            show(f"what was there before is in {report.set_aside}: delete it once it is not needed")
        if other:
            warn(f"it was built from {other}, and the docs are {settings.folders.docs_shown} by the settings now")
        if report.needs_ingest:
            show(
                of_collection("its index has an older format, which this version does not read: run `footnote ingest`")
            )
