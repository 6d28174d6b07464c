"""changes: what footnote.toml says whenever it has changed."""

from footnote.app.core.collections import Collections, collections_in
from footnote.app.core.errors import SettingsError
from footnote.app.core.project_file import PROJECT_FILE
from footnote.app.core.settings import Settings

_Stamp = tuple[int, int, int] | None


class FileChanges:
    """Looks at the file of the settings; a look costs a stat, and one at a changed file reads it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stamp = self._stamped()
        self._has_names = False

    @property
    def can_come(self) -> bool:
        """Whether there is a file, or may be one."""
        return self._settings.project.collections

    def collections(self) -> Collections:
        """The collections as they are now; raises as `collections_in`."""
        self._stamp = self._stamped()
        found = collections_in(self._settings)
        self._has_names = self._has_names or found.file is not None
        return found

    def new_collections(self) -> Collections | None:
        """The same if the file was changed, came or went since the last look; else None.

        Raises:
            SettingsError: it is wrong or gone, be it for the moment in which it is replaced; said once a change.
        """
        stamp = self._stamped()
        if stamp == self._stamp:
            return None
        file = self._settings.access.config or PROJECT_FILE
        if stamp is None:
            self._stamp = None
            raise SettingsError(f"{file} is gone: put it back, or restart the service for one collection without it")
        found = self.collections()
        if self._has_names and found.file is None:  # as it is while an editor writes it anew
            raise SettingsError(f"{file} names no collection: name some, or restart the service for one without a name")
        return found

    def _stamped(self) -> _Stamp:
        if not self.can_come:
            return None
        try:
            status = (self._settings.access.config or PROJECT_FILE).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
