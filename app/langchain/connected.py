"""connected: where the retriever and the chain ask, as arguments of both."""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, PrivateAttr, SecretStr, ValidationError

from footnote.app.client.clients import TIMEOUT_S
from footnote.app.core.errors import QuestionError, SettingsError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.filters import QueryFilter
from footnote.app.langchain.backend import Backend, in_process, over_http
from footnote.app.schemas.answers import FiltersIn


class Connected(BaseModel):
    """An index in this process, or with `url` a running service.

    Raises:
        SettingsError: a setting, the address or the key is malformed, or both are named.
    """

    url: str | None = Field(None, description="The address of a running service; without it an index is opened here.")
    key: SecretStr | None = Field(None, description="The service's key, where something before it asks for one.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, description="How long the service may say nothing, in seconds.")
    index_dir: Path | None = Field(None, description="The index; without it that of the settings.")
    settings: Settings | None = Field(
        None, repr=False, exclude=True, description="All settings; without them the environment and `.env` have them."
    )
    filters: FiltersIn | None = Field(None, description="Pages to ask, as in `POST /query`: `path`, `tags`, `fields`.")
    _opened: Backend = PrivateAttr()
    _pid: int = PrivateAttr()
    _all_settings: Settings | None = PrivateAttr(None)

    def model_post_init(self, context: Any, /) -> None:
        """Find what answers; nothing is loaded or asked before the first question."""
        super().model_post_init(context)
        if self.url is None:
            if self.settings and self.index_dir:
                raise SettingsError("give `settings` or `index_dir`: the settings name an index too")
            self._all_settings = self.settings or load_settings(index_dir=self.index_dir)
        elif self.settings or self.index_dir:
            raise SettingsError("give `url`, or `index_dir` or `settings`: a service has an index and settings already")
        self._open()

    @property
    def _backend(self) -> Backend:
        """What answers; in a process that was forked another one, as threads and connections stayed behind."""
        if self._pid != os.getpid():
            self._open()
        return self._opened

    def _open(self) -> None:
        self._pid = os.getpid()
        if self._all_settings:
            self._opened = in_process(self._all_settings)
        elif self.url:
            self._opened = over_http(self.url, self.key.get_secret_value() if self.key else None, self.timeout_s)

    def _query_filter(self, given: Any) -> QueryFilter:
        """The filter of one question, in place of that for all.

        Raises:
            QuestionError: it is malformed.
        """
        if given is None:
            filters = self.filters or FiltersIn()
        else:
            try:
                filters = FiltersIn.model_validate(given)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, ("filters", *first["loc"])))
                raise QuestionError(f"{place}: {first['msg']}") from error
        return filters.to_filter()
