"""A GGUF model served inside this process by llama.cpp, behind the chat model of a compatible server."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llm.adapter import adapter_of, local_label, served_name
from footnote.app.models.llm.llama_server import start_server

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# A server that is silent for a minute hangs; a CPU reads the passages. On two busy cores an answer of 1.5B took 98 s
# (745 + 45 tokens). A guess, ten times the limit of servers.
_PATIENCE_S = 600.0


class _Serving:
    """A running server, which unlike llama.cpp's own object can be referred to weakly."""

    def __init__(self, gguf: Path, context_tokens: int, threads: int, adapter: Path | None) -> None:
        self._server = start_server(gguf, "127.0.0.1", 0, context_tokens, threads, adapter)
        self.address = str(self._server.listening_address)


# A second opinion of the model that writes the answers must not load its file a second time.
_running: WeakValueDictionary[tuple[Path, int, int, str], _Serving] = WeakValueDictionary()
_starting = threading.Lock()


def make_local_chat_model(gguf: Path, llm: LLMSettings, threads: int = 0) -> "BaseChatModel":
    """A chat model over a llama.cpp server on a free loopback port, alive as long as a model object that uses it.

    Raises:
        SettingsError, LLMError: see `start_server`.
    """
    adapter = adapter_of(llm)
    label = local_label(gguf, adapter)
    wanted = (gguf.absolute(), llm.context_tokens, threads, label)
    with _starting:
        server = _running.get(wanted)
        if server is None:
            server = _running[wanted] = _Serving(gguf, llm.context_tokens, threads, adapter)
    from footnote.app.models.llm.openai_chat import make_openai_chat

    served = {
        "base_url": f"{server.address}/v1",
        "api_key": None,
        "openai_api_key": None,
        "openai_base_url": None,
        "timeout_s": llm.timeout_s if "timeout_s" in llm.model_fields_set else _PATIENCE_S,
    }
    chat_model = make_openai_chat(served_name(gguf, adapter), llm.model_copy(update=served), label)
    chat_model.keeps_alive = server
    return chat_model
