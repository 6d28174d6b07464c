"""The settings of what operators see: logs, metrics, traces, usage."""

from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from footnote.app.core.setting_groups.group import Group


class LogSettings(Group):
    """What the service logs."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_LOG_")

    format: Literal["text", "json"] = Field("text", description="Log lines as `text`, or each as a `json` object.")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")


class MetricsSettings(Group):
    """The metrics of the service."""

    access: Literal["auto", "open", "off"] = Field(
        "auto",
        validation_alias="FOOTNOTE_METRICS",
        description="Who may read `/metrics`: on a loopback address everybody, else who has the admin key (`auto`); "
        "everybody (`open`); nobody (`off`).",
    )


class TraceSettings(Group):
    """Traces by OpenTelemetry."""

    traces: bool = Field(
        False,
        validation_alias="FOOTNOTE_OTEL",
        description="Whether traces are sent, with the `otel` extra; where to is said by OpenTelemetry's own OTEL_*.",
    )
    content: bool = Field(
        False,
        validation_alias="FOOTNOTE_OTEL_CONTENT",
        description="Whether questions, passages and answers are part of the traces.",
    )


class UsageSettings(Group):
    """The figures of usage that are kept."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_KEEP_USAGE_")

    keep: bool = Field(
        True,
        validation_alias="FOOTNOTE_KEEP_USAGE",
        description="Whether sums of each day are kept for `footnote usage`: no questions, and nobody who asked.",
    )
    days: int = Field(400, ge=1, description="Days after which they are deleted.")
