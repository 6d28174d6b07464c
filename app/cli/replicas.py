"""`footnote publish` and `footnote follow`."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, err, print_json, show
from footnote.app.core.errors import SettingsError

if TYPE_CHECKING:
    from footnote.app.core.progress import OnProgress
    from footnote.app.replicas.follow import FollowReport
    from footnote.app.replicas.publish import PublishReport

PUBLISH_EPILOG = """\
Examples:

  footnote ingest docs && footnote publish s3://bucket/docs

  footnote publish /mnt/share/docs

  footnote publish rsync://host/module/docs

Buckets need the extra s3, and are opened with the standard AWS_ variables.
"""
FOLLOW_EPILOG = """\
Examples:

  footnote follow s3://bucket/docs             once; `footnote serve --follow` does it again and again

  footnote follow /mnt/share/docs --index-dir replica_db
"""
_INTERRUPTED = "interrupted: what was sent or fetched stays, and the same command goes on from there"


def publish_command(
    target: Annotated[str, typer.Argument(help="A folder, s3://bucket/prefix, rsync://... or user@host:path.")],
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Send the live index to where replicas take it up from; only what changed is sent."""
    with command(as_json, _INTERRUPTED):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.core.progress import progress_bars
        from footnote.app.objects.open import open_objects
        from footnote.app.replicas.publish import publish

        with progress_bars(err, "kB") as on_progress:
            objects = open_objects(target, settings.folders.index_dir)
            report = publish(settings.folders.index_dir, objects, _in_kb(on_progress))
        if as_json:
            print_json(json.dumps(asdict(report)))
        else:
            show(_published(report, target))


def follow_command(
    source: Annotated[str | None, typer.Argument(help="What was published to. Default: FOOTNOTE_FOLLOW.")] = None,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Take up what was published, once: whole and checked, or not at all."""
    with command(as_json, _INTERRUPTED):
        settings = collection_settings(collection, index_dir=index_dir, follow=source)
        if settings.replica.follow is None:
            raise SettingsError("no source: name what `footnote publish` published to, or set FOOTNOTE_FOLLOW")
        from footnote.app.core.progress import progress_bars
        from footnote.app.models.embedder import embedder_fingerprint
        from footnote.app.objects.open import open_objects
        from footnote.app.replicas.follow import Replica

        objects = open_objects(settings.replica.follow, settings.folders.index_dir)
        replica = Replica(settings.folders.index_dir, objects, embedder_fingerprint(settings.models))
        with progress_bars(err, "kB") as on_progress:
            report = replica.follow(_in_kb(on_progress))
        if as_json:
            print_json(json.dumps(asdict(report)))
        else:
            show(_followed(report, settings.replica.follow))


def _published(report: "PublishReport", target: str) -> str:
    sent = (
        f"{report.sent} of {counted(report.parts, 'part')} sent ({_mb(report.sent_bytes)} of {_mb(report.size_bytes)})"
    )
    removed = f"; {counted(report.removed.parts, 'part')} removed" if report.removed.parts else ""
    said = "is published" if report.published else "was published already"
    return f"generation {report.generation} {said} to {target}: {sent} in {report.total_s:.1f} s{removed}"


def _followed(report: "FollowReport", source: str) -> str:
    said = "is live" if report.taken else "is live already"
    return (
        f"generation {report.generation} of {source} {said}: {counted(report.fetched.parts, 'part')} fetched "
        f"({_mb(report.fetched.size_bytes)}) in {report.total_s:.1f} s"
    )


def _in_kb(on_progress: "OnProgress") -> "OnProgress":
    return lambda stage, done, total: on_progress(stage, done // 1000, total // 1000)


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
