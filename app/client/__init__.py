"""A service of Footnote as typed Python, from any program, at once or asynchronously.

    question -> calls: Call -> clients: request, tried again -> reading: a shape of app/schemas | events | ServiceError

`calls.py` has an operation of the HTTP API each, and a test holds it against the OpenAPI document. Nothing but httpx
and pydantic is needed.
"""

from footnote.app.client.clients import AsyncFootnoteClient, FootnoteClient
from footnote.app.conversation.turns import Turn

__all__ = ["AsyncFootnoteClient", "FootnoteClient", "Turn"]
