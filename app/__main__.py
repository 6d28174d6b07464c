"""`python -m footnote.app`, and what the command `footnote` begins with."""

import sys

INTERRUPTED = 130  # as in app.core.console, which is not imported yet


def main() -> None:
    """Run the command line; Ctrl-C is no error while it is loaded either."""
    try:
        from footnote.app.cli.main import app
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        raise SystemExit(INTERRUPTED) from None
    app(prog_name="footnote")


if __name__ == "__main__":
    main()
