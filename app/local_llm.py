"""A GGUF model served inside this process by llama.cpp (xllamacpp), behind ChatOpenAI."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import LLMError, SettingsError
from app.core.onnx_model import core_count
from app.core.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_GGUF_MAGIC = b"GGUF"


def make_local_chat_model(gguf: Path, settings: Settings) -> "BaseChatModel":
    """A chat model over a llama.cpp server on a free loopback port, alive as long as the model object.

    Raises:
        SettingsError: the extra is not installed, or the file is missing or not GGUF.
        LLMError: llama.cpp cannot load the file.
    """
    try:
        with gguf.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise SettingsError(f"FOOTNOTE_LLM={gguf} cannot be read: {error.strerror}") from error
    if magic != _GGUF_MAGIC:
        raise SettingsError(f"FOOTNOTE_LLM={gguf} is not a GGUF file")
    try:
        import xllamacpp
    except ImportError as error:
        raise SettingsError(
            f"a .gguf model needs xllamacpp ({error}): run `pip install -c constraints.txt -e '.[local-llm]'`"
        ) from error
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.n_ctx = settings.llm_context_tokens
    params.n_parallel = 1
    params.cpuparams.n_threads = settings.model_threads or core_count()
    params.port = 0
    params.verbosity = -1
    params.ui = False
    try:
        server = xllamacpp.Server(params)
    except Exception as error:  # the binding raises bare RuntimeError and worse
        raise LLMError(f"llama.cpp cannot load {gguf}: {error}") from error

    class LocalChatModel(ChatOpenAI):
        """Keeps the server alive."""

        llama_server: object = server

    return LocalChatModel(
        model=gguf.stem,
        api_key=SecretStr("none"),
        base_url=f"{server.listening_address}/v1",
        temperature=0,
        timeout=settings.llm_timeout_s,
        max_retries=0,
        max_tokens=settings.llm_max_tokens,
    )
