"""From a writer to a replica through each kind of store."""

import pytest

from footnote.app.objects.open import open_objects
from footnote.app.replicas.follow import Replica
from footnote.app.replicas.publish import publish
from tests.replicas.conftest import World, silent

pytestmark = pytest.mark.scale


@pytest.mark.parametrize("kind", ["s3", "rsync"])
def test_a_change_moves_what_changed_and_a_purge_removes_the_rest(
    request: pytest.FixtureRequest, published: World, kind: str
) -> None:
    bucket = request.getfixturevalue("s3_bucket" if kind == "s3" else "rsync_server")
    address = f"s3://{bucket}/stores" if kind == "s3" else f"{bucket}/stores"

    def follow() -> int:
        store = open_objects(address, published.root / "replica")
        return Replica(published.root / "replica", store, published.embedder.fingerprint).follow(silent).fetched.parts

    def publish_there() -> int:
        return publish(published.writer_dir, open_objects(address, published.writer_dir), silent).sent

    first = publish_there()
    assert 0 < follow() <= first
    assert follow() == 0
    published.write(valve="The valve is red.")
    changed = publish_there()
    assert 0 < changed < first
    assert 0 < follow() <= changed
    published.ingest(purge=True)
    publish_there()
    follow()
    store = open_objects(address, published.root / "replica")
    releases = [found.name for found in store.found("releases")]
    assert len(releases) == 1
    assert published.live() == 3
