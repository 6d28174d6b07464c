"""Collections: the docs folders of one command line and one service, by name, each with all of its settings.

    flags, environment, .env, footnote.toml -> collections -> the settings of each

A collection's own value goes before one of the environment, which is for all of them; a flag goes before both.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnote.app.core.errors import CollectionUnknownError, SettingsError
from footnote.app.core.git_address import is_git
from footnote.app.core.profiles import PROFILES
from footnote.app.core.project_file import OF_COLLECTIONS, PROJECT_FILE, CollectionTable, load_project
from footnote.app.core.setting_groups import NO_ADAPTER, NO_INCLUDES
from footnote.app.core.settings import SETTINGS, Settings, load_settings
from footnote.app.core.told_commands import tell_for

DEFAULT = "docs"
_OWN = ("folders", "project")
FOLDER = "collections"  # of the index folder, where each has its own
# Settings that may name a file or a folder beside other things.
_MODELS = ("embedder", "reranker", "llm", "llm_b", "query_rewrite_llm", "check_llm", "judge_llm")
_FILES = ("llm_adapter", "llm_b_adapter", "llm_prices", "ragas_python")


@dataclass(frozen=True, slots=True)
class Collection:
    """One docs folder and what is known of it; see `CollectionTable`."""

    name: str
    settings: Settings
    title: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Collections:
    """All of them, in the order of the file; without one the single `docs`.

    Attributes:
        common: the settings of what is outside of them.
        file: where they are named; None where they are not.
    """

    all: tuple[Collection, ...]
    common: Settings
    file: Path | None = None

    def __iter__(self) -> Iterator[Collection]:
        return iter(self.all)

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.all]

    def named(self, name: str) -> Collection:
        """The one of this name.

        Raises:
            CollectionUnknownError: there is none.
        """
        for one in self.all:
            if one.name == name:
                return one
        where = f"{self.file} names" if self.file else "without a footnote.toml there is"
        raise CollectionUnknownError(f"there is no collection {name!r}: {where} {', '.join(self.names)}")

    def only(self, name: str | None) -> Collection:
        """The one of this name, or the only one.

        Raises:
            CollectionUnknownError: there is none of this name.
            SettingsError: there are several, and none is named.
        """
        if name is not None:
            return self.named(name)
        if len(self.all) > 1:
            raise SettingsError(f"say which collection with --collection: {', '.join(self.names)}")
        return self.all[0]


def load_collections(env_file: Path | None = Path(".env"), **flags: object) -> Collections:
    """All collections; what the flags say is for each of them. They are named as for `load_settings`.

    Raises:
        SettingsError: a setting or the file is wrong; two collections have the same index folder.
        KeyError: a flag is not a setting.
    """
    return collections_in(load_settings(env_file, **flags), env_file, **flags)


def collections_in(common: Settings, env_file: Path | None = Path(".env"), **flags: object) -> Collections:
    """The same for settings that are loaded already."""
    file = common.access.config or PROJECT_FILE
    tables = load_project(common.access.config).collections if common.project.collections else {}
    if not tables:
        return Collections((Collection(DEFAULT, common),), common)
    found = tuple(
        Collection(
            name, _settings(file, name, table, common, env_file, flags), table.title or name, public=table.public
        )
        for name, table in tables.items()
    )
    if flags.get("index_dir") is None:
        _refuse_shared_folders(file, found)
    return Collections(found, common, file)


def collection_settings(name: str | None, **flags: Any) -> Settings:
    """The settings of the collection that a command is about: that of this name, or the only one.

    An index folder that is named by a flag, and no collection, is one by itself, as without a file.

    Raises:
        SettingsError, CollectionUnknownError, KeyError: as `load_collections` and `Collections.only`.
    """
    if name is None and flags.get("index_dir") is not None:
        return load_settings(**flags)
    _refuse_another_index(name, flags)
    settings = load_collections(**flags).only(name).settings
    tell_for(settings.project.as_collection)
    return settings


def served_settings(name: str | None, **flags: Any) -> Settings:
    """The settings of a service: of the collection of this name alone, or of all, which it finds by the file.

    An index folder that is named by a flag is one by itself.

    Raises:
        SettingsError: a flag is about one collection, and there are several; or as `collection_settings`.
        CollectionUnknownError, KeyError: as `collection_settings`.
    """
    if name is not None:
        return collection_settings(name, **flags)
    if flags.get("index_dir") is not None:
        return load_settings(**{**flags, "collections": False})
    collections = load_collections(**flags)
    given = [flag for flag in ("llm", "follow") if flags.get(flag) is not None]
    if collections.file and given:
        raise SettingsError(
            f"--{given[0]} is about one collection: set {given[0]} in {collections.file}, or name one with "
            f"--collection: {', '.join(collections.names)}"
        )
    return collections.common


def collections_asked(names: str | Sequence[str] | None, **flags: Any) -> list[Collection]:
    """The collections of these names, each once; without names all of them. Raises as `collection_settings`."""
    if not names and flags.get("index_dir") is not None:
        return [Collection(DEFAULT, load_settings(**flags))]
    _refuse_another_index(names, flags)
    collections = load_collections(**flags)
    wanted = [names] if isinstance(names, str) else list(names or collections.names)
    return [collections.named(name) for name in dict.fromkeys(wanted)]


def _refuse_another_index(names: str | Sequence[str] | None, flags: Mapping[str, object]) -> None:
    if names and flags.get("index_dir") is not None:
        raise SettingsError("a collection has an index folder of its own: give --collection, or --index-dir")


def _settings(
    file: Path,
    name: str,
    table: CollectionTable,
    common: Settings,
    env_file: Path | None,
    flags: Mapping[str, object],
) -> Settings:
    folder = file.resolve().parent
    own: dict[str, Any] = {key: _placed(folder, key, value) for key, value in table.settings.items()}
    if table.docs is not None:
        own["docs_dir"] = table.docs if is_git(table.docs) else _beside(folder, table.docs)
    own["index_dir"] = _beside(folder, table.index) if table.index else common.folders.index_dir / FOLDER / name
    own = {**_of_profile(own), **own}
    given = {key: value for key, value in flags.items() if value is not None}
    if "llm" in given:
        own.pop("llm_adapter", None)  # it belongs to the file that is named beside it
    try:
        # What is started for one collection is about that alone.
        made = load_settings(env_file, **{**own, **given, "collections": False, "as_collection": name})
    except SettingsError as error:
        raise SettingsError(f"{file}: [collections.{name}] {_as_in_file(str(error), table)}") from error
    of_all = {group: getattr(common, group) for group in Settings.model_fields if group not in (*OF_COLLECTIONS, *_OWN)}
    questions = {"suggested_questions": made.service.suggested_questions}
    # The keys are those of the whole service, whichever collection is served.
    keys_dir = common.access.keys_dir or common.folders.index_dir
    of_all |= {
        "service": common.service.model_copy(update=questions),
        "access": common.access.model_copy(update={"keys_dir": keys_dir}),
    }
    return made.model_copy(update=of_all)


def _as_in_file(problems: str, table: CollectionTable) -> str:
    """What is wrong with settings, each called as it stands in the file."""
    names = {SETTINGS[key].variable: key for key in table.settings} | {SETTINGS["docs_dir"].variable: "docs"}
    return re.sub(r"(^|; )([A-Z0-9_]+)(?=: )", lambda found: found[1] + names.get(found[2], found[2]), problems)


def _of_profile(own: Mapping[str, Any]) -> dict[str, object]:
    """What the collection's own profile of models changes, which goes before single models of the environment."""
    values: dict[str, object] = {}
    for model, belonging in PROFILES.get(str(own.get("models")), {}).items():
        if model not in own:
            values |= belonging
    return values


def _placed(folder: Path, key: str, value: object) -> object:
    """The value; of a file or a folder that is named by a relative path, its place beside the project file."""
    if key == "include_roots":
        parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
        names = [str(part).strip() for part in parts]
        return ",".join(name if name == NO_INCLUDES else str(_beside(folder, name)) for name in names if name)
    if not isinstance(value, str):
        return value
    if key in _FILES and value != NO_ADAPTER:
        return str(folder / value)
    is_there = "/" in value and ":" not in value and (folder / value).exists()
    return str(folder / value) if key in _MODELS and (value.endswith(".gguf") or is_there) else value


def _beside(folder: Path, path: str) -> Path:
    """The path from the folder on, without the `..` that it begins with; a link within it stays one."""
    first, *others = Path(path).parts or (".",)
    return _beside(folder.parent, str(Path(*others))) if first == ".." else folder / path


def _refuse_shared_folders(file: Path, found: tuple[Collection, ...]) -> None:
    seen: dict[Path, str] = {}
    for one in found:
        folder = one.settings.folders.index_dir.resolve()
        if folder in seen:
            raise SettingsError(
                f"{file}: [collections.{one.name}] has the index folder of {seen[folder]}, {folder}: name "
                "another one with index ="
            )
        seen[folder] = one.name
