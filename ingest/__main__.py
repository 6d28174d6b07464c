"""`python -m ingest`: the same as `footnote ingest`."""

from footnote.app.core.command_line import CommandLine
from footnote.app.core.console import accept_any_text
from footnote.ingest.commands.cli import EPILOG, ingest_command


def main() -> None:
    """Run the command."""
    accept_any_text()
    help_options = {"help_option_names": ["--help", "-h"]}
    app = CommandLine(context_settings=help_options, add_completion=False, pretty_exceptions_enable=False)
    app.command(name="ingest", epilog=EPILOG)(ingest_command)
    app(prog_name="python -m ingest")


if __name__ == "__main__":
    main()
