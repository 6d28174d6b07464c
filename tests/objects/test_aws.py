"""What is said where the AWS_ variables lead nowhere, or keys are missing or wrong."""

import pytest

from footnote.app.core.errors import ObjectStoreError, SettingsError
from footnote.app.objects.aws import fix_of, short
from footnote.app.objects.open import open_objects
from tests.servers import answering

REFUSED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidAccessKeyId</Code><Message>The key is not known.'
    "</Message><RequestId>ab</RequestId></Error>"
)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"])
@pytest.mark.parametrize("value", ["nonsense", "", "http://", "http://h:99999", "ftp://h", "http://a b", "h:9000"])
def test_an_endpoint_that_is_none_is_named_before_anything_asks_there(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name} is .* no address of a server"):
        open_objects("s3://bucket/prefix")


def test_no_password_of_an_endpoint_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "ftp://user:secret@host")
    with pytest.raises(SettingsError, match=r"ftp://\*\*\*@host") as caught:
        open_objects("s3://bucket/prefix")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "is_said", "fix"),
    [
        (f"PUT http://h/b: 403 Forbidden: {REFUSED}", "InvalidAccessKeyId: The key is not known.", "check AWS_ACCESS"),
        ("HEAD http://h/b: 403 Forbidden: ", "403 Forbidden", "check AWS_ACCESS_KEY_ID and AWS_SECRET"),
        ("PUT http://169.254.169.254/latest/api/token: no route", "no route", "set AWS_ACCESS_KEY_ID and"),
        ("GET http://h/b: 502 Bad Gateway: <html><body>x</body></html>", "502 Bad Gateway", "check AWS_ENDPOINT_URL"),
    ],
)
def test_a_failure_says_what_the_server_said_and_what_helps(said: str, is_said: str, fix: str) -> None:
    error = OSError(f"{said}\n\nDebug source:\nRetryError")
    assert short(error).endswith(is_said)
    assert "xml" not in short(error)
    assert fix in fix_of(error)


@pytest.mark.scale
@pytest.mark.parametrize(
    ("env", "fix"),
    [
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, "check AWS_ACCESS_KEY_ID"),
        ({}, "no keys were found: set AWS_ACCESS_KEY_ID"),
    ],
)
def test_keys_are_named_where_they_are_missing_or_wrong(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], fix: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with answering(403, REFUSED) as url:
        for name, value in {"AWS_ENDPOINT_URL": url, "AWS_METADATA_ENDPOINT": url, "AWS_REGION": "r", **env}.items():
            monkeypatch.setenv(name, value)
        objects = open_objects("s3://bucket/prefix")
        for call in (lambda: objects.write("a", b"x"), lambda: list(objects.found())):
            with pytest.raises(ObjectStoreError, match=f"InvalidAccessKeyId: The key is not known.*{fix}") as caught:
                call()
            assert "<" not in str(caught.value)
