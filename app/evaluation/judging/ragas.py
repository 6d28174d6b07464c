"""RAGAS: faithfulness, answer relevancy and context precision of answers, by a process of its own.

RAGAS needs other versions of packages than Footnote does, so it lives in another environment, whose Python runs
`ragas_worker.py`. The judge is asked, and questions are embedded, on this side: keys stay here.
"""

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnote.app.answering.untrusted import disarmed
from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.progress import OnProgress
from footnote.app.evaluation.judging.judge import Judge
from footnote.app.evaluation.types import Score, Unscored
from footnote.app.models.embedder import Embedder

_WORKER = Path(__file__).with_name("ragas_worker.py")
_INSTALL = (
    "run `make ragas`, or `python3 -m venv .venv-ragas && .venv-ragas/bin/pip install -r requirements-ragas.txt`, "
    "and let FOOTNOTE_RAGAS_PYTHON name its Python"
)
# A judge that is down fails every request: no need to wait for all of them.
_FAILURES_IN_A_ROW = 3
_OURS = ("FOOTNOTE_", "OPENAI_")


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer to score; `contexts` are the passages that it was made from, best first, `reference` may be ""."""

    question: str
    answer: str
    contexts: tuple[str, ...]
    reference: str

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those that apply; passages are judged by the reference, or without one by the answer."""
        return ("faithfulness", "answer_relevancy", "context_precision" if self.reference else "context_utilization")


class Ragas:
    """A running RAGAS; close it, or use it in `with`."""

    def __init__(self, python: Path, judge: Judge) -> None:
        """Start RAGAS, and make sure that the judge replies.

        Raises:
            SettingsError: the environment is missing, or has no RAGAS that works.
            LLMError: the judge failed or cannot be reached.
        """
        self.judge = judge.name
        self._judge = judge
        self._lock = threading.Lock()
        self._failures = 0
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = _start(python, self._stderr)
        try:
            judge.reply("", "Reply with one word: ready")
            self.version = self._ready(python)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Ragas":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            if stream:
                _close(stream)

    def scores(
        self, samples: Sequence[Sample], embedder: Embedder, on_progress: OnProgress
    ) -> list[list[Score | Unscored]]:
        """For each sample its metrics `ragas/...`, [0, 1]; what could not be computed with the reason.

        After three failures of the judge in a row it is asked no more.
        """
        found: list[dict[str, Score | Unscored]] = [{} for _ in samples]
        total = sum(len(sample.metrics) for sample in samples)
        self._tell({"concurrency": self._judge.concurrency, "samples": [_disarmed(sample) for sample in samples]})
        done = 0
        while done < total:
            on_progress("ragas", done, total)
            message = self._hear()
            if message is None:
                break
            if "metric" in message:
                name = f"ragas/{message['metric']}"
                found[message["sample"]][message["metric"]] = (
                    Unscored(name, message["problem"]) if message["value"] is None else Score(name, message["value"])
                )
                done += 1
            else:
                # A daemon, so that Ctrl-C does not wait for the judge.
                threading.Thread(target=self._serve, args=(message, embedder), daemon=True).start()
        on_progress("ragas", total, total)
        ended = f"RAGAS ended: {self._last_words()}" if done < total else ""
        return [
            [scored.get(name) or Unscored(f"ragas/{name}", ended) for name in sample.metrics]
            for sample, scored in zip(samples, found, strict=True)
        ]

    def _serve(self, request: dict[str, Any], embedder: Embedder) -> None:
        answer: dict[str, Any] = {"id": request["id"]}
        try:
            if "prompt" in request:
                answer["value"] = self._reply(request["prompt"])
            else:
                answer["value"] = [embedder.embed_query(question) for question in request["questions"]]
        except Exception as error:  # whatever it is: without an answer RAGAS would wait for ever
            answer["error"] = str(error) or type(error).__name__
        self._tell(answer)

    def _reply(self, prompt: str) -> str:
        if self._failures >= _FAILURES_IN_A_ROW:
            raise LLMError(f"not asked, since the judge had failed {_FAILURES_IN_A_ROW} times in a row")
        try:
            reply = self._judge.reply("", prompt)
        except LLMError:
            self._failures += 1
            raise
        self._failures = 0
        return reply

    def _ready(self, python: Path) -> str:
        message = self._hear()
        if message is None:
            raise SettingsError(f"{python} cannot run RAGAS ({self._last_words()}): {_INSTALL}")
        return str(message["ready"])

    def _tell(self, message: dict[str, Any]) -> None:
        stdin = self._process.stdin
        try:
            with self._lock:
                if stdin:
                    stdin.write(json.dumps(message) + "\n")
                    stdin.flush()
        except (OSError, ValueError):
            return  # it has ended, which `scores` sees

    def _hear(self) -> dict[str, Any] | None:
        """The next message; None when the process has ended."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        message: dict[str, Any] | None = json.loads(line) if line else None
        return message

    def _last_words(self) -> str:
        self._process.wait()
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else f"exit code {self._process.returncode}"


def _start(python: Path, stderr: Any) -> "subprocess.Popen[str]":
    try:
        return subprocess.Popen(
            [str(python), "-I", str(_WORKER)],  # -I: no module beside the worker is found
            env={name: value for name, value in os.environ.items() if not name.upper().startswith(_OURS)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the other
        )
    except OSError as error:
        stderr.close()
        raise SettingsError(
            f"RAGAS runs in an environment of its own, and {python} cannot be run ({error.strerror}): {_INSTALL}"
        ) from error


def _disarmed(sample: Sample) -> dict[str, Any]:
    """The sample as RAGAS puts it into its prompts: nothing in it acts on the judge's server."""
    return {
        "metrics": sample.metrics,
        "question": disarmed(sample.question),
        "answer": disarmed(sample.answer),
        "contexts": [disarmed(context) for context in sample.contexts],
        "reference": disarmed(sample.reference),
    }


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        return  # what was not written any more
