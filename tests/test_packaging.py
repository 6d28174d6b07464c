"""What an installation puts into site-packages: one import name, whatever the folders are called."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def built(kind: str, source: Path, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)], cwd=source, check=True)
    (file,) = folder.iterdir()
    return file


def modules_of(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def modules() -> set[str]:
    kinds = (".py", ".css", ".lua", ".toml")
    below = [file for folder in ("app", "ingest") for file in (ROOT / folder).rglob("*") if file.is_file()]
    page, static = ROOT / "app/page", ROOT / "app/page/static"
    code = [file for file in below if file.suffix in kinds and page not in file.parents]
    files = [file.relative_to(ROOT) for file in [*code, *(file for file in below if static in file.parents)]]
    return {"footnote/__init__.py", "footnote/py.typed", *(f"footnote/{file.as_posix()}" for file in files)}


def test_a_wheel_holds_every_module_below_one_import_name_and_the_built_page(modules: set[str], tmp_path: Path) -> None:
    assert modules_of(built("wheel", ROOT, tmp_path)) == modules


def test_a_wheel_made_of_the_source_archive_is_the_same(modules: set[str], tmp_path: Path) -> None:
    archive = built("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    assert modules_of(built("wheel", tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path / "wheel")) == modules


def test_an_editable_installation_adds_no_other_name(tmp_path: Path) -> None:
    names = "('app', 'ingest', 'tests', 'bench', 'footnote.app', 'footnote.ingest')"
    listing = f"import importlib.util; print([name for name in {names} if importlib.util.find_spec(name)])"
    done = subprocess.run([sys.executable, "-c", listing], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['footnote.app', 'footnote.ingest']"


def test_python_m_ingest_works_in_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nRelay listens on port 7070.\n")
    command = [sys.executable, "-m", "ingest", str(tmp_path), "--index-dir", str(tmp_path / "index")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("generation 1: 1 file, 1 chunk")


def test_nothing_tells_users_to_install_an_extra_from_a_registry_where_others_own_the_name() -> None:
    """Docs, messages and help alike: an extra is one of the checkout."""
    below = [file for folder in ("app", "ingest", "docs", "deploy", "bench") for file in (ROOT / folder).rglob("*")]
    files = [*below, *ROOT.glob("*.md"), ROOT / "Dockerfile"]
    texts = {
        file: file.read_text("utf-8")
        for file in files
        if (file.suffix in (".py", ".md") or file.name == "Dockerfile") and "node_modules" not in file.parts
    }
    wrong = re.compile(r"pip install(?: -\S+)* ['\"]?footnote\b")
    assert len(texts) > 100
    assert [str(file) for file, text in texts.items() if wrong.search(text)] == []
