"""`python -m ingest`: the same as `footnote ingest`."""

import typer

from footnote.ingest.commands.cli import EPILOG, ingest_command


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name="ingest", epilog=EPILOG)(ingest_command)
    app(prog_name="python -m ingest")


if __name__ == "__main__":
    main()
