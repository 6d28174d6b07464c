"""The settings by group, each with its default and its meaning; they are imported from here.

A field is `FOOTNOTE_<NAME>` in the environment, after its group's prefix; where that would read badly, the field names
its variable itself. `settings.py` reads them.
"""

from footnote.app.core.setting_groups.access import AccessSettings, AuditSettings
from footnote.app.core.setting_groups.git import GitSettings
from footnote.app.core.setting_groups.group import PREFIX, SECRET_CHARS, Group
from footnote.app.core.setting_groups.index import NO_INCLUDES, FolderSettings, IngestSettings, StoreSettings
from footnote.app.core.setting_groups.llm import (
    NO_ADAPTER,
    CheckSettings,
    FineTuningSettings,
    JudgeSettings,
    LLMSettings,
    OtherLLMSettings,
    OwnLLMSettings,
    QueryRewriteSettings,
    RewriteMode,
    SecondOpinionSettings,
    SplitSettings,
)
from footnote.app.core.setting_groups.project import ProjectSettings
from footnote.app.core.setting_groups.search import (
    EmbeddingServiceSettings,
    GateSettings,
    ModelSettings,
    SearchSettings,
)
from footnote.app.core.setting_groups.service import (
    KeptAnswerSettings,
    LinkSettings,
    QuestionSettings,
    ReplicaSettings,
    ServiceSettings,
    SharingSettings,
)
from footnote.app.core.setting_groups.watching import LogSettings, MetricsSettings, TraceSettings, UsageSettings

__all__ = [
    "AccessSettings",
    "AuditSettings",
    "CheckSettings",
    "EmbeddingServiceSettings",
    "FineTuningSettings",
    "FolderSettings",
    "GateSettings",
    "GitSettings",
    "Group",
    "IngestSettings",
    "JudgeSettings",
    "KeptAnswerSettings",
    "LLMSettings",
    "LinkSettings",
    "LogSettings",
    "MetricsSettings",
    "ModelSettings",
    "NO_ADAPTER",
    "NO_INCLUDES",
    "OtherLLMSettings",
    "OwnLLMSettings",
    "PREFIX",
    "ProjectSettings",
    "QueryRewriteSettings",
    "QuestionSettings",
    "ReplicaSettings",
    "RewriteMode",
    "SECRET_CHARS",
    "SearchSettings",
    "SecondOpinionSettings",
    "ServiceSettings",
    "SharingSettings",
    "SplitSettings",
    "StoreSettings",
    "TraceSettings",
    "UsageSettings",
]
