"""How `footnote status` prints what the index holds."""

from collections import Counter
from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.core.console import counted, plain
from footnote.app.core.disk import readable_size
from footnote.app.core.told_commands import of_collection
from footnote.app.models.llm.lineup.outlook import Outlook, shared
from footnote.app.schemas.index import DiskOut, ReplicaOut, SkipOut, StatusOut


def render_status(status: StatusOut, chooses: bool, second_chooses: bool = False) -> RenderableType:
    """What the live index holds, what built it and what answers; `chooses` where that is chosen by itself."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    embedder = status.models["embedder"]
    left_out = [skip for skip in status.skipped if skip.lost in ("folder", "page")]
    lossy = [skip for skip in status.skipped if skip not in left_out]
    rows = {
        "generation": f"{status.generation}, built {status.created_at} by footnote {status.tool_version}",
        "docs": f"{_docs(status)}, read as {status.flavour}",
        "changed": _docs_changes(status),
        "files": str(status.files) + (f", {status.included} of them included by pages" if status.included else ""),
        "languages": ", ".join(f"{code} {files}" for code, files in status.languages.items()),
        "chunks": str(status.chunks),
        "skipped": _reasons(left_out) or "none",
        "read with a loss": _reasons(lossy) or "none",
        "embedder": f"{embedder.name} {embedder.sha256[:12]}" if embedder else "",
        "answers": Outlook(**status.outlook.model_dump()).sentence(chooses),
        **_second(status, second_chooses),
        "kept": "; ".join(
            f"{one.generation} of {one.created_at}{' (live)' if one.live else ''}" for one in status.generations
        ),
        "disk": _disk(status.disk),
    }
    if status.replica:
        rows["replica of"] = _replica(status.replica)
    for name, value in rows.items():
        table.add_row(Text(name, style="dim"), Text(plain(value)))
    return table


def _docs(status: StatusOut) -> str:
    git = status.git
    if git is None:
        return status.docs_dir
    commit = f"commit {git.commit[:12]}" + (f" of {git.branch}" if git.branch else "")
    # Of what was fetched nothing is changed: a file is another one of the commit, or of this machine.
    how = "read through symlinks or from include roots" if git.source else "not as committed"
    changed = f", {counted(git.uncommitted, 'file')} {how}" if git.uncommitted else ""
    return f"{git.source or status.docs_dir} ({commit}{changed})"


def _second(status: StatusOut, chooses: bool) -> dict[str, str]:
    if status.second_model is None:
        return {}
    fields = status.second_model.model_dump()
    share = fields.pop("share")
    return {"second model": shared(share, Outlook(**fields).sentence(chooses))}


def _disk(disk: DiskOut) -> str:
    each = ", ".join(f"generation {number} {readable_size(size)}" for number, size in disk.generations.items())
    checkout = f"checkout {readable_size(disk.checkout)}, " if disk.checkout else ""
    beside = f"cache {readable_size(disk.cache)}, {checkout}logs {readable_size(disk.logs)}"
    return f"{readable_size(disk.total)} ({each}; {beside}), {readable_size(disk.free)} free"


def _replica(replica: ReplicaOut) -> str:
    contact = "never reached" if replica.contact_s is None else f"last reached {replica.contact_s:.0f} s ago"
    behind = f"generation {replica.source_generation} is live there" if replica.behind_s else "up to date then"
    return f"{replica.source}, {contact}, {behind}" + (f"; {replica.error}" if replica.error else "")


def _reasons(skips: Sequence[SkipOut]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in Counter(skip.reason for skip in skips).items())


def _docs_changes(status: StatusOut) -> str:
    changes = status.docs_changes
    if changes is None:
        return status.docs_problem or ""
    counts = {"added": changes.added, "changed": changes.changed, "deleted": changes.deleted}
    since = ", ".join(f"{len(paths)} {what}" for what, paths in counts.items() if paths)
    if status.docs_problem:
        return f"{since} since, but {status.docs_problem}"
    return of_collection(f"{since} since: run `footnote ingest`") if since else "nothing since"
