"""A database that several processes write begins as one, for its owner alone."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.core.sqlite_file import make_private, opened, version_of

ROOT = Path(__file__).parents[2]
# Opens each file as soon as it is there, while another process writes to it for the first time.
READER = """
import sys
from pathlib import Path
from footnote.app.core.sqlite_file import opened, version_of
folder, number = Path(sys.argv[1]), 0
print("ready", flush=True)
while number < 150:
    file = folder / f"{number}.sqlite3"
    if file.exists():
        with opened(file) as connection:
            number += version_of(connection) == 1
"""


def test_it_is_an_empty_database_from_the_first_moment_on(tmp_path):
    file = tmp_path / "new.sqlite3"
    before = os.umask(0)
    try:
        make_private(file)
    finally:
        os.umask(before)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.stat().st_size > 0 and stat.S_IMODE(file.stat().st_mode) == 0o600
    with opened(file) as connection:
        assert version_of(connection) == 0


def test_one_that_is_there_stays(tmp_path):
    file = tmp_path / "there.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 7")
    content = file.read_bytes()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_private, [file] * 8))
    assert file.read_bytes() == content and [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        make_private(tmp_path / "no" / "file.sqlite3")


def test_who_reads_beside_the_first_writer_does_not_fail(tmp_path):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", READER, tmp_path]
    readers = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n"
    for number in range(150):
        file = tmp_path / f"{number}.sqlite3"
        make_private(file)
        with opened(file) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE some (text TEXT)")
            connection.execute("INSERT INTO some VALUES (?)", ["x" * 9000])
            connection.execute("PRAGMA user_version = 1")
            connection.execute("COMMIT")
    assert [reader.wait(60) for reader in readers] == [0, 0]
    for reader in readers:
        reader.stdout.close()
