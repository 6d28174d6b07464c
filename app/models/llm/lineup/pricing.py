"""pricing: the price that holds for what the language model of some settings writes."""

from pathlib import Path

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llm.chat import is_local, resolve_llm
from footnote.app.models.llm.lineup import known
from footnote.app.models.llm.lineup.known import KnownModels, Price
from footnote.app.models.llm.lineup.listing import is_openai


class Prices:
    """The prices that hold where the settings send requests.

    Those of FOOTNOTE_LLM_PRICES go first. The built-in ones are OpenAI's: they hold at its own address alone, as any
    server may call a model `gpt-4o`. A .gguf file has none.
    """

    def __init__(self, llm: LLMSettings) -> None:
        """Read the file that the settings name.

        Raises:
            SettingsError: it cannot be read or is malformed.
        """
        self._is_local = is_local(resolve_llm(llm))
        self._at_openai = is_openai(llm)
        self._own = read_prices(llm.prices) if llm.prices else {}

    def of(self, name: str) -> Price | None:
        """What the tokens of a model cost, such as `openai:gpt-4o`; None where that is not known."""
        if self._is_local:
            return None
        for spelling in (name, name.partition(":")[2]):
            found = known.entry(spelling, self._own)
            if found and found.price:
                return found.price
        return known.price(name) if self._at_openai and name.startswith("openai:") else None


def read_prices(file: Path) -> KnownModels:
    """The entries of FOOTNOTE_LLM_PRICES.

    Raises:
        SettingsError: it cannot be read or is malformed.
    """
    try:
        return known.read_known(file)
    except OSError as error:
        raise SettingsError(f"FOOTNOTE_LLM_PRICES={file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"FOOTNOTE_LLM_PRICES={file}: {error}") from error
