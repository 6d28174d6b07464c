"""outlook: what writes answers now, until when, and what comes then, by what its server says or else by what is known.

settings -> what the server lists -> outlook -> `footnote status`, the log of the service
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.setting_groups import LLMSettings, SplitSettings
from footnote.app.models.llm.adapter import adapter_of, beside, check_adapter
from footnote.app.models.llm.chat import AUTO, EXTRACTIVE, OPENAI, is_local, resolve_llm
from footnote.app.models.llm.gguf_file import read_gguf
from footnote.app.models.llm.lineup.choice import chosen
from footnote.app.models.llm.lineup.known import lifetime
from footnote.app.models.llm.lineup.listing import Listing, is_openai, listed
from footnote.app.models.llm.own_llm import other_llm, second_llm, with_own_names

log = logging.getLogger(__name__)

_SOON_DAYS = 60
_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be known of the language model before it is asked.

    Attributes:
        llm: "extractive", "provider:model" or the path of a .gguf file, with its adapter and the hash of that.
        ends: the first day without it; None where none is known.
        successor: what its maker names in its place; None where none is known.
        is_said: its server says so, not the list that comes with Footnote.
        problem: why it would not answer; None where nothing is known against it.
    """

    llm: str
    ends: date | None = None
    successor: str | None = None
    is_said: bool = False
    problem: str | None = None

    def sentence(self, chooses: bool, today: date | None = None) -> str:
        """All of it in one line; `chooses` where the successor is taken by itself."""
        today = today or datetime.now(UTC).date()
        said = self.llm
        if self.ends:
            source = "" if self.is_said else ", by the list of this version"
            said += f", {'gone since' if self.ends <= today else 'until'} {self.ends}{source}"
        if self.successor:
            then = f"then {OPENAI}{self.successor}" if chooses else f"name another, such as {OPENAI}{self.successor}"
            said += f": {then}"
        return f"{said}; {self.problem}" if self.problem else said


def outlook(llm: LLMSettings, asks: bool = True) -> Outlook:
    """The outlook of the model that the settings name; unless it `asks` its server, by what is known."""
    resolved = resolve_llm(llm)
    if is_local(resolved):
        return _of_file(Path(resolved), adapter_of(llm))
    if not resolved.startswith(OPENAI):
        return Outlook(resolved, problem=_wrong_name(resolved))
    if llm.openai_key is None and llm.openai_url is None:
        return Outlook(resolved, problem="it needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL")
    listing = listed(llm, _TIMEOUT_S) if asks else None
    name, problem = resolved.removeprefix(OPENAI), _no_listing(listing) if asks else None
    if llm.name == AUTO and asks:
        try:
            name = chosen(listing, is_openai(llm), datetime.now(UTC).date())
        except LLMError as error:
            problem = str(error)
    elif listing and listing.ends and name not in listing.ends and not _lists_other_names(llm):
        problem = "its server does not list it"
    known = lifetime(name) if is_openai(llm) else None
    said = _said(name, listing)
    ends = said or (known.ends if known else None)
    return Outlook(f"{OPENAI}{name}", ends, known.successor if known and ends else None, said is not None, problem)


def second_outlook(split: SplitSettings, llm: LLMSettings, asks: bool = True) -> Outlook | None:
    """The outlook of the model that has a share of the questions, by the names of its own settings; None without."""
    if not split.share:
        return None
    try:
        made = second_llm(split, llm)
    except SettingsError as error:
        return Outlook(split.llm or resolve_llm(llm), problem=str(error))
    found = outlook(made, asks)
    return replace(found, problem=with_own_names(found.problem, split, made)) if found.problem else found


def shared(share: float, sentence: str) -> str:
    """What is said of the second model, with its share of the questions."""
    return f"{share * 100:.3g}% of the questions: {sentence}"


def log_outlook(llm: LLMSettings, split: SplitSettings | None = None) -> None:
    """Say in the log what writes answers, as a warning where it is gone, or soon is and nothing takes its place."""
    found, second = outlook(llm), second_outlook(split, llm) if split else None
    _log(found, "answers", found.sentence(llm.name == AUTO), llm.name == AUTO)
    if split and second:
        chooses = other_llm(split, llm).name == AUTO
        _log(second, "answers, second model", shared(split.share, second.sentence(chooses)), chooses)


def _log(found: Outlook, what: str, sentence: str, chooses: bool) -> None:
    today = datetime.now(UTC).date()
    left_days = (found.ends - today).days if found.ends else None
    is_pressing = left_days is not None and (left_days <= 0 or (left_days <= _SOON_DAYS and not chooses))
    level = logging.WARNING if is_pressing or found.problem else logging.INFO
    log.log(level, "%s: %s", what, sentence)


def _lists_other_names(llm: LLMSettings) -> bool:
    """Whether its server goes by names that it does not list: Azure lists models, and is asked for deployments."""
    return ".azure." in (llm.openai_url or "")


def _of_file(gguf: Path, adapter: Path | None) -> Outlook:
    try:
        if adapter is not None:
            check_adapter(adapter, gguf)
        if not gguf.is_file():
            return Outlook(f"{gguf}{beside(adapter)}", problem="there is no such file")
        read_gguf(gguf)
        return Outlook(f"{gguf}{beside(adapter)}")
    except SettingsError as error:
        return Outlook(f"{gguf} + {adapter}" if adapter else str(gguf), problem=str(error))


def _wrong_name(resolved: str) -> str | None:
    known = resolved == EXTRACTIVE or ":" in resolved
    return None if known else "FOOTNOTE_LLM is `auto`, `extractive`, `provider:model` or the path of a .gguf file"


def _no_listing(listing: Listing | None) -> str | None:
    if listing is None:
        return "its server cannot be reached"
    return "its server refuses the key" if listing.status in (401, 403) else None


def _said(name: str, listing: Listing | None) -> date | None:
    return listing.ends.get(name) if listing else None
