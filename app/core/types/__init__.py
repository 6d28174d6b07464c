"""The frozen types that every module speaks.

    chunks -> hits -> answers      includes, ingests

They are imported from here. Offsets are **bytes** into the file as it lies on disk (byte order mark and CRLF included),
so `file[start:end]` is the cited text in any language and `sha256` can be checked with `sha256sum`. Lines
are counted from 1, inclusive at both ends; a line ends at LF, CRLF or CR.
"""

from footnote.app.core.types.answers import (
    Answer,
    Arm,
    AskedCollection,
    Citation,
    OtherPlace,
    Premise,
    PremiseKind,
    RefusedBy,
    Rewritten,
    Searched,
    SearchQuery,
    Section,
    Sentence,
    Timings,
    TokenUse,
    Verdict,
)
from footnote.app.core.types.chunks import (
    Anchors,
    AnchorStyle,
    Chunk,
    Metadata,
    MetadataValue,
    Part,
    PartKind,
    Passage,
    SectionStart,
)
from footnote.app.core.types.hits import Hit, StageScore
from footnote.app.core.types.includes import Include, IncludeForm, Selection
from footnote.app.core.types.ingests import Fingerprint, Lost, Skip

__all__ = [
    "MetadataValue",
    "Metadata",
    "PartKind",
    "AnchorStyle",
    "Part",
    "Anchors",
    "SectionStart",
    "Chunk",
    "Passage",
    "StageScore",
    "Hit",
    "OtherPlace",
    "Citation",
    "RefusedBy",
    "Verdict",
    "Sentence",
    "PremiseKind",
    "Premise",
    "Section",
    "Searched",
    "TokenUse",
    "SearchQuery",
    "Rewritten",
    "Timings",
    "Arm",
    "Answer",
    "Selection",
    "IncludeForm",
    "Include",
    "AskedCollection",
    "Fingerprint",
    "Lost",
    "Skip",
]
