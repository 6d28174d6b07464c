"""`python -m footnote.ingest.importing.converters ENDING SECONDS MEMORY_MB OUTPUT_MB`: one document, within limits."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from footnote.ingest.importing.converters.left_out import tell_left_out
from footnote.ingest.importing.converters.limits import (
    OverLimitError,
    RefusedError,
    end_with_parent,
    no_network,
    set_limits,
)
from footnote.ingest.importing.converters.unpacked import require_small_unpacked
from footnote.ingest.importing.formats import FORMATS, PACKED

_TEXTS = ("html", "rst", "asciidoc")
_HEAP_SHARE = 0.6  # of the address space: pandoc's collector copies what lives


def main(ending: str, seconds: int, memory_mb: int, output_mb: int) -> None:
    """Write the markdown of the document to standard output."""
    end_with_parent()
    set_limits(seconds, memory_mb, output_mb)
    no_network()
    kind, source = FORMATS[ending], f"source.{ending}"
    if ending in PACKED:
        require_small_unpacked(Path(source), memory_mb, by_pandoc=kind.converter == "pandoc")
    if kind.reader in _TEXTS:
        from footnote.ingest.importing.converters.preparing.texts import prepare_text

        tell_left_out(prepare_text(Path(source), ending))
    elif kind.reader == "docx":
        from footnote.ingest.importing.converters.preparing.word import seen_of_word

        tell_left_out(seen_of_word(Path(source)))
    elif kind.reader == "odt":
        from footnote.ingest.importing.converters.preparing.open_document import seen_of_open_document

        tell_left_out(seen_of_open_document(Path(source)))
    if kind.converter == "pandoc":
        command = [str(pandoc()), "--sandbox", f"--from={kind.reader}", "--to=gfm-raw_html", "--wrap=none"]
        command += [f"--lua-filter={Path(__file__).with_name('clean.lua')}", source]
        command += ["+RTS", f"-M{int(memory_mb * _HEAP_SHARE)}M", "-RTS"]
        os.execv(command[0], command)
    elif kind.converter == "pdf":
        from footnote.ingest.importing.converters.pdf import write_pdf

        write_pdf(source, sys.stdout)
    elif kind.converter == "slides":
        from footnote.ingest.importing.converters.slides import write_slides

        tell_left_out(write_slides(source, sys.stdout))
    else:
        from footnote.ingest.importing.converters.sheets import write_sheets

        tell_left_out(write_sheets(source, sys.stdout))


def pandoc() -> Path:
    """The program that the wheel `pypandoc_binary` carries; the wheel is not imported."""
    spec = find_spec("pypandoc")
    assert spec and spec.origin
    return Path(spec.origin).parent / "files" / "pandoc"


if __name__ == "__main__":
    try:
        main(sys.argv[1], *map(int, sys.argv[2:5]))
        sys.stdout.flush()
    except RefusedError as refused:
        sys.stderr.write(f"@{'limit' if isinstance(refused, OverLimitError) else 'reason'} {refused}\n")
        sys.stderr.flush()
        os._exit(3)
