"""open: the engine that answers from the collections that a command is about."""

from collections.abc import Sequence

from footnote.app.core.collections import Collection
from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.told_commands import told_for
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.pool import ModelPool
from footnote.app.index.generations import Generations


def with_index(collections: Sequence[Collection]) -> list[Collection]:
    """Those that have an index; all where none has, so that opening them says why."""
    return [one for one in collections if _has_index(one)] or list(collections)


def _has_index(one: Collection) -> bool:
    try:
        return Generations(one.settings.folders.index_dir).current() is not None
    except IndexDamagedError:
        return True  # it has one, which says itself what is wrong


def open_engines(collections: Sequence[Collection], search_only: bool = False) -> Engine | JoinedEngine:
    """That of the only collection, or of all together; what they have in common is loaded once.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError, ModelError, SettingsError, LLMError: see
            `open_engine`.
    """
    pool = ModelPool()
    engines: dict[str, Engine] = {}
    for one in collections:
        with told_for(one.settings.project.as_collection):
            # What writes is that of the first alone.
            engines[one.name] = open_engine(one.settings, search_only or bool(engines), pool)
    return JoinedEngine(engines) if len(engines) > 1 else next(iter(engines.values()))
