"""browser: the page, opened in the browser of who starts the service."""

import socket
import threading
import time
import webbrowser

_LOOK_S = 0.1
_MOST_S = 60.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def open_once_listening(host: str, port: int) -> None:
    """Open the page as soon as the service can be reached, from a thread of its own; where it never is, nothing."""
    reachable = _EVERYWHERE.get(host, host)
    threading.Thread(target=_open, args=(reachable, port), name="open the page", daemon=True).start()


def page_url(host: str, port: int) -> str:
    """The address of the page."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _open(host: str, port: int) -> None:
    gives_up = time.monotonic() + _MOST_S
    while time.monotonic() < gives_up:
        try:
            with socket.create_connection((host, port), timeout=_LOOK_S):
                break
        except OSError:
            time.sleep(_LOOK_S)
    else:
        return
    webbrowser.open(page_url(host, port))
