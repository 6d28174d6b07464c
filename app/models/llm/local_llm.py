"""A GGUF model served inside this process by llama.cpp, behind ChatOpenAI."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llm.llama_server import start_server

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class _Serving:
    """A running server, which unlike llama.cpp's own object can be referred to weakly."""

    def __init__(self, gguf: Path, context_tokens: int, threads: int) -> None:
        self._server = start_server(gguf, "127.0.0.1", 0, context_tokens, threads)
        self.address = str(self._server.listening_address)


# A second opinion of the model that writes the answers must not load its file a second time.
_running: WeakValueDictionary[tuple[Path, int, int], _Serving] = WeakValueDictionary()
_starting = threading.Lock()


def make_local_chat_model(gguf: Path, llm: LLMSettings, threads: int = 0) -> "BaseChatModel":
    """A chat model over a llama.cpp server on a free loopback port, alive as long as a model object that uses it.

    Raises:
        SettingsError, LLMError: see `start_server`.
    """
    wanted = (gguf.absolute(), llm.context_tokens, threads)
    with _starting:
        server = _running.get(wanted)
        if server is None:
            server = _running[wanted] = _Serving(gguf, llm.context_tokens, threads)
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    class LocalChatModel(ChatOpenAI):
        """Keeps the server alive."""

        llama_server: object = server

    return LocalChatModel(
        model=gguf.stem,
        api_key=SecretStr("none"),
        base_url=f"{server.address}/v1",
        temperature=0,
        timeout=llm.timeout_s,
        max_retries=0,
        max_tokens=llm.max_tokens,
        stream_usage=True,
        stream_chunk_timeout=llm.timeout_s + 1,  # for a server that keeps a silent stream alive
    )
