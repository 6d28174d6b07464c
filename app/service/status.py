"""What is being served, for `footnote status` and `GET /index`."""

import re
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from footnote.app.core.disk import free_bytes, size_on_disk
from footnote.app.core.errors import IndexDamagedError, ReplicaError
from footnote.app.core.git_address import CHECKOUTS
from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint
from footnote.app.index.docs_folder import read_by
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import Manifest, named_languages, read_manifest
from footnote.app.index.replica import ReplicaState, read_replica
from footnote.app.models.llm.lineup.outlook import outlook, second_outlook
from footnote.app.models.reranker import BUNDLED, BUNDLED_SHA256
from footnote.app.schemas.index import (
    CommitOut,
    DiskOut,
    FingerprintOut,
    GenerationOut,
    IndexOut,
    OutlookOut,
    ReplicaOut,
    SecondModelOut,
    SkipOut,
)


def describe(manifest: Manifest, settings: Settings, asks: bool = False) -> IndexOut:
    """The index and the settings in force; keys and passwords are masked.

    With `asks` the language model's server is asked what it has.
    """
    found = outlook(settings.llm, asks)
    in_force = settings.model_copy(update={"ingest": read_by(settings, manifest)})
    return IndexOut(
        generation=manifest.generation,
        created_at=manifest.created_at,
        tool_version=manifest.tool_version,
        docs_dir=manifest.docs_dir,
        git=_commit(manifest),
        flavour=manifest.flavour,
        files=manifest.files,
        included=manifest.included,
        languages=named_languages(manifest.languages),
        chunks=manifest.chunks,
        skipped=[SkipOut.model_validate(skip) for skip in manifest.skipped],
        models={
            "embedder": FingerprintOut.model_validate(manifest.embedder),
            "reranker": FingerprintOut.model_validate(_reranker(settings.models.reranker)),
        },
        llm=found.llm,
        outlook=OutlookOut.model_validate(found),
        settings={name: _without_login(value) for name, value in in_force.by_name().items()},
        replica=describe_replica(settings.folders.index_dir),
    )


def _commit(manifest: Manifest) -> CommitOut | None:
    if not manifest.commit:
        return None
    return CommitOut(
        source=manifest.source or None,
        branch=manifest.branch or None,
        commit=manifest.commit,
        uncommitted=len(manifest.uncommitted),
    )


def describe_replica(index_dir: Path) -> ReplicaOut | None:
    """How far a replica is behind; None where the index is none."""
    try:
        state = read_replica(index_dir)
    except ReplicaError as error:
        state = ReplicaState("unknown", error=str(error))
    if state is None:
        return None
    now = time.time()
    behind = None if state.source_serial is None or state.serial is None else state.source_serial - state.serial
    if behind is not None:  # a target that was emptied counts from 1 again
        behind = max(1, behind) if state.behind_since else 0
    return ReplicaOut(
        source=str(_without_login(state.source)),
        generation=state.generation,
        source_generation=state.source_generation,
        publishings_behind=behind,
        behind_s=round(max(0.0, now - state.behind_since), 1) if state.behind_since else 0.0,
        contact_s=round(max(0.0, now - state.contact_at), 1) if state.contact_at else None,
        error=state.error,
    )


def describe_second(settings: Settings) -> SecondModelOut | None:
    """The second language model with its share of the questions, whose server is asked; None where there is one."""
    found = second_outlook(settings.split, settings.llm)
    return SecondModelOut(**asdict(found), share=settings.split.share) if found else None


def describe_generations(index_dir: Path) -> list[GenerationOut]:
    """The complete generations, oldest first. One that an ingest removes meanwhile is left out."""
    generations = Generations(index_dir)
    live = generations.current_if_readable()
    manifests = []
    for number in generations.complete():
        with suppress(IndexDamagedError):
            manifests.append(read_manifest(generations.folder(number)))
    return [
        GenerationOut(
            generation=one.generation,
            created_at=one.created_at,
            docs_dir=one.docs_dir,
            files=one.files,
            chunks=one.chunks,
            live=one.generation == live,
        )
        for one in manifests
    ]


def describe_disk(index_dir: Path) -> DiskOut:
    """What the index folder takes."""
    generations = Generations(index_dir)
    cache = index_dir / "cache.sqlite3"
    return DiskOut(
        total=size_on_disk(index_dir),
        free=free_bytes(index_dir),
        generations={number: size_on_disk(generations.folder(number)) for number in generations.complete()},
        checkout=size_on_disk(index_dir / CHECKOUTS),
        cache=cache.stat().st_size if cache.is_file() else 0,
        logs=sum(file.stat().st_size for file in index_dir.glob("*.sqlite3") if file != cache),
    )


def _without_login(value: object) -> object:
    """A URL without the user and password it may carry; other values as they are."""
    return re.sub(r"//[^/]*@", "//***@", value) if isinstance(value, str) else value


def _reranker(name: str) -> Fingerprint:
    """By its name alone: status must not load a model to name it. A bundled one is checked at load."""
    return Fingerprint(BUNDLED, BUNDLED_SHA256) if name == "bundled" else Fingerprint(name, "")
