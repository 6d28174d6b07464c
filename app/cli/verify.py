"""`footnote verify`."""

from pathlib import Path
from typing import Annotated

import typer

from footnote.app.cli.options import AsJson, IndexDir
from footnote.app.core.console import command, print_json, show
from footnote.app.core.settings import load_settings

EPILOG = """\
Examples:

  footnote ask "How long are backups kept?" --json > answer.json

  footnote verify answer.json

  footnote ask "How long are backups kept?" --json | footnote verify - --docs handbook --json

Exit codes: 0 all citations are valid, 1 some are not, 2 no saved answer or no docs folder.
"""


def verify_command(
    answer: Annotated[str, typer.Argument(help="A file with a saved answer (ask --json), or - for standard input.")],
    docs: Annotated[Path | None, typer.Option(help="The docs folder. Default: the one that was ingested.")] = None,
    allow_moved: Annotated[
        bool, typer.Option("--allow-moved", help="Exit with 0 also where a quote stands elsewhere now.")
    ] = False,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that the docs, as they are now, still hold what a saved answer cites."""
    with command(as_json):
        settings = load_settings(docs_dir=docs, index_dir=index_dir)
        from footnote.app.index.docs_folder import with_docs_dir
        from footnote.app.verifying.saved import read_citations, read_saved
        from footnote.app.verifying.verify import describe, verify

        citations = read_citations(read_saved(answer))
        docs_dir = with_docs_dir(settings).folders.docs_dir
        result = describe(verify(citations, docs_dir, settings.ingest), docs_dir)
        if as_json:
            print_json(result.model_dump_json())
        else:
            from footnote.app.cli.render import render_verification

            show(render_verification(result))
        held = result.counts["valid"] + result.counts["moved"] * allow_moved
        raise typer.Exit(int(held < len(citations)))
