"""A GGUF model as an OpenAI-compatible HTTP server, by llama.cpp.

    python -m footnote.app.models.llm.llama_server model.gguf

For a Footnote that reaches its model over the network: `FOOTNOTE_LLM_BASE_URL=http://<host>:<port>/v1`.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.errors import FootnoteError, LLMError, SettingsError
from footnote.app.models.llm.adapter import check_adapter, served_name
from footnote.app.models.llm.gguf_file import read_gguf
from footnote.app.models.onnx_model import core_count

if TYPE_CHECKING:
    import xllamacpp


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 after SIGTERM or SIGINT, 2 wrong usage or file, 4 the model cannot be served."""
    prog = "python -m footnote.app.models.llm.llama_server"
    parser = argparse.ArgumentParser(prog=prog, description="Serve a GGUF model.")
    parser.add_argument("model", type=Path, metavar="MODEL.gguf")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on, 0 for a free one (%(default)s)")
    parser.add_argument("--context-tokens", type=int, default=4096, help="context, in tokens (%(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="threads; 0 means one per core (%(default)s)")
    parser.add_argument("--adapter", type=Path, metavar="FILE", help="a LoRA adapter in GGUF of this very model")
    given = parser.parse_args(arguments)
    if not 0 <= given.port <= 65535:  # llama.cpp would take it modulo 65536
        parser.error("--port must be from 0 to 65535")
    try:
        serve(given.model, given.host, given.port, given.context_tokens, given.threads, given.adapter)
    except FootnoteError as error:
        said = str(error).replace("FOOTNOTE_LLM_ADAPTER", "--adapter") if given.adapter else str(error)
        sys.stderr.write(f"error: {said}\n")
        return error.exit_code
    return 0


def start_server(
    gguf: Path, host: str, port: int, context_tokens: int, threads: int, adapter: Path | None = None
) -> "xllamacpp.Server":
    """A llama.cpp server in this process, ready, at `server.listening_address`; it lives as long as the object.

    `port` 0 means a free one, `threads` 0 one per core.

    Raises:
        SettingsError: the file is missing, cut off or not GGUF, the adapter does not fit it, or the `local-llm` extra
            is not installed.
        LLMError: llama.cpp cannot load the file or listen on the address.
    """
    read_gguf(gguf)
    if adapter is not None:
        check_adapter(adapter, gguf)
    try:
        import xllamacpp
    except ImportError as error:
        raise SettingsError(
            f"a .gguf model needs xllamacpp ({error}): run `pip install -c constraints.txt -e '.[local-llm]'`; "
            "on a slim system it also needs the package libgomp1"
        ) from error

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {served_name(gguf, adapter)}
    if adapter is not None:
        lora = xllamacpp.CommonAdapterLoraInfo()
        lora.path, lora.scale = str(adapter), 1.0
        params.lora_adapters = [lora]
    params.hostnames = [host]
    params.port = port
    params.n_ctx = context_tokens
    params.n_parallel = 1
    params.cpuparams.n_threads = threads or core_count()
    params.verbosity = -1
    params.ui = False
    try:
        return xllamacpp.Server(params)
    except Exception as error:  # the binding raises bare RuntimeError and worse
        files = f"{gguf} with {adapter}" if adapter else str(gguf)
        raise LLMError(f"llama.cpp cannot load {files} or listen on {host}:{port}: {error}") from error


def serve(gguf: Path, host: str, port: int, context_tokens: int, threads: int, adapter: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT; prints the base URL once requests are answered.

    Raises:
        SettingsError, LLMError: see `start_server`.
    """
    # Loading holds the interpreter: a Python handler would wait for its end, the system's default does not.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    server = start_server(gguf, host, port, context_tokens, threads, adapter)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    sys.stdout.write(f"listening on {server.listening_address}/v1\n")
    sys.stdout.flush()
    stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
