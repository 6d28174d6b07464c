"""Query latency by stage at idle, start-up and resident memory.

    python bench/query_latency.py INDEX_DIR QUESTIONS.jsonl [COUNT]

Asks COUNT (50) answerable questions of the file in extractive mode, after five to warm up; prints
p50 and p95 in milliseconds. Start-up is timed in fresh processes.
"""

import json
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from app.core.settings import load_settings
from app.core.types import Answer, Timings
from app.engine import open_engine

WARM_UP = 5


def ask_all(index_dir: str, questions: list[str]) -> list[Answer]:
    engine = open_engine(load_settings(None, index_dir=index_dir, llm="extractive"))
    return [engine.ask(question) for question in questions][WARM_UP:]


def start_up_of_ask(index_dir: str) -> tuple[float, float]:
    """Seconds of a whole `footnote ask`, and of it the seconds before the question is looked at."""
    command = [
        sys.executable,
        "-m",
        "app",
        "ask",
        "Where is it?",
        "--json",
        "--llm",
        "extractive",
        "--index-dir",
        index_dir,
    ]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    total_s = time.perf_counter() - started
    return total_s, total_s - json.loads(done.stdout)["timings_ms"]["total"] / 1000


def start_up_of_serve(index_dir: str) -> tuple[float, float]:
    """Seconds from start to ready, and resident megabytes after a question."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "app",
        "serve",
        "--port",
        str(port),
        "--llm",
        "extractive",
        "--index-dir",
        index_dir,
    ]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as service:
        while True:
            try:
                urllib.request.urlopen(f"{url}/health/ready").read()
                break
            except urllib.error.URLError:
                time.sleep(0.02)
        ready_s = time.perf_counter() - started
        request = urllib.request.Request(
            f"{url}/query", json.dumps({"question": "Where is it?"}).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request).read()
        status = Path(f"/proc/{service.pid}/status").read_text()
        service.terminate()
    return ready_s, int(status.split("VmRSS:")[1].split()[0]) / 1000


def main() -> None:
    index_dir, questions_file = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    rows = [json.loads(line) for line in Path(questions_file).read_text("utf-8").splitlines()]
    questions = [row["question"] for row in rows if row.get("answerable", True)][: count + WARM_UP]
    answers = ask_all(index_dir, questions)
    print(f"{len(answers)} questions, {sum(answer.refused for answer in answers)} refused")
    for stage in Timings.__dataclass_fields__:
        times = sorted(getattr(answer.timings, stage) for answer in answers)
        print(f"  {stage:8} p50 {statistics.median(times):7.1f} ms   p95 {times[int(len(times) * 0.95)]:7.1f} ms")
    print(f"  peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")
    ask = [start_up_of_ask(index_dir) for _ in range(5)]
    print(
        f"  ask: {min(ask)[0]:.2f} s in all, {min(start for _, start in ask):.2f} s of it start-up and exit (best of 5)"
    )
    serve = [start_up_of_serve(index_dir) for _ in range(3)]
    print(f"  serve: ready after {min(serve)[0]:.2f} s (best of 3), {serve[0][1]:.0f} MB resident after a question")


if __name__ == "__main__":
    main()
