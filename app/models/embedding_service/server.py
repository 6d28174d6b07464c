"""server: the embedding server that the settings name: where it is, with which key, and what to say when it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from footnote.app.core.errors import ModelError
from footnote.app.core.setting_groups import EmbeddingServiceSettings, LLMSettings
from footnote.app.models.llm.failures import key_setting, redacted, url_setting
from footnote.app.models.llm.lineup.listing import address

_OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to ask for vectors.

    Attributes:
        url: of the requests, without a login.
        model: as the server calls it.
        headers: with key and login.
        url_setting, key_setting: the settings that these come from, or that would set them.
        limits: how much at once, and how long to wait.
    """

    url: str
    model: str
    headers: Mapping[str, str] = field(repr=False)
    url_setting: str
    key_setting: str
    limits: EmbeddingServiceSettings = field(repr=False)
    _secrets: LLMSettings = field(repr=False)

    @property
    def place(self) -> str:
        """Scheme, host and port of it, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def redacted(self, text: str) -> str:
        """The text in one line, without keys and logins."""
        return redacted(" ".join(text.split()), self._secrets)


def server_of(model: str, service: EmbeddingServiceSettings, llm: LLMSettings) -> Server:
    """The server of `openai:MODEL`.

    It is that of the language model where it has no base URL of its own; the key of that goes to no other server.

    Raises:
        ModelError: it is OpenAI's, and there is no key.
    """
    own = service.base_url is not None
    key = service.api_key or (None if own else llm.openai_key)
    url = service.base_url or llm.openai_url
    if url is None and key is None:
        raise ModelError(
            f"FOOTNOTE_EMBEDDER=openai:{model} needs a key: set OPENAI_API_KEY, or FOOTNOTE_EMBEDDER_BASE_URL for "
            "another server"
        )
    asked = llm.model_copy(update={"base_url": url, "api_key": key})
    base_url, login = address(asked)
    headers = ({"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}) | login
    return Server(
        url=f"{(base_url or _OPENAI_URL).rstrip('/')}/embeddings",
        model=model,
        headers={"Content-Type": "application/json", **headers},
        url_setting="FOOTNOTE_EMBEDDER_BASE_URL" if own else url_setting(llm) or "FOOTNOTE_EMBEDDER_BASE_URL",
        key_setting="FOOTNOTE_EMBEDDER_API_KEY" if own or service.api_key else key_setting(llm) or "OPENAI_API_KEY",
        limits=service,
        _secrets=asked,
    )
