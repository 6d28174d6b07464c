"""A real Git server on loopback, git's own over HTTP with a login, and repositories that are changed by real git."""

import base64
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOGIN = ("reader", "pass-word/1234")
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


class Repository:
    """A repository with files beside it; what is committed is served at once."""

    def __init__(self, folder: Path, branch: str = "main") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "--quiet", f"--initial-branch={branch}")
        self.git("config", "uploadpack.allowFilter", "true")

    def git(self, *arguments: str, given: bytes | None = None) -> str:
        """What git prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=_ENVIRONMENT, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return os.fsdecode(done.stdout).strip()

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Write the files, or remove those that are None, and commit all; the commit."""
        for path, content in files.items():
            file = self.folder / path
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def blob(self, content: bytes) -> str:
        """Put an object into the store; its name."""
        return self.git("hash-object", "-w", "--stdin", given=content)

    def tree(self, rows: list[tuple[str, str, bytes]]) -> str:
        """A tree of modes, objects and names as they are, also such as git itself would never write."""
        kinds = {"040000": "tree", "160000": "commit"}
        given = b"".join(
            f"{mode} {kinds.get(mode, 'blob')} {name}\t".encode() + path + b"\0" for mode, name, path in rows
        )
        return self.git("mktree", "-z", "--missing", given=given)

    def commit_tree(self, tree: str) -> None:
        """Make the tree the branch's newest commit, with no history."""
        self.git("update-ref", "HEAD", self.git("commit-tree", "-m", "made", tree))


class GitServer:
    """Serves the repositories of a folder by git's own program; what it was asked is in `asked`."""

    def __init__(self, folder: Path, login: tuple[str, str] | None = None) -> None:
        self.folder = folder
        self.asked: list[str] = []
        handler = type("Handler", (_Handler,), {"served": self, "login": login})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self._server.server_address[1]
        self.thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, name: str = "site", login: tuple[str, str] | None = None) -> str:
        from urllib.parse import quote

        user = f"{quote(login[0], safe='')}:{quote(login[1], safe='')}@" if login else ""
        return f"git+http://{user}127.0.0.1:{self.port}/{name}/.git"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.thread.join()


@contextmanager
def git_server(folder: Path, login: tuple[str, str] | None = None) -> Iterator[GitServer]:
    """A server that ends with the block."""
    server = GitServer(folder, login)
    try:
        yield server
    finally:
        server.close()


class _Handler(BaseHTTPRequestHandler):
    served: GitServer
    login: tuple[str, str] | None

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.served.asked.append(path)
        if self.login and self.headers.get("Authorization") != _basic(self.login):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        done = subprocess.run(
            ["git", "http-backend"],
            env={
                **_ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(self.served.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            },
            input=body,
            capture_output=True,
            check=False,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line]
        status = next((value for name, value in fields if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def _basic(login: tuple[str, str]) -> str:
    return "Basic " + base64.b64encode(":".join(login).encode()).decode()
