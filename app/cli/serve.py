"""`footnote serve`."""

from typing import Annotated

import typer

from footnote.app.cli.options import CollectionName, IndexDir, Llm
from footnote.app.core.collections import served_settings
from footnote.app.core.console import command, warn
from footnote.app.core.errors import SettingsError

EPILOG = """\
Examples:

  footnote serve

  footnote serve --open                        and open the page in the browser

  FOOTNOTE_AUTH=keys footnote serve --host 0.0.0.0   for others, who show a key of `footnote keys`

  footnote serve --host 0.0.0.0 --no-auth            for everybody who can reach this machine

  footnote serve --watch                       and keep up with the docs folder

  footnote serve --workers 2

  footnote serve --follow s3://bucket/docs     as a replica of what is published there

Exit codes: 0 stopped, 2 usage or setting, 3 what is to be a replica is an index of its own, 5 the port is in use or the
address cannot be listened on.
"""


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. Default: 8000.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that answer; each loads the models. Default: 1.")
    ] = None,
    watch: Annotated[
        bool | None, typer.Option("--watch/--no-watch", help="Ingest at every change of the docs folder.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let --watch replace an index that was built from another folder.")
    ] = False,
    follow: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Serve what `footnote publish` puts there, as a replica.")
    ] = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Answer everybody, also on an address that others reach.")
    ] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    llm: Llm = None,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
) -> None:
    """Serve the page in the browser and the HTTP API, which is documented at /docs."""
    with command(as_json=False):
        settings = served_settings(
            collection,
            host=host,
            port=port,
            workers=workers,
            watch=watch,
            follow=follow,
            auth="none" if no_auth else None,
            llm=llm,
            index_dir=index_dir,
        )
        if open_page and settings.service.port == 0:
            raise SettingsError("--open needs a port: with 0 the system chooses one")
        from footnote.app.access.keys.file import open_to_others
        from footnote.app.access.keys.store import keys_folder
        from footnote.app.http.server import serve

        if problem := open_to_others(keys_folder(settings)):
            warn(problem)
        serve(settings, replace, open_page)
