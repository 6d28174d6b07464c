"""Git addresses: what they say, what is refused, and that no login is ever shown."""

from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.git_address import GitAddress, docs_dir_of_checkout, git_address, is_git
from footnote.app.core.settings import as_environment, load_settings


@pytest.mark.parametrize(
    ("text", "url", "branch", "folder"),
    [
        ("git+https://host.example/org/repo#main:docs", "https://host.example/org/repo", "main", "docs"),
        ("git+https://host.example/org/repo.git/", "https://host.example/org/repo.git", "", ""),
        ("git+https://host.example:8443/org/repo#:docs/en/", "https://host.example:8443/org/repo", "", "docs/en"),
        ("git+ssh://git@host.example:22/org/repo#v1.2", "ssh://git@host.example:22/org/repo", "v1.2", ""),
        ("git+git@host.example:org/repo.git#feature/x:a b", "git@host.example:org/repo.git", "feature/x", "a b"),
        ("git+git://host.example/repo", "git://host.example/repo", "", ""),
        ("git+file:///srv/repo#main:docs", "file:///srv/repo", "main", "docs"),
        ("git+/srv/x/../repo/", "/srv/repo", "", ""),
        ("git+http://[::1]:80/repo", "http://[::1]:80/repo", "", ""),
    ],
)
def test_an_address_says_what_is_fetched(text: str, url: str, branch: str, folder: str) -> None:
    found = git_address(text)
    assert (found.url, found.branch, found.folder) == (url, branch, folder)
    assert git_address(found.shown) == found


def test_a_relative_path_is_one_from_the_working_folder() -> None:
    assert git_address("git+./repo").url == str(Path.cwd() / "repo")


@pytest.mark.parametrize(
    "text",
    [
        "git+ext::sh -c touch% /tmp/x",
        "git+ext::sh",
        "git+fd::17",
        "git+-oProxyCommand=x",
        "git+--upload-pack=x",
        "git+ssh://-oProxyCommand=x/repo",
        "git+ssh://-oX=y@host.example/repo",
        "git+https://host.example",
        "git+https:///repo",
        "git+ftp://host.example/repo",
        "git+repo",
        "git+",
        "git+https://host.example/repo?access_token=hidden-word",
        "git+https://host.example/a b",
        "git+https://host.example/a\nb",
        "git+file://other.example/repo",
        "git+ssh://git:hidden-word@host.example/repo",
        "git+https://host.example/repo#-x",
        "git+https://host.example/repo#a..b",
        "git+https://host.example/repo#a b",
        "git+https://host.example/repo#a^b",
        "git+https://host.example/repo#x.lock",
        "git+https://host.example/repo#main:../docs",
        "git+https://host.example/repo#main:a/./b",
        "git+https://host.example/repo#main:a\nb",
        "git+https://user:hidden-word/#@host.example/repo",
    ],
)
def test_what_is_no_address_is_refused_without_a_word_of_its_login(text: str) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_DOCS_DIR") as refused:
        load_settings(env_file=None, docs_dir=text)
    assert "hidden-word" not in str(refused.value)


@pytest.mark.parametrize("login", ["user:hidden%2Fword", "hidden-word", ":hidden-word"])
def test_a_login_is_in_no_name_of_the_docs(login: str, tmp_path: Path) -> None:
    given = f"git+https://{login}@host.example/repo#main:docs"
    settings = load_settings(env_file=None, docs_dir=given, index_dir=tmp_path)
    plain = git_address("git+https://host.example/repo#main:docs")
    assert settings.folders.git is not None
    assert settings.folders.git.shown == settings.folders.docs_shown == plain.shown
    assert settings.folders.docs_dir == docs_dir_of_checkout(tmp_path, plain)
    assert "hidden" not in repr(settings) + repr(settings.folders.git)
    # A child process has the login.
    again = load_settings(env_file=None, docs_dir=as_environment(settings)["FOOTNOTE_DOCS_DIR"])
    assert again.folders.git == settings.folders.git


def test_a_folder_is_a_folder() -> None:
    settings = load_settings(env_file=None, docs_dir=Path("handbook"))
    assert settings.folders.git is None
    assert (settings.folders.docs_dir, settings.folders.docs_place) == (Path("handbook"), Path.cwd() / "handbook")
    assert not is_git(Path("git+x"))
    assert git_address("git+https://a.example/r") == GitAddress("https://a.example/r")
