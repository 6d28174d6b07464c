"""results: what the tools give, in the form of the protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, ContentBlock, TextContent
from pydantic import BaseModel, Field

from footnote.app.core.errors import FootnoteError
from footnote.app.mcp.pages import page_uri
from footnote.app.reading.addresses import view_address
from footnote.app.reading.lines import Cited
from footnote.app.schemas.answers import FiltersIn

OneCollection = Annotated[
    str | None, Field(max_length=100, description="The collection; needed only where there are several.")
]
SomeCollections = Annotated[
    str | list[str] | None,
    Field(description="The collection to search, or several; without it all. Citations name theirs."),
]
Filters = Annotated[FiltersIn | None, Field(description="Which pages are searched; all without it.")]


@contextmanager
def told() -> Iterator[None]:
    """Within the block our own errors become what the client is told; the message names the fix."""
    try:
        yield
    except FootnoteError as error:
        raise ToolError(str(error)) from error


def result(out: BaseModel, *more: ContentBlock) -> CallToolResult:
    """The shape as structured content, and as the JSON that clients without that read."""
    text = TextContent(type="text", text=out.model_dump_json())
    return CallToolResult(content=[text, *more], structured_content=out.model_dump(mode="json"))


def base_url(context: Context[Any, Any]) -> str | None:
    """The address of the service as the client reached it; None on stdio."""
    request = context.request_context.request
    return str(request.base_url).rstrip("/") if request else None


def own_url(base: str | None, path: str, cited: Cited | None, collection: str | None) -> str:
    """Where a page is read: the view of the service, or the resource where there is no service."""
    return base + view_address(path, None, cited, collection=collection) if base else page_uri(path, collection)
