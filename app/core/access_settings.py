"""The settings of who may ask; read as those of `setting_groups.py`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from footnote.app.core.setting_groups import Group


class AccessSettings(Group):
    """Who is asking."""

    auth: Literal["auto", "none", "keys", "oidc"] = Field(
        "auto",
        description="Who may ask: everybody (`none`); who has a key of `footnote keys` (`keys`); they, and who has a "
        "token of the issuer in `footnote.toml` (`oidc`). `auto` is `none` on a loopback address, and on another one "
        "the service refuses to start.",
    )
    keys_dir: Path | None = Field(
        None,
        description="The folder that holds the keys of `footnote keys`, so that several services have the same; unset: "
        "the index folder.",
    )
    config: Path | None = Field(
        None,
        description="The file with what a variable cannot hold, such as the issuer whose tokens are accepted; unset: "
        "`footnote.toml` in the working folder, where there is one.",
    )
