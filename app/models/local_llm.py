"""A GGUF model served inside this process by llama.cpp, behind ChatOpenAI."""

from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llama_server import start_server

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def make_local_chat_model(gguf: Path, llm: LLMSettings, threads: int = 0) -> "BaseChatModel":
    """A chat model over a llama.cpp server on a free loopback port, alive as long as the model object.

    Raises:
        SettingsError, LLMError: see `start_server`.
    """
    server = start_server(gguf, "127.0.0.1", 0, llm.context_tokens, threads)
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    class LocalChatModel(ChatOpenAI):
        """Keeps the server alive."""

        llama_server: object = server

    return LocalChatModel(
        model=gguf.stem,
        api_key=SecretStr("none"),
        base_url=f"{server.listening_address}/v1",
        temperature=0,
        timeout=llm.timeout_s,
        max_retries=0,
        max_tokens=llm.max_tokens,
    )
