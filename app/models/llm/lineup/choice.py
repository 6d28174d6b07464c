"""choice: the model that `auto` means: GPT-4o while it lives, then the successor that its maker names.

settings -> what the server lists -> choice; where it lists nothing, by the days that are known
"""

import logging
import threading
from collections.abc import Collection
from datetime import UTC, date, datetime
from weakref import WeakValueDictionary

from footnote.app.core.errors import LLMError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llm.lineup.known import lifetime
from footnote.app.models.llm.lineup.listing import Listing, is_openai, listed

log = logging.getLogger(__name__)

FIRST = "gpt-4o"
_MAX_NAMED = 5


def by_date(today: date | None = None, gone: Collection[str] = ()) -> str:
    """What `auto` means at OpenAI on this day, by the days that are known and but for those that are `gone`."""
    today = today or datetime.now(UTC).date()
    return next((name for name in _chain() if name not in gone and not _ended(name, None, today)), _chain()[-1])


def unasked(at_openai: bool, today: date | None = None, gone: Collection[str] = ()) -> str:
    """What `auto` means as far as is known without a list of the server."""
    return by_date(today, gone) if at_openai else FIRST


def chosen(listing: Listing | None, at_openai: bool, today: date, gone: Collection[str] = ()) -> str:
    """The model that `auto` means on a server that lists these models; None where it cannot be reached.

    Those that are `gone` are not meant, whatever it lists.

    Raises:
        LLMError: it is not OpenAI's, and has several others.
    """
    if listing is None or not listing.ends:
        return unasked(at_openai, today, gone)
    for name in _chain():
        if name in listing.ends and name not in gone and not _ended(name, listing, today):
            return name
    if at_openai:
        return by_date(today, gone)  # the request says what is wrong with the key
    # No chat is written by a model that embeds.
    writers = [name for name in listing.ends if "embed" not in name.casefold()]
    if len(writers) == 1:
        return writers[0]
    more = "" if len(writers) <= _MAX_NAMED else f" and {len(writers) - _MAX_NAMED} more"
    names = ", ".join(f"FOOTNOTE_LLM=openai:{name}" for name in writers[:_MAX_NAMED])
    raise LLMError(f"the server has {len(writers)} models: name one of them, {names}{more}")


class Choice:
    """The choice at one server, begun when it is made, so that loading other models hides the wait."""

    def __init__(self, llm: LLMSettings) -> None:
        self._llm = llm
        self._at_openai = is_openai(llm)
        self._name: str | None = None
        self._problem: str | None = None
        self._gone: set[str] = set()
        self._is_sure = False
        self._lock = threading.Lock()
        # A daemon, so that a command that ends earlier does not wait for it.
        self._first = threading.Thread(target=self._choose, name="model choice", daemon=True)
        self._first.start()

    @property
    def known(self) -> str:
        """The name as far as it is known now."""
        return self._name or unasked(self._at_openai)

    def name(self) -> str:
        """The model to ask; waits until it is chosen.

        Raises:
            LLMError: the server has several models.
        """
        self._first.join()
        with self._lock:
            if self._name is None or not self._is_sure:
                self._choose()
            if self._name is None:
                raise LLMError(self._problem or "no model could be chosen: name one in FOOTNOTE_LLM")
            return self._name

    def again(self, refused: str) -> str | None:
        """Another model in place of one that the server does not have any more; None where there is no other."""
        with self._lock:
            if self._name == refused:
                self._gone.add(refused)
                self._choose()
            return self._name if self._name != refused else None

    def _choose(self) -> None:
        listing = listed(self._llm)
        # One that is still starting may have another model than the one that it is asked for meanwhile.
        self._is_sure = listing is not None or self._at_openai
        try:
            name = chosen(listing, self._at_openai, datetime.now(UTC).date(), self._gone)
        except LLMError as error:
            self._problem = str(error)
            return
        if self._name in self._gone:
            log.warning("openai:%s is gone: answers by openai:%s now", self._name, name)
        self._name = name


_making = threading.Lock()
_choices: WeakValueDictionary[tuple[str | None, str | None], Choice] = WeakValueDictionary()


def choice_of(llm: LLMSettings) -> Choice:
    """The choice at the server that the settings name, the same for all models there: it is asked once."""
    key = llm.openai_key.get_secret_value() if llm.openai_key else None
    with _making:
        choice = _choices.get((llm.openai_url, key))
        if choice is None:
            choice = _choices[llm.openai_url, key] = Choice(llm)
        return choice


def _chain() -> list[str]:
    """GPT-4o and those that follow it, in order."""
    names = [FIRST]
    while (known := lifetime(names[-1])) and known.successor and known.successor not in names:
        names.append(known.successor)
    return names


def _ended(name: str, listing: Listing | None, today: date) -> bool:
    """Whether it answers no more: by what its server says, else by the days that are known."""
    if listing:
        ends = listing.ends.get(name)
        return ends is not None and ends <= today
    known = lifetime(name)
    return known is not None and known.ends is not None and known.ends <= today
