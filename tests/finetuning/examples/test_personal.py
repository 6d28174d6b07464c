"""What looks like personal data, and what only resembles it."""

import pytest

from footnote.app.finetuning.examples.personal import personal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ada.lovelace@acme-relay.io.", "e-mail address"),
        ("Call +49 30 901820 today", "phone number"),
        ("Call (415) 555-2671", "phone number"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN"),
        ("Pay with 4111 1111 1111 1111.", "card number"),
        ("It came from 8.8.4.4.", "IP address"),
        ("or from 2001:4860:4860::8888", "IP address"),
        ("AWS_KEY=AKIAIOSFODNN7EXAMPLE", "key"),
        ("token: ghp_" + "a1B2" * 9, "key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "key"),
    ],
)
def test_is_found(text, kind):
    assert list(personal(text)) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "user@example.com, a@sub.example.org and git@github.com:acme/relay.git",
        "`uvx ruff@0.3.0` and `acme@1.2.3`",
        "127.0.0.1, 10.0.0.7, 0.0.0.0, 192.168.1.1, ::1 and version 1.2.3.4.5",
        "ports 7070-7080, 2026-11-27, 12:30:45 and 1234567890123456",
        "DE00 3704 0044 0532 0130 00 has other check digits",
        "4111 1111 1111 1112 has another check digit, 0000 0000 0000 0000 too",
        "sha256:cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ],
)
def test_is_nobodys(text):
    assert list(personal(text)) == []
