"""An issuer on loopback, its keys, and a verifier whose clock a test sets."""

from collections.abc import Callable, Iterator

import pytest

from footnote.app.access.oidc.verifier import Verifier
from tests.clock import Clock
from tests.issuer import Issuer, Pair, ec_pair, rsa_pair, running_issuer


@pytest.fixture(scope="session")
def rsa_key() -> Pair:
    return rsa_pair("rsa-1")


@pytest.fixture(scope="session")
def other_rsa_key() -> Pair:
    return rsa_pair("rsa-2")


@pytest.fixture(scope="session")
def ec_key() -> Pair:
    return ec_pair("ec-1")


@pytest.fixture
def issuer(rsa_key: Pair, ec_key: Pair) -> Iterator[Issuer]:
    with running_issuer() as running:
        running.published = [rsa_key.jwk, ec_key.jwk]
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(issuer: Issuer, clock: Clock) -> Callable[..., Verifier]:
    """A verifier of the issuer, with other settings."""
    return lambda **values: Verifier(issuer.settings(**values), clock)


@pytest.fixture
def verifier(make: Callable[..., Verifier]) -> Verifier:
    return make()
