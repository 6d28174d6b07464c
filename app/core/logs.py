"""logs: how log lines look: as text, or each as a JSON object; both name their request and their collections.

No line holds a question, an answer or a key: what is logged of a request is its route, never its path or query.
"""

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from footnote.app.core.request_context import current_request, named_collections
from footnote.app.core.setting_groups import LogSettings


class TextFormatter(logging.Formatter):
    """`LEVEL:     logger: message`, and the id of the request behind it; of a collection that has a name with that."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s:     %(name)s: ")

    def formatMessage(self, record: logging.LogRecord) -> str:
        request, collections = current_request(), ", ".join(named_collections())
        before = super().formatMessage(record)
        if request:
            return f"{before}{record.message} [{request.id}{f' in {collections}' if collections else ''}]"
        return f"{before}{f'collection {collections}: ' if collections else ''}{record.message}"


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, fields of its own.

    Where they are known also request_id, generation, and collections as far as they have names.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = current_request()
        if request:
            line["request_id"] = request.id
            if request.generation is not None:
                line["generation"] = request.generation
        collections = named_collections()
        if collections:
            line["collections"] = list(collections)
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_config(logs: LogSettings) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes: ours from the level on that is set, all others' warnings.

    Only ours: an HTTP client's INFO lines would hold the base URL of the language model, login and all.
    """
    formatter = JsonFormatter if logs.format == "json" else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"named": {"()": formatter}},
        "handlers": {
            "named": {"class": "logging.StreamHandler", "formatter": "named", "stream": "ext://sys.stderr"},
        },
        "loggers": {"footnote": {"level": logs.level.upper()}},
        "root": {"level": "WARNING", "handlers": ["named"]},
    }


def set_up_logs(logs: LogSettings) -> None:
    """Log to standard error as the settings say."""
    logging.config.dictConfig(log_config(logs))
