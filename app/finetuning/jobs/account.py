"""account: where fine-tuning requests go, and with which key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import Settings
from footnote.app.core.version import VERSION
from footnote.app.models.llm.failures import redacted
from footnote.app.models.llm.lineup.listing import OPENAI_HOST, address

_OPENAI_URL = f"https://{OPENAI_HOST}/v1"


@dataclass(frozen=True, slots=True)
class Account:
    """A provider, and who asks it.

    Attributes:
        headers: with the key; never shown.
        url_setting, key_setting: the settings that they come from, or that would change them.
    """

    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    url_setting: str
    key_setting: str
    timeout_s: float
    settings: Settings = field(repr=False)

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI itself."""
        return urlsplit(self.base_url).hostname == OPENAI_HOST

    @property
    def name(self) -> str:
        """Who it is, for people."""
        return "OpenAI" if self.is_openai else str(urlsplit(self.base_url).hostname)

    def redacted(self, text: str) -> str:
        """The text in one line, without keys and logins."""
        key = self.settings.fine_tuning.api_key
        if key and key.get_secret_value():
            text = text.replace(key.get_secret_value(), "***")
        return redacted(" ".join(text.split())[:500], self.settings.llm)


def account_of(settings: Settings) -> Account:
    """The account of the settings: their own, else OpenAI's names for both.

    A key that is OPENAI_API_KEY goes only where OPENAI_BASE_URL leads, or to OpenAI.

    Raises:
        SettingsError: OpenAI is asked, and there is no key.
    """
    own, llm = settings.fine_tuning, settings.llm
    url = own.base_url or llm.openai_base_url or _OPENAI_URL
    # The login that an address may carry travels as a header, as HTTP clients log addresses.
    bare, login = address(llm.model_copy(update={"base_url": url}))
    base_url = bare or _OPENAI_URL
    falls_back = own.api_key is None and (own.base_url is None or urlsplit(base_url).hostname == OPENAI_HOST)
    key = llm.openai_api_key if falls_back else own.api_key
    if key is None and urlsplit(base_url).hostname == OPENAI_HOST:
        raise SettingsError("fine-tuning at OpenAI needs a key: set FOOTNOTE_FINE_TUNING_API_KEY or OPENAI_API_KEY")
    headers = {"User-Agent": f"footnote/{VERSION}", "Accept": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key.get_secret_value()}"
    uses_own_url = own.base_url is not None or llm.openai_base_url is None
    return Account(
        base_url,
        {**headers, **login},
        "FOOTNOTE_FINE_TUNING_BASE_URL" if uses_own_url else "OPENAI_BASE_URL",
        "FOOTNOTE_FINE_TUNING_API_KEY" if own.api_key or not falls_back else "OPENAI_API_KEY",
        own.timeout_s,
        settings,
    )
