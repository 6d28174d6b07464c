"""What the page shows to be let in: `POST /session`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class SessionIn(BaseModel):
    """A key, or a token of the issuer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    # What a header and a cookie can hold; a cookie ends at 4 kB.
    key: Annotated[str, Field(pattern=r"^[!#-+\--:<-\[\]-~]{1,3900}$")]
