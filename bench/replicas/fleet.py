"""One writer, three replicas, a real S3 server, nginx and load through 20 generations.

    python bench/replicas/fleet.py [--generations 20] [--every-s 6] [--clients 4]

Every generation changes each page. The second replica is killed (SIGKILL) after a third of them and started again after
two thirds, with the folder it had; the third one is parted from the source for the middle third. Every client asks
`POST /query` through nginx, one question after the other, never the same twice, and checks each answer: status 200, all
citations of one generation and with its words, every quote with its hash. Lag is from the end of a publication to the
first answer of `/health/ready` that names it. Needs the extra `s3`, `.venv-servers` and nginx (`make test-scale`).
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from footnote.app.core.settings import load_settings
from footnote.app.models.embedder import make_embedder
from footnote.app.objects.open import open_objects
from tests.replicas.fleet import Clients, Lags, Writer
from tests.servers import Passage, make_bucket, moto_server, running_nginx, s3_environment
from tests.serving import Running, Serve, services

FOLLOW_EVERY_S = 1.0
SOURCE = "s3://footnote/fleet"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--generations", type=int, default=20)
    parser.add_argument("--every-s", type=float, default=6.0)
    parser.add_argument("--clients", type=int, default=4)
    arguments = parser.parse_args()
    os.environ["FOOTNOTE_SMALL_SECTION_CHARS"] = "0"
    with tempfile.TemporaryDirectory() as name, moto_server() as source, closing(Passage(source)) as passage:
        root = Path(name)
        make_bucket(source, "footnote")
        os.environ.update(s3_environment(source))
        settings = load_settings(env_file=None)
        writer = Writer(root, open_objects(SOURCE), make_embedder(settings.models, settings.llm))
        writer.release()
        made = iter(range(100))

        def new_folder() -> Path:
            folder = root / f"log-{next(made)}"
            folder.mkdir()
            return folder

        with services(new_folder) as serve:
            run(arguments, writer, serve, source, passage, root)


def replica(serve: Serve, root: Path, name: str, source: str, port: int = 0) -> Running:
    """A replica in a folder of its own, on the port it had before where one is given."""
    os.environ.update(s3_environment(source))
    options = ["--follow", SOURCE, *(["--port", str(port)] if port else [])]
    return serve(*options, index_dir=root / name, follow_every_s=FOLLOW_EVERY_S, query_workers=1, query_queue=16)


def run(arguments: argparse.Namespace, writer: Writer, serve: Serve, source: str, passage: Passage, root: Path) -> None:
    replicas = [replica(serve, root, name, at) for name, at in (("a", source), ("b", source), ("c", passage.address))]
    for one in replicas:
        one.serves(1)
    third = arguments.generations // 3
    with running_nginx(root / "nginx", [one.port for one in replicas]) as port:
        clients, lags = Clients(port), Lags(writer, replicas)
        clients.start(arguments.clients)
        lags.start()
        started, mended_at = time.time(), 0.0
        for number in range(2, arguments.generations + 1):
            if number == third:
                passage.cut()
                replicas[1].stop(signal.SIGKILL)
            if number == 2 * third:
                passage.mend()
                mended_at = time.time()
                replicas[1] = replica(serve, root, "b", source, replicas[1].port)
            writer.release()
            time.sleep(max(0.0, started + (number - 1) * arguments.every_s - time.time()))
        for one in replicas:
            one.serves(arguments.generations)
        clients.stop()
        lags.stop()
        over_s = time.time() - started
        retried = sum(", " in line.split(" asked=")[1] for line in (root / "nginx/access.log").read_text().splitlines())
    report(arguments, writer, clients, lags, over_s, retried, mended_at)


def report(
    arguments: argparse.Namespace,
    writer: Writer,
    clients: Clients,
    lags: Lags,
    over_s: float,
    retried: int,
    mended_at: float,
) -> None:
    count = sum(clients.answers.values())
    p50, p99 = clients.percentiles_ms()
    print(f"{arguments.generations} generations in {over_s:.0f} s, {arguments.clients} clients")
    print(f"{count} answers, {count / over_s:.1f}/s, p50 {p50:.0f} ms, p99 {p99:.0f} ms; {len(clients.errors)} errors")
    print(
        f"{retried} answered by another replica than the first one asked; {len(clients.answers)} generations were seen"
    )
    for error in clients.errors[:5]:
        print("   ", error)
    for name, seconds in zip(("steady", "killed", "parted"), lags.seconds, strict=True):
        # Not of the first generation, which was there before the replicas; nor of what was missed meanwhile.
        usual = [at for number, at in seconds.items() if number > 1 and not (at > 5 and name != "steady")]
        print(
            f"{name}: took up {len(seconds)} of {arguments.generations} generations; lag median "
            f"{statistics.median(usual):.2f} s, longest {max(usual):.2f} s"
        )
        after = [writer.published_at[number] + at - mended_at for number, at in seconds.items()]
        print(f"    first new one {min(at for at in after if at > 0):.1f} s after the network or the process was back")
    sent = [one.sent_bytes / 1e6 for one in writer.reports]
    size = writer.reports[-1].size_bytes / 1e6
    print(f"a generation has {size:.2f} MB, of which {statistics.median(sent[1:]):.2f} MB were sent")


if __name__ == "__main__":
    main()
