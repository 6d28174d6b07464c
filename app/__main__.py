"""`python -m footnote.app`, and what the command `footnote` begins with."""

import atexit
import os
import signal
import sys

INTERRUPTED = 130  # as in app.core.console, which is not imported yet


def main() -> None:
    """Run the command line; Ctrl-C is no error while it is loaded either."""
    try:
        from footnote.app.cli.main import app
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        raise SystemExit(INTERRUPTED) from None
    try:
        app(prog_name="footnote")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _end_with_130_if_pressed_again()
        raise
    except KeyboardInterrupt:
        _end_with_130_if_pressed_again()
        raise SystemExit(INTERRUPTED) from None


def _end_with_130_if_pressed_again() -> None:
    """Let Ctrl-C end the process at once while it waits for what still runs, and do nothing in the last moment."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # Python gives all but this back to the system


if __name__ == "__main__":
    main()
