"""The manifest of a generation: what built it, what was left out, and which files it holds."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.git_address import is_git
from footnote.app.core.link_template import AtCommit
from footnote.app.core.setting_groups import NO_INCLUDES
from footnote.app.core.types import Anchors, AnchorStyle, Fingerprint, Include, Metadata, Skip

# Also of what the chunks are: raise it when pages are cut or terms are made in another way.
FORMAT = 7
EMBEDDED = "embedded"
PATTERNS = ("include", "exclude", "include_roots")  # settings of which files are read
_OF_REPOSITORY = ("source", "commit", "branch", "uncommitted")
_OF_INCLUDES = ("includes", "included_by", "shown_as")  # most files have none


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One ingested file: what is needed to see whether it changed, and to filter by it.

    `mtime_ns` is as of the ingest that built the generation; `language` is as of a chunk.

    Attributes:
        includes: what a page shows of other files, in its order.
        included_by: of a file that is there for what pages show of it, the paths of these pages, in order; empty for a
            page.
        shown_as: a hash of what they show and where, of which its chunks are made; "" for a page.
    """

    path: str
    sha256: str
    size_bytes: int
    mtime_ns: int
    title: str
    metadata: Metadata
    chunk_ids: tuple[str, ...]
    language: str
    includes: tuple[Include, ...] = ()
    included_by: tuple[str, ...] = ()
    shown_as: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What built a generation.

    Attributes:
        created_at: ISO 8601, in UTC.
        docs_dir: absolute.
        dimension: the vectors' length.
        graph_sha256: of Chroma's graph files, which nothing writes once they are published.
        flavour: the kind of site that the pages were read as, see app.core.pages.flavour.
        anchor_style: how that site makes the ids of headings.
        languages: how many files are in each language, the most first; "" for those of which it is not known.
        replaced_chunks: vectors that were deleted since the store was built from nothing; their places in
            the graph stay until it is built again.
        store: the kind of store that holds the chunks, see app.index.store.
        collection: what they are called there; "" where they lie in the generation's folder.
        source: the Git address that the docs were fetched from, without a login; "" for those of a folder.
        commit: whose content the files have, in hex; "" where they are of no repository.
        branch: the one of that commit; "" where it is of none.
        uncommitted: paths of the files that are not as the commit has them.
        include_roots: the folders outside of the docs folder whose files pages may show; None where the version that
            built it did not look for what pages show.
        included: how many of the files are there for what pages show of them.
    """

    format: int
    generation: int
    created_at: str
    tool_version: str
    docs_dir: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_file_mb: float
    embedder: Fingerprint
    dimension: int
    graph_sha256: str
    chunk_size_chars: int
    chunk_overlap_chars: int
    small_section_chars: int
    files: int
    chunks: int
    replaced_chunks: int
    skipped: tuple[Skip, ...]
    flavour: str
    anchor_style: AnchorStyle
    languages: Mapping[str, int]
    store: str = EMBEDDED
    collection: str = ""
    source: str = ""
    commit: str = ""
    branch: str = ""
    uncommitted: tuple[str, ...] = ()
    include_roots: tuple[str, ...] | None = None
    included: int = 0

    @property
    def elsewhere(self) -> dict[str, str]:
        """Where the folders beside the docs folder lie, seen from it, by the names that their files begin with."""
        roots = [Path(root) for root in self.include_roots or () if root != NO_INCLUDES]
        return {root.name: Path(os.path.relpath(root, self.docs_dir)).as_posix() for root in roots}

    @property
    def at(self) -> AtCommit:
        """Which commit the pages are as."""
        return AtCommit(self.commit, frozenset(self.uncommitted))


def write_manifest(folder: Path, manifest: Manifest, files: Sequence[FileRecord]) -> None:
    """Write `files.jsonl` (a line a file, by path) and `manifest.json`."""
    with (folder / "files.jsonl").open("w", encoding="utf-8") as lines:
        for file in sorted(files, key=lambda file: file.path):
            # Not asdict: it copies every value deeply, a second and a half for 25,000 files.
            fields = {name: getattr(file, name) for name in FileRecord.__slots__}
            fields["includes"] = [asdict(one) for one in file.includes]
            fields = {name: value for name, value in fields.items() if value or name not in _OF_INCLUDES}
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")
    # Without what is not known: a version that knows no commits reads an index that has none.
    fields = {name: value for name, value in asdict(manifest).items() if value or name not in _OF_REPOSITORY}
    (folder / "manifest.json").write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", "utf-8")


def named_languages(languages: Mapping[str, int]) -> dict[str, int]:
    """Files by language as users read it: `unknown` where it cannot be told."""
    return {code or "unknown": files for code, files in languages.items()}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexDamagedError: it is missing, unreadable or of another format.
    """
    file = folder / "manifest.json"
    try:
        fields = json.loads(file.read_text("utf-8"))
        if fields["format"] != FORMAT:
            is_later = isinstance(fields["format"], int) and fields["format"] > FORMAT
            raise IndexDamagedError(
                f"the index {folder} has format {fields['format']}, this version reads {FORMAT}: "
                f"{'upgrade Footnote, or ' if is_later else ''}run `footnote ingest`, which builds it anew with the "
                "embeddings that are kept, while logs and saved answers stay"
            )
        fields["embedder"] = Fingerprint(**fields["embedder"])
        fields["include"], fields["exclude"] = tuple(fields["include"]), tuple(fields["exclude"])
        fields["skipped"] = tuple(Skip(**skip) for skip in fields["skipped"])
        if fields.get("include_roots") is not None:
            fields["include_roots"] = tuple(fields["include_roots"])
        fields["uncommitted"] = tuple(fields.get("uncommitted", ()))
        return Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{file} cannot be read ({error}): run `footnote ingest --rebuild`") from error


def docs_of(folder: Path) -> Path | str | None:
    """The docs folder that a generation of any format was built from, or its Git address; None where it says none."""
    try:
        fields = json.loads((folder / "manifest.json").read_text("utf-8"))
        docs_dir, source = fields["docs_dir"], fields.get("source", "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if source and is_git(source):
        return str(source)
    return Path(docs_dir) if isinstance(docs_dir, str) else None


def patterns_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """`include`, `exclude` and `include_roots` that a generation of any format was built with, those that it states."""
    try:
        fields = json.loads((folder / "manifest.json").read_text("utf-8"))
        stated = {name: fields.get(name) for name in PATTERNS}
    except (OSError, ValueError, AttributeError):
        return {}
    return {name: tuple(map(str, value)) for name, value in stated.items() if isinstance(value, list)}


def read_files(folder: Path) -> list[FileRecord]:
    """The files of a generation, by path.

    Raises:
        IndexDamagedError: the list is missing or unreadable.
    """
    file = folder / "files.jsonl"
    try:
        with file.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return [_record(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{file} cannot be read ({error}): run `footnote ingest --rebuild`") from error


def _record(row: dict[str, Any]) -> FileRecord:
    row["chunk_ids"] = tuple(row["chunk_ids"])
    row["includes"] = tuple(_include(one) for one in row.get("includes", ()))
    row["included_by"] = tuple(row.get("included_by", ()))
    return FileRecord(**row)


def _include(fields: dict[str, Any]) -> Include:
    fields["selection"] = tuple((rule, value) for rule, value in fields["selection"])
    fields["heading_path"] = tuple(fields["heading_path"])
    fields["anchors"] = Anchors(**fields["anchors"])
    return Include(**fields)
