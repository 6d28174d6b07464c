"""What is being served, for `footnote status` and `GET /index`."""

import re

from app.core.errors import IndexDamagedError, IndexMissingError
from app.core.generations import Generations
from app.core.manifest import Manifest, read_manifest
from app.core.reranker import BUNDLED, BUNDLED_SHA256
from app.core.settings import Settings
from app.core.types import Fingerprint
from app.llm import resolve_llm
from app.schemas import FingerprintOut, IndexOut, SkipOut


def live_manifest(settings: Settings) -> Manifest:
    """The live generation's manifest, read without opening the index.

    Raises:
        IndexMissingError, IndexDamagedError: see `Generations.live` and `read_manifest`.
    """
    generations = Generations(settings.index_dir)
    return read_manifest(generations.folder(generations.live()))


def manifest_if_any(settings: Settings) -> Manifest | None:
    """The same; None where there is no index that can be read."""
    try:
        return live_manifest(settings)
    except (IndexMissingError, IndexDamagedError):
        return None


def describe(manifest: Manifest, settings: Settings) -> IndexOut:
    """The index and the settings in force; keys and passwords are masked."""
    return IndexOut(
        generation=manifest.generation,
        created_at=manifest.created_at,
        tool_version=manifest.tool_version,
        docs_dir=manifest.docs_dir,
        files=manifest.files,
        chunks=manifest.chunks,
        skipped=[SkipOut.model_validate(skip) for skip in manifest.skipped],
        models={
            "embedder": FingerprintOut.model_validate(manifest.embedder),
            "reranker": FingerprintOut.model_validate(_reranker(settings)),
        },
        llm=resolve_llm(settings),
        settings={name: _without_login(value) for name, value in settings.model_dump(mode="json").items()},
    )


def _without_login(value: object) -> object:
    """A URL without the user and password it may carry; other values as they are."""
    return re.sub(r"//[^/\s]*@", "//***@", value) if isinstance(value, str) else value


def _reranker(settings: Settings) -> Fingerprint:
    """By its name alone: status must not load a model to name it. A bundled one is checked at load."""
    return (
        Fingerprint(BUNDLED, BUNDLED_SHA256) if settings.reranker == "bundled" else Fingerprint(settings.reranker, "")
    )
