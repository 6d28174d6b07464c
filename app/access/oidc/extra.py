"""extra: what checks signatures, which is installed only where tokens are accepted."""

from footnote.app.core.errors import SettingsError


def require_extra() -> None:
    """See that PyJWT is there, with what it needs for public keys.

    Raises:
        SettingsError: it is not.
    """
    try:
        import cryptography  # noqa: F401
        import jwt  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            f"tokens of an issuer need PyJWT ({error}): run `pip install -c constraints.txt -e '.[oidc]'`"
        ) from error
