"""citations: whether the docs still hold what an answer quoted."""

from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from footnote.app.audit.noting import note_pages
from footnote.app.engine.engine import Engine
from footnote.app.index.docs_folder import docs_folder, read_by
from footnote.app.mcp.cited import saved_citation
from footnote.app.mcp.door import Door
from footnote.app.mcp.shapes import VerifiedOut
from footnote.app.mcp.tools.results import OneCollection, result, told
from footnote.app.verifying.verify import describe, verify


class CitationTools:
    """The tool that verifies."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def verify_citation(
        self,
        path: Annotated[str, Field(description="As cited, as are the others.")],
        start: Annotated[int, Field(ge=0, description="First byte of the quote in the file.")],
        end: Annotated[int, Field(ge=1, description="The byte after the last.")],
        quote: Annotated[str | None, Field(description="The exact quote.")] = None,
        sha256: Annotated[str | None, Field(description="Of the quote; without `quote` it is looked up.")] = None,
        generation: Annotated[int | None, Field(ge=0, description="Where the quote is to be looked up.")] = None,
        collection: OneCollection = None,
    ) -> Annotated[CallToolResult, VerifiedOut]:
        """Check whether the docs, as they are now, still hold what a citation of an earlier answer quotes.

        Give `quote` or `sha256`. What was changed is shown as a diff. Fresh answers of `ask` need no check.
        """
        with told():
            service = await self._door.read(collection)
            note_pages("verify", [path], generation)
            pages = self._door.pages(collection)

            def work(engine: Engine) -> VerifiedOut:
                citation = saved_citation(pages, path, start, end, quote, sha256, generation)
                docs_dir = docs_folder(service.settings, engine.index.manifest)
                rules = read_by(service.settings, engine.index.manifest)
                checked = verify([citation], docs_dir, rules, service.limits, engine.index.files)
                told_of = describe(checked, docs_dir).citations[0]
                return VerifiedOut(**told_of.model_dump(), still_there=told_of.verdict in ("valid", "moved"))

            return result(await service.run(work))
