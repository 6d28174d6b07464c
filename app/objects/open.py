"""The store that an address means."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from footnote.app.core.errors import SettingsError
from footnote.app.objects.directory import Directory
from footnote.app.objects.protocol import Objects
from footnote.app.objects.rsync import Rsync, is_rsync
from footnote.app.objects.s3 import S3

_FORMS = "a folder, file:/folder, s3://bucket/prefix, rsync://host/module/path or user@host:path"


def open_objects(address: str, spool_dir: Path | None = None, private: bool = False) -> Objects:
    """The objects there; nothing is asked or made yet.

    Args:
        address: a folder, `file:/folder`, `s3://bucket/prefix`, `rsync://host/module/path` or `user@host:path`.
        spool_dir: where there is room for what waits to be sent or read, where a store needs that.
        private: files that are written are their owner's alone; in a bucket its own rules say who reads.

    Raises:
        SettingsError: it is none of these, or needs an extra that is not installed.
    """
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address)
    if not address.strip():
        raise SettingsError(f"no address: write {_FORMS}")
    if is_rsync(address):
        return Rsync(address, spool_dir, private)
    if scheme is None:
        return Directory(Path(address), address, private)
    if scheme[1] == "file":
        parts = urlsplit(address)
        if parts.netloc not in ("", "localhost") or not parts.path:
            raise SettingsError(f"{address} names no folder of this machine: write file:/folder")
        return Directory(Path(unquote(parts.path)), address, private)
    if scheme[1] == "s3":
        parts = urlsplit(address)
        if "@" in parts.netloc:
            raise SettingsError("no keys in an address: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        return S3(parts.netloc, parts.path.strip("/"), address)
    raise SettingsError(f"{address}: write {_FORMS}")
