"""What `footnote backup --json` and `footnote restore --json` print."""

from pydantic import BaseModel, Field


class ContentsOut(BaseModel):
    """What is in a backup."""

    created_at: str = Field(description="When the backup was made: ISO 8601, in UTC.")
    tool_version: str
    index_format: int
    generation: int = Field(description="The number that it had when the backup was made.")
    files: int
    chunks: int
    collection: str | None = Field(description="The collection that it is of; null where it had no name.")
    docs: str | None = Field(description="The docs that the index was built from; null where an older version made it.")
    members: list[str] = Field(description="The files of the archive; those of the generation begin with its name.")
    unpacked_bytes: int


class BackupOut(ContentsOut):
    """`footnote backup --json`."""

    address: str
    size_bytes: int = Field(description="As it is packed.")
    encrypted: bool
    keys: str | None = Field(description="The file of the keys, which are not in it; null where they are, or are none.")


class RestoreOut(ContentsOut):
    """`footnote restore --json`."""

    address: str
    live: int | None = Field(description="The number under which it is live now; null where it was only checked.")
    set_aside: str | None = Field(description="The folder of the logs that were there before; null where none were.")
    other_docs: str | None = Field(
        description="The docs that the restored index was built from; null where the settings name them."
    )
    needs_ingest: bool = Field(description="The index has an older format: run `footnote ingest`.")
