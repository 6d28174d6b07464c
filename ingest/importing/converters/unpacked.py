"""unpacked: an archive that would unpack to more than can be read is refused before anything of it is."""

from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from footnote.ingest.importing.converters.limits import OverLimitError

_TEXTS = (".xml", ".rels", ".html", ".htm", ".xhtml", ".opf", ".ncx")  # what is read of it: no images
_BLOCK = 1_000_000
# Of the memory. Pandoc takes more than 1,500 MB for a Word document of 10 MB of XML (tried on 2026-11-27: short
# paragraphs); the share is a guess far above that. The other converters read a part at a time.
_OF_PANDOC, _OF_OTHERS = 0.1, 0.25


def require_small_unpacked(file: Path, memory_mb: int, by_pandoc: bool) -> None:
    """Refuse an archive whose texts are too large, by the sizes that it states itself.

    What states less than it holds is ended by the limits on time and memory.

    Raises:
        OverLimitError: they are.
    """
    most_mb = int(memory_mb * (_OF_PANDOC if by_pandoc else _OF_OTHERS))
    size_mb = 0.0
    with suppress(BadZipFile, NotImplementedError, ValueError, OSError), ZipFile(file) as archive:
        # What is damaged the converter tells.
        size_mb = sum(one.file_size for one in archive.infolist() if one.filename.lower().endswith(_TEXTS)) / _BLOCK
    if size_mb > most_mb:
        raise OverLimitError(
            f"its text unpacks to {size_mb:,.0f} MB, {most_mb:,} MB are read with {memory_mb:,} MB of memory "
            "(--max-memory-mb)"
        )
