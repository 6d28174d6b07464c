"""What runs GGUF files, installed by a real pip from a folder of wheels where it is missing."""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.models.fetching.extra import extra_requirements, install_extra
from tests.models.fetching.wheels import write_wheel

((NAME, _, VERSION),) = [requirement.partition("==") for requirement in extra_requirements("local-llm")]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip installs into, and the only one where the extra's module is looked for."""

    class Hidden:
        @staticmethod
        def find_spec(name: str, path: Sequence[str] | None, module: object = None) -> ModuleSpec | None:
            if name != NAME:
                return None
            found = PathFinder.find_spec(name, [str(folder)])
            if found is None:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return found

    folder = tmp_path / "site-packages"
    monkeypatch.setenv("PIP_TARGET", str(folder))
    monkeypatch.setattr(sys, "meta_path", [Hidden, *sys.meta_path])
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, NAME, None)
    monkeypatch.delitem(sys.modules, NAME)
    return folder


def test_the_exact_requirement_is_that_of_the_metadata() -> None:
    assert NAME == "xllamacpp" and VERSION
    assert [one.partition("==")[0] for one in extra_requirements("sentence-transformers")] == [
        "sentence-transformers",
        "torch",
    ]


def test_nothing_is_installed_where_it_is_there() -> None:
    assert install_extra(pytest.fail) == ()


def test_it_is_installed_where_it_is_missing(target: Path, package_index: Path) -> None:
    write_wheel(package_index, NAME, VERSION, {f"{NAME}/__init__.py": b"made = True"})
    said: list[str] = []
    assert install_extra(said.append) == (f"{NAME}=={VERSION}",)
    assert said == [f"installing {NAME}=={VERSION}"]
    assert sys.modules[NAME].made


def test_what_pip_cannot_install_is_an_error_with_the_command(target: Path, package_index: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        install_extra(lambda _: None)
    why = f"(No matching distribution found for {NAME}=={VERSION}: the package index cannot be reached or lacks it)"
    assert f"{why}: run `pip install {NAME}=={VERSION}`, or with uv `uv" in str(raised.value)


def test_an_environment_without_pip_is_told_how_to_go_on(
    target: Path, package_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pip" else find_spec(name))
    with pytest.raises(SettingsError, match=r"pip is missing in this environment: `\S+ -m ensurepip` installs it"):
        install_extra(lambda _: None)


def test_what_was_installed_and_does_not_load_is_explained(target: Path, package_index: Path) -> None:
    broken = b"raise ImportError('libgomp.so.1: cannot open shared object file')"
    write_wheel(package_index, NAME, VERSION, {f"{NAME}/__init__.py": broken})
    for _ in range(2):
        with pytest.raises(SettingsError, match=r"cannot be loaded \(libgomp.so.1: .*; .* needs the package libgomp1"):
            install_extra(lambda _: None)
