"""All settings together, read from flags, environment and `.env`; `setting_groups/` has each with its default.

Built once by an entry point (`load_settings`) and passed down; nothing else reads the environment. A stage gets the
group that it needs. Order of precedence: command-line flag, environment, `.env` in the working folder, default.
"""

import difflib
import io
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from footnote.app.core.errors import SettingsError
from footnote.app.core.profiles import PROFILES
from footnote.app.core.setting_groups import (
    NO_ADAPTER,
    PREFIX,
    AccessSettings,
    AuditSettings,
    CheckSettings,
    EmbeddingServiceSettings,
    FineTuningSettings,
    FolderSettings,
    GateSettings,
    GitSettings,
    Group,
    IngestSettings,
    JudgeSettings,
    KeptAnswerSettings,
    LinkSettings,
    LLMSettings,
    LogSettings,
    MetricsSettings,
    ModelSettings,
    ProjectSettings,
    QueryRewriteSettings,
    QuestionSettings,
    ReplicaSettings,
    SearchSettings,
    SecondOpinionSettings,
    ServiceSettings,
    SharingSettings,
    SplitSettings,
    StoreSettings,
    TraceSettings,
    UsageSettings,
)

_LINE_END = re.compile(r"\r\n|\n|\r")


class Settings(BaseModel):
    """All settings, by group."""

    model_config = ConfigDict(frozen=True)

    project: ProjectSettings
    folders: FolderSettings
    git: GitSettings
    store: StoreSettings
    ingest: IngestSettings
    models: ModelSettings
    embedding_service: EmbeddingServiceSettings
    search: SearchSettings
    gate: GateSettings
    query_rewrite: QueryRewriteSettings
    llm: LLMSettings
    split: SplitSettings
    check: CheckSettings
    second_opinion: SecondOpinionSettings
    judge: JudgeSettings
    fine_tuning: FineTuningSettings
    links: LinkSettings
    questions: QuestionSettings
    kept_answers: KeptAnswerSettings
    sharing: SharingSettings
    replica: ReplicaSettings
    service: ServiceSettings
    access: AccessSettings
    audit: AuditSettings
    logs: LogSettings
    metrics: MetricsSettings
    tracing: TraceSettings
    usage: UsageSettings

    def changed(self, **values: object) -> "Settings":
        """The settings with other values, named as for `load_settings`; they are taken as they are.

        Raises:
            KeyError: there is no such setting.
        """
        groups: dict[str, dict[str, object]] = {}
        for name, value in values.items():
            setting = SETTINGS[name]
            groups.setdefault(setting.group, {})[setting.field] = value
        return self.model_copy(
            update={group: getattr(self, group).model_copy(update=given) for group, given in groups.items()}
        )

    def by_name(self) -> dict[str, Any]:
        """Every value by the name of its variable, as JSON has it: `top_k` of FOOTNOTE_TOP_K; keys are masked."""
        dumped = self.model_dump(mode="json")
        return {name: dumped[setting.group][setting.field] for name, setting in SETTINGS.items()}

    def is_given(self, name: str) -> bool:
        """Whether a flag, the environment or `.env` has set it."""
        setting = SETTINGS[name]
        return setting.field in getattr(self, setting.group).model_fields_set


class Setting(NamedTuple):
    """Where a setting lies in `Settings`, and its environment variable."""

    group: str
    field: str
    variable: str
    info: FieldInfo

    @property
    def name(self) -> str:
        """`top_k` of FOOTNOTE_TOP_K; OpenAI's own names whole."""
        return self.variable.removeprefix(PREFIX).lower()


def _all_settings() -> dict[str, Setting]:
    found = [
        Setting(name, field, _variable(group, field), info)
        for name, group in _groups().items()
        for field, info in group.model_fields.items()
    ]
    return {setting.name: setting for setting in found}


def _groups() -> dict[str, type[Group]]:
    groups: dict[str, Any] = {name: info.annotation for name, info in Settings.model_fields.items()}
    return groups


def _variable(group: type[Group], field: str) -> str:
    alias = group.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{group.model_config.get('env_prefix')}{field}".upper()


# By name, in the order of the groups.
SETTINGS = _all_settings()


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables from which a child process makes the same settings, keys included.

    Only what was given, not the defaults: what is given nowhere may have another meaning (`docs_dir`).
    """
    given = {}
    for setting in SETTINGS.values():
        group: Group = getattr(settings, setting.group)
        value = getattr(group, setting.field)
        if setting.field in group.model_fields_set and value is not None:
            given[setting.variable] = _as_text(value)
    return given


def with_profile(settings: Settings) -> Settings:
    """The settings with what their profile of models changes; of a model that is given, nothing that belongs to it."""
    values: dict[str, object] = {}
    for model, belonging in PROFILES[settings.models.profile].items():
        if not settings.is_given(model):
            values |= {name: value for name, value in belonging.items() if not settings.is_given(name)}
    return settings.changed(**values)


def load_settings(env_file: Path | None = Path(".env"), **flags: object) -> Settings:
    """Settings from flags, environment and `.env`; a flag that is None was not given.

    A flag is named as its variable: `top_k` for FOOTNOTE_TOP_K.

    Raises:
        SettingsError: a value is malformed, or a `FOOTNOTE_` name is not a setting.
        KeyError: a flag is not a setting.
    """
    _refuse_unknown_names(env_file)
    given: dict[str, dict[str, object]] = {name: {} for name in _groups()}
    for name, value in flags.items():
        if value is not None:
            given[SETTINGS[name].group][SETTINGS[name].field] = value
    if flags.get("llm") is not None:  # an adapter belongs to the file that is named beside it
        given["llm"].setdefault("adapter", NO_ADAPTER)
    read: dict[str, Any] = {}
    problems: list[str] = []
    for name, group in _groups().items():
        try:
            read[name] = group(_env_file=env_file, **given[name])  # type: ignore[arg-type]
        except ValidationError as error:
            problems += _readable(group, error)
    if problems:
        raise SettingsError("; ".join(problems))
    return with_profile(Settings(**read))


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(value) or ","  # an empty variable counts as not set
    return str(value)


def _refuse_unknown_names(env_file: Path | None) -> None:
    known = {setting.variable for setting in SETTINGS.values()}
    names = list(os.environ)
    if env_file is not None and env_file.is_file():
        names += _names_in(env_file)
    for name in names:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            # Without the prefix, which makes everything alike.
            bare = {one.removeprefix(PREFIX) for one in known if one.startswith(PREFIX)}
            close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), sorted(bare), n=1)
            hint = f"did you mean {PREFIX}{close[0]}?" if close else "docs/configuration.md lists them all."
            raise SettingsError(f"unknown setting {name}: {hint}")


def _names_in(env_file: Path) -> list[str]:
    """The names that the file sets; what reads it afterwards skips lines that set none.

    Raises:
        SettingsError: it cannot be read, or a line that is about a setting sets none.
    """
    from dotenv.parser import parse_stream

    try:
        text = env_file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"cannot read {env_file}, which is not in UTF-8 ({error}): save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(f"cannot read {env_file}: {error}") from error
    names = []
    for binding in parse_stream(io.StringIO(text, newline="")):
        written = binding.original.string
        is_setting = binding.value is not None and re.fullmatch(r"\w+", binding.key or "", re.ASCII)
        if is_setting or not (binding.error or binding.key):
            names += [binding.key] if binding.key else []
        elif PREFIX.rstrip("_") in written.upper():
            before = written[: len(written) - len(written.lstrip())]  # blank lines, which belong to what follows
            raise SettingsError(
                f"{env_file}, line {binding.original.line + len(_LINE_END.findall(before))} sets nothing: write "
                "NAME=value, the name in letters, digits and `_`, such as FOOTNOTE_TOP_K=5"
            )
    return names


def _readable(group: type[Group], error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        where = (name if name.isupper() else _variable(group, name)) + ": " if name else ""
        lines.append(where + _worded(problem) + _nearest(problem))
    return lines


def _worded(problem: ErrorDetails) -> str:
    """What is wrong with a value; a number is no secret, so what stands in its place is shown."""
    given = problem["input"]
    if problem["type"] in ("int_parsing", "float_parsing", "bool_parsing"):
        return f"{problem['msg'].partition(', ')[0]}, not {str(given)!r}"
    if isinstance(given, str) and given.strip().casefold() in ("nan", "+nan", "-nan"):
        return "Input should be a number, not nan"
    return problem["msg"].removeprefix("Value error, ")


def _nearest(problem: ErrorDetails) -> str:
    """For a value that is none of those allowed, the one that is spelled most like it."""
    if problem["type"] != "literal_error":
        return ""
    allowed = [one.strip("'") for one in re.split(r", | or ", problem["ctx"]["expected"])]
    close = difflib.get_close_matches(str(problem["input"]).casefold(), allowed, n=1)
    return f", not {str(problem['input'])!r}: did you mean {close[0]}?" if close else ""
