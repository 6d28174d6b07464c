"""open: the engine that answers from the collections that a command is about."""

from collections.abc import Sequence

from footnote.app.core.collections import Collection
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.pool import ModelPool


def open_engines(collections: Sequence[Collection], search_only: bool = False) -> Engine | JoinedEngine:
    """That of the only collection, or of all together; what they have in common is loaded once.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError, ModelError, SettingsError, LLMError: see
            `open_engine`.
    """
    pool = ModelPool()
    first, *others = collections
    engine = open_engine(first.settings, search_only, pool)
    if not others:
        return engine
    # What writes is that of the first alone.
    rest = {one.name: open_engine(one.settings, True, pool) for one in others}
    return JoinedEngine({first.name: engine, **rest})
