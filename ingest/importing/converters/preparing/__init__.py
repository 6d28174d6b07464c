"""A document is written anew, as pandoc can read it and without what its readers do not see.

    source.ENDING -> HTML, AsciiDoc, reStructuredText | Word | OpenDocument -> source.ENDING, counts of what goes

`texts.py` readies what is text, with `asciidoc.py` and `restructured.py`; `word.py` and `open_document.py` what is XML
in an archive, which `packed_xml.py` copies. Open `texts.py` first.
"""
