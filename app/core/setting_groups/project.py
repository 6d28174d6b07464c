"""The setting of collections."""

from pydantic import Field

from footnote.app.core.setting_groups.group import Group


class ProjectSettings(Group):
    """The docs folders that the project file names."""

    collections: bool = Field(
        True, description="Whether the collections that the file of FOOTNOTE_CONFIG names are used."
    )
    as_collection: str | None = Field(
        None,
        description="The collection that a process is about, for the commands in its messages; Footnote sets it for "
        "those that it starts.",
    )
