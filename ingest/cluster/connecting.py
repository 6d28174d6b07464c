"""connecting: this process joins a Ray cluster, and leaves it again."""

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from footnote.app.core.errors import ClusterError, SettingsError

log = logging.getLogger(__name__)


class _Log(io.TextIOBase):
    """Where Ray prints what it hears of the cluster's nodes; what matters of it is said by errors and at the end."""

    def write(self, text: str) -> int:
        if text.strip():
            log.info("Ray: %s", text.strip())
        return len(text)


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """The module `ray`, connected within the block.

    Raises:
        SettingsError: the extra is not installed.
        ClusterError: there is no cluster at this address.
    """
    # Read when it is imported; without it a report on the cluster is sent to its makers.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise SettingsError(
            f"--ray needs a package that is not installed ({error}): run `pip install -c constraints.txt -e '.[ray]'`"
        ) from error
    try:
        ray.init(
            address=address,
            namespace="footnote",
            log_to_driver=False,  # workers say nothing that errors do not say
            logging_level=logging.ERROR,
            configure_logging=False,
        )
    except Exception as error:  # it raises many kinds: ConnectionError, RuntimeError, ValueError
        raise ClusterError(
            f"no Ray cluster at {address} ({' '.join(str(error).split())[:300]}): this machine must be one of its "
            "nodes (`ray start --address HOST:PORT`), or begin one with `ray start --head`"
        ) from error
    with redirect_stdout(_Log()):  # until its threads have ended
        try:
            yield ray
        finally:
            ray.shutdown()
