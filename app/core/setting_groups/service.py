"""The settings of the service: links, what is kept of questions and answers, replicas, and how it is asked."""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from footnote.app.core.addresses import web_origin
from footnote.app.core.link_template import LinkTemplate
from footnote.app.core.setting_groups.group import SECRET_CHARS, Group
from footnote.app.core.types import AnchorStyle


class LinkSettings(Group):
    """Links to cited pages."""

    template: str | None = Field(
        None,
        validation_alias="FOOTNOTE_LINK_TEMPLATE",
        description="The URL of a cited passage, with fields such as `{path}` and `{anchor}`; unset means no links.",
    )
    anchor_style: Literal["auto"] | AnchorStyle = Field(
        "auto",
        description="How the site that the links point to makes `{anchor}` of a heading; `auto`: as GitHub where the "
        "template leads there, else as the site that the docs are made for.",
    )

    @field_validator("template")
    @classmethod
    def _fillable(cls, template: str | None) -> str | None:
        if template is not None:
            LinkTemplate(template)
        return template


class QuestionSettings(Group):
    """The unanswered questions that are kept."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_KEEP_QUESTIONS_")

    keep: bool = Field(
        True,
        validation_alias="FOOTNOTE_KEEP_QUESTIONS",
        description="Whether questions that the docs do not answer are kept, for `footnote gaps`.",
    )
    days: int = Field(90, ge=1, description="Days after which a kept question is deleted.")


class KeptAnswerSettings(Group):
    """The answers that are kept whole, for a language model to learn from."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_KEEP_ANSWERS_")

    keep: bool = Field(
        False,
        validation_alias="FOOTNOTE_KEEP_ANSWERS",
        description="Whether every answer that is given is kept, with the passages that it was written from.",
    )
    days: int = Field(90, ge=1, description="Days after which a kept answer is deleted.")


class SharingSettings(Group):
    """The answers that readers save on the service, to share them."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_SAVED_")

    save: bool = Field(
        False,
        validation_alias="FOOTNOTE_SAVED_ANSWERS",
        description="Whether readers can save an answer on the service, for all who have its address.",
    )
    days: int = Field(365, ge=1, description="Days after which a saved answer is deleted.")


class ReplicaSettings(Group):
    """What a service follows that has no docs of its own."""

    follow: str | None = Field(
        None,
        description="Where another machine publishes its index, for a service that takes it up from there: a folder, "
        "`s3://bucket/prefix`, `rsync://host/module/path` or `user@host:path`.",
    )
    every_s: float = Field(
        5.0,
        validation_alias="FOOTNOTE_FOLLOW_EVERY_S",
        gt=0,
        allow_inf_nan=False,
        description="Seconds between two looks at it.",
    )


class ServiceSettings(Group):
    """The HTTP service."""

    host: str = Field("127.0.0.1", description="Address that `footnote serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `footnote serve` listens on.")
    max_question_chars: int = Field(2000, ge=1, description="Longest question, in characters.")
    max_request_kb: int = Field(64, ge=1, description="Largest HTTP request body, in kilobytes (10^3 bytes).")
    query_workers: int = Field(4, ge=1, description="Questions answered at the same time.")
    query_queue: int = Field(16, ge=0, description="Questions that may wait; one more gets 503.")
    answer_cache: int = Field(
        256, ge=0, description="Answers that are kept for when the same is asked again; 0 keeps none."
    )
    answer_cache_mb: float = Field(
        32.0, gt=0, allow_inf_nan=False, description="What the kept answers may take, in megabytes (10^6 bytes)."
    )
    workers: int = Field(1, ge=1, description="Processes of `footnote serve`; each loads the models.")
    watch: bool = Field(False, description="Whether `footnote serve` ingests at every change of the docs folder.")
    admin_key: SecretStr | None = Field(None, description="The key for `POST /ingest`; without it the route is off.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Other sites whose pages may ask, as the widget does, comma-separated; none without it."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names under which the service may be asked, comma-separated; `*.example.com` for all below one. "
        "Unset: on a loopback address the names of the loopback alone, on another address any.",
    )
    suggested_questions: str | None = Field(
        None, description="Questions that the page suggests, separated by `|`; unset: made of the docs' headings."
    )

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(web_origin(origin) for origin in origins)

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not re.fullmatch(r"(?:\*\.)?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", host):
                raise ValueError(
                    f"{host!r} is no name of a host: write it without scheme and port, such as docs.example.com, "
                    "*.example.com or [2001:db8::1]"
                )
        return tuple(host.lower() for host in hosts)

    @field_validator("admin_key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        value = None if key is None else key.get_secret_value()
        if value is not None and not re.fullmatch(f"[!-~]{{{SECRET_CHARS},}}", value):
            raise ValueError(f"must be at least {SECRET_CHARS} visible ASCII characters, with no space")
        return key
