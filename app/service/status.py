"""What is being served, for `footnote status` and `GET /index`."""

import re

from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint
from footnote.app.index.manifest import Manifest
from footnote.app.models.chat import resolve_llm
from footnote.app.models.reranker import BUNDLED, BUNDLED_SHA256
from footnote.app.schemas.index import FingerprintOut, IndexOut, SkipOut


def describe(manifest: Manifest, settings: Settings) -> IndexOut:
    """The index and the settings in force; keys and passwords are masked."""
    return IndexOut(
        generation=manifest.generation,
        created_at=manifest.created_at,
        tool_version=manifest.tool_version,
        docs_dir=manifest.docs_dir,
        flavour=manifest.flavour,
        files=manifest.files,
        chunks=manifest.chunks,
        skipped=[SkipOut.model_validate(skip) for skip in manifest.skipped],
        models={
            "embedder": FingerprintOut.model_validate(manifest.embedder),
            "reranker": FingerprintOut.model_validate(_reranker(settings.models.reranker)),
        },
        llm=resolve_llm(settings.llm),
        settings={name: _without_login(value) for name, value in settings.by_name().items()},
    )


def _without_login(value: object) -> object:
    """A URL without the user and password it may carry; other values as they are."""
    return re.sub(r"//[^/\s]*@", "//***@", value) if isinstance(value, str) else value


def _reranker(name: str) -> Fingerprint:
    """By its name alone: status must not load a model to name it. A bundled one is checked at load."""
    return Fingerprint(BUNDLED, BUNDLED_SHA256) if name == "bundled" else Fingerprint(name, "")
