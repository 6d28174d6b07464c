"""What `footnote ingest` prints: as text, and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from footnote.app.core.console import counted, one_line, out, warn
from footnote.app.core.types import Skip
from footnote.app.index.manifest import Manifest, named_languages
from footnote.ingest.flow import IngestReport, Preview
from footnote.ingest.plan import Plan

if TYPE_CHECKING:
    from footnote.ingest.commands.check import CheckReport

_SHOWN = 10
_SHORT = 12  # of a commit: what git shows of large repositories


def print_report(report: IngestReport, shown: Collection[Skip] = ()) -> None:
    """Notes and skips that were not `shown` yet to standard error, one line to standard output."""
    manifest, plan = report.manifest, report.plan
    if report.rebuilt_because:
        # Without the fix that the reason names: it is what was just done.
        reason = report.rebuilt_because.partition(": run `")[0].partition(": upgrade ")[0]
        warn(f"the index is built from nothing, because: {reason}")
    if plan.base and _named(plan.base.manifest) != _named(manifest):
        warn(
            f"the index was built from {_docs(plan.base.manifest)} before, and is of {_docs(manifest)} now; "
            "`footnote rollback` goes back"
        )
    _print_skips([skip for skip in plan.skips if skip not in shown], "`footnote status --json`")
    size = f"{_files(manifest.files, manifest.included)}, {counted(manifest.chunks, 'chunk')}"
    if not report.published:
        _say(f"nothing changed: generation {manifest.generation} stays ({size}), {report.total_s:.1f} s")
        return
    rate = f" ({report.embedded / report.embed_s:.0f}/s)" if report.embed_s else ""
    _say(
        f"generation {manifest.generation}: {size} from {_docs(manifest)} in {report.total_s:.1f} s; "
        f"{_changes(plan)}; {report.embedded} embedded{rate}, {_left_out(plan)}"
    )
    if report.answers_deleted:
        _say(f"{counted(report.answers_deleted, 'kept answer')} deleted, with texts that are gone")
    if report.unread:
        warn(
            f"most pages are not in English ({_languages(manifest)}), and the bundled models read English: they are "
            "found by their words more than by their meaning. FOOTNOTE_MODELS=multilingual names models for other "
            "languages; then run `footnote ingest --rebuild`"
        )
    for name in report.kept_elsewhere:
        warn(
            f"{name} still holds an earlier generation: `footnote rollback` with FOOTNOTE_STORE set back to that goes "
            "back, and a later ingest or `footnote ingest --purge` removes it"
        )
    if report.untidy:
        warn(
            f"generation {manifest.generation} is live, but what is not needed any more is still there: {report.untidy}"
        )


def report_json(report: IngestReport) -> str:
    """One JSON document."""
    manifest, plan = report.manifest, report.plan
    return _json(
        generation=manifest.generation,
        published=report.published,
        docs_dir=manifest.docs_dir,
        source=manifest.source or None,
        commit=manifest.commit or None,
        branch=manifest.branch or None,
        uncommitted=manifest.uncommitted,
        files=manifest.files,
        included=manifest.included,
        chunks=manifest.chunks,
        languages=named_languages(manifest.languages),
        **_plan_fields(plan),
        rebuilt_because=report.rebuilt_because,
        untidy=report.untidy,
        answers_deleted=report.answers_deleted,
        kept_elsewhere=report.kept_elsewhere,
        embedded=report.embedded,
        embed_s=round(report.embed_s, 3),
        total_s=round(report.total_s, 3),
    )


def print_preview(preview: Preview) -> None:
    """The plan: names of what changes, counts, and an estimate."""
    plan = preview.plan
    _print_skips(plan.skips, "--json")
    for sign, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.deleted)):
        for path in paths[:_SHOWN]:
            _say(f"{sign} {path}")
        if len(paths) > _SHOWN:
            _say(f"{sign} ... and {len(paths) - _SHOWN} more; --json lists them")
    if preview.nothing_to_do:
        _say(f"nothing to do: {counted(plan.unchanged, 'file')} unchanged")
        return
    if preview.embed_s is None:
        estimate = "the embedder has not run here yet, so the time is unknown"
    else:
        estimate = f"about {preview.embed_s:.0f} s of embedding" if preview.to_embed else "nothing to wait for"
    if preview.held:
        warn(f"an ingest would stop: {preview.held}")
    _say(f"{_changes(plan)}; {preview.to_embed} of {counted(len(plan.chunks), 'chunk')} to embed: {estimate}")


def preview_json(preview: Preview) -> str:
    """One JSON document."""
    return _json(
        nothing_to_do=preview.nothing_to_do,
        held=preview.held,
        rebuild=preview.plan.base is None,
        commit=preview.plan.state.commit or None,
        files=len(preview.plan.files),
        included=preview.plan.included,
        chunks=preview.plan.chunk_count,
        **_plan_fields(preview.plan),
        chunks_to_embed=preview.to_embed,
        estimated_embed_s=None if preview.embed_s is None else round(preview.embed_s, 1),
    )


def print_check(report: "CheckReport") -> None:
    """One line a drift, and a last line that sums up."""
    for drift in report.drifts:
        _say(f"{drift.where}: {drift.what}")
    size = f"generation {report.generation}, {counted(report.files, 'file')}, {counted(report.chunks, 'chunk')}"
    _say(f"{size}: {counted(len(report.drifts), 'drift')}" if report.drifts else f"{size}: all as it should be")


def check_json(report: "CheckReport") -> str:
    """One JSON document."""
    return _json(**asdict(report))


def _named(manifest: Manifest) -> str:
    """The docs; a repository is the same wherever it is checked out."""
    return manifest.source or manifest.docs_dir


def _docs(manifest: Manifest) -> str:
    """The docs, and of a repository which commit."""
    return f"{manifest.source} at {manifest.commit[:_SHORT]}" if manifest.source else manifest.docs_dir


def _languages(manifest: Manifest) -> str:
    return ", ".join(f"{code} {files}" for code, files in named_languages(manifest.languages).items())


def _changes(plan: Plan) -> str:
    is_compared = plan.base or plan.changed or plan.deleted or plan.unchanged
    if not is_compared:
        return "built from nothing"
    counts = (
        f"{len(plan.added)} added, {len(plan.changed)} changed, {len(plan.deleted)} deleted, {plan.unchanged} unchanged"
    )
    return counts if plan.base else f"built from nothing: {counts}"


def _left_out(plan: Plan) -> str:
    lost = Counter(skip.lost for skip in plan.skips)
    parts = [f"{lost['page'] + lost['folder']} skipped"]
    if lost["patterns"]:
        parts.append(f"patterns of {lost['patterns']} ignore files not read")
    if lost["front matter"]:
        parts.append(f"front matter of {lost['front matter']} not read")
    if lost["include"]:
        parts.append(f"{counted(lost['include'], 'included file')} not shown")
    return ", ".join(parts)


def _plan_fields(plan: Plan) -> dict[str, Any]:
    return {
        "added": plan.added,
        "changed": plan.changed,
        "deleted": plan.deleted,
        "unchanged": plan.unchanged,
        "skipped": [
            {"path": skip.path, "reason": skip.reason, "detail": skip.detail, "lost": skip.lost} for skip in plan.skips
        ],
    }


def _print_skips(skips: Sequence[Skip], listed_by: str) -> None:
    """The gravest ones; of included files how many there are of each reason."""
    included = [skip for skip in skips if skip.lost == "include"]
    skips = [skip for skip in skips if skip.lost != "include"]
    for skip in sorted(skips, key=lambda skip: skip.gravity)[:_SHOWN]:
        if skip.is_left_out:
            detail = f" ({skip.detail})" if skip.detail else ""
            warn(f"skipped {skip.path}: {skip.reason}{detail}")
        else:
            kept = "its patterns did not apply" if skip.lost == "patterns" else "the page itself was read"
            warn(f"{skip.path}: {skip.reason}: {skip.detail}; {kept}")
    if len(skips) > _SHOWN:
        warn(f"... and {len(skips) - _SHOWN} more; {listed_by} lists them")
    for reason, count in Counter(skip.reason for skip in included).most_common(_SHOWN):
        first = next(skip for skip in included if skip.reason == reason)
        more = f", and {count - 1} more; {listed_by} lists them" if count > 1 else ""
        warn(f"{reason}: {first.path}, {first.detail}{more}")


def _files(files: int, included: int) -> str:
    return counted(files, "file") + (f" ({included} of them included by pages)" if included else "")


def _say(line: str) -> None:
    out.print(one_line(line), markup=False, soft_wrap=True)


def _json(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)
