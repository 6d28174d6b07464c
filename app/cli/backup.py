"""`footnote backup`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, err, print_json, show

if TYPE_CHECKING:
    from footnote.app.backup.contents import Contents

EPILOG = """\
Examples:

  footnote backup /backups/                    into a folder, under a name by its time

  footnote backup docs.tar.gz --cache          with the embeddings, so that a rebuild is fast

  footnote backup s3://bucket/footnote.tar.gz --recipient age1...
"""


def backup_command(
    target: Annotated[str, typer.Argument(metavar="FILE|s3://BUCKET/KEY", help="The backup, or the folder for it.")],
    recipient: Annotated[
        list[str] | None, typer.Option(help="Encrypt for this public key, age1... or of SSH; may be repeated.")
    ] = None,
    cache: Annotated[bool, typer.Option("--cache", help="Take the cache of embeddings along.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a backup of this name.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Write the live index, what was asked, saved and kept, and the last evaluation into one archive.

    Services and ingests go on meanwhile.
    """
    with command(as_json, "interrupted: there is no backup of this name; begun again it sends what was not sent"):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.access.keys.file import KEYS_FILE
        from footnote.app.access.keys.store import keys_folder
        from footnote.app.backup.backup import back_up
        from footnote.app.core.disk import readable_size
        from footnote.app.core.progress import progress_bars
        from footnote.app.schemas.backup import BackupOut

        name = settings.project.as_collection or ""
        with progress_bars(err, "MB") as on_progress:
            report = back_up(settings.folders.index_dir, target, on_progress, recipient or (), cache, force, name)
        keys = keys_folder(settings) / KEYS_FILE
        left_out = keys if keys_folder(settings) != settings.folders.index_dir and keys.is_file() else None
        if as_json:
            described = BackupOut(
                **described_contents(report.contents),
                address=report.address,
                size_bytes=report.size_bytes,
                encrypted=report.encrypted,
                keys=str(left_out) if left_out else None,
            )
            print_json(described.model_dump_json())
        else:
            contents = report.contents
            show(
                f"{report.address}: generation {contents.generation}, {counted(contents.files, 'file')}, "
                f"{counted(contents.chunks, 'chunk')}, {readable_size(report.size_bytes)}"
                f"{', encrypted' if report.encrypted else ''}"
            )
            if left_out:
                show(f"the keys are not in it: copy {left_out} as well")


def described_contents(contents: "Contents") -> dict[str, Any]:
    """The fields of `ContentsOut`."""
    return {
        "created_at": contents.created_at,
        "tool_version": contents.tool_version,
        "index_format": contents.index_format,
        "generation": contents.generation,
        "files": contents.files,
        "chunks": contents.chunks,
        "collection": contents.collection or None,
        "docs": contents.docs or None,
        "members": [member.name for member in contents.members],
        "unpacked_bytes": contents.size_bytes,
    }
