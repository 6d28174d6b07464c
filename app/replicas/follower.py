"""What `footnote serve --follow` runs beside itself: looks at the source again and again, until it is ended.

python -m footnote.app.service.child footnote.app.replicas.follower
"""

import random
import sys
import time

from footnote.app.core.console import err, plain, show
from footnote.app.core.errors import FootnoteError, ObjectMissingError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.models.embedder import embedder_fingerprint
from footnote.app.objects.open import open_objects
from footnote.app.replicas.follow import Replica

_LONGEST_WAIT_S = 60.0  # between two looks at a source that cannot be read
_JITTER = 0.2  # replicas that were started together must not look together


def follow_on(settings: Settings) -> None:
    """Follow the source of the settings for ever; what goes wrong is said once, and tried again.

    Raises:
        SettingsError: the source is no address, or what it needs is not installed.
        ReplicaError: the index folder holds an index of its own.
    """
    source = settings.replica.follow
    assert source
    objects = open_objects(source, settings.folders.index_dir)
    replica = Replica(settings.folders.index_dir, objects, embedder_fingerprint(settings.models))
    told, wait_s = "", settings.replica.every_s
    while True:
        try:
            report = replica.follow(lambda *_: None)
            if report.taken or told:
                fetched = f"{report.fetched.size_bytes / 1e6:.1f} MB fetched in {report.total_s:.1f} s"
                show(f"generation {report.generation} of {source} is live: {fetched}")
            told, wait_s = "", settings.replica.every_s
        except FootnoteError as error:
            if str(error) != told:
                told = str(error)
                err.print(plain(told), markup=False, soft_wrap=True)
            # A part that is gone belongs to a generation that is: the next look finds a newer one.
            slower = not isinstance(error, ObjectMissingError)
            wait_s = min(wait_s * 2, max(_LONGEST_WAIT_S, settings.replica.every_s)) if slower else wait_s
        time.sleep(wait_s * random.uniform(1 - _JITTER, 1 + _JITTER))


if __name__ == "__main__":
    try:
        follow_on(load_settings())
    except KeyboardInterrupt:
        sys.exit(130)
    except FootnoteError as error:
        sys.exit(str(error))
