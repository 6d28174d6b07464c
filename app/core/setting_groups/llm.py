"""The settings of language models: that which writes, what is checked of it, and those for other work."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from footnote.app.core.setting_groups.group import Group, Key, ServerURL

NO_ADAPTER = "none"


class LLMSettings(Group):
    """The language model that writes answers."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_LLM_")

    name: str = Field(
        "auto",
        validation_alias="FOOTNOTE_LLM",
        description="`auto`; `extractive`; `provider:model` as in LangChain (`openai:gpt-4o`); "
        "or the path of a .gguf file. `auto` is GPT-4o with a key, and its successor once it is gone; with a base URL "
        "the model of that server; else `extractive`.",
    )
    adapter: str = Field(
        NO_ADAPTER,
        description="A LoRA adapter in GGUF that was trained on the .gguf file of FOOTNOTE_LLM; `none`. A model "
        "that is named by a flag is taken without.",
    )
    fallback: Literal["extractive", "error"] = Field(
        "extractive",
        description="What comes when the language model fails: an answer of quotes that says so (`extractive`), or an "
        "`error`.",
    )
    api_key: Key | None = Field(None, description="The key of the provider that `llm` names.")
    base_url: ServerURL | None = Field(
        None, description="An OpenAI-compatible server, such as http://localhost:8080/v1."
    )
    # OpenAI's own names, so that an environment set up for it works as it is; no other provider gets them.
    openai_api_key: Key | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="OpenAI's key, where FOOTNOTE_LLM_API_KEY is not set."
    )
    openai_base_url: ServerURL | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description="The same for FOOTNOTE_LLM_BASE_URL."
    )
    timeout_s: float = Field(
        60.0,
        gt=0,
        allow_inf_nan=False,
        description="Longest wait for the language model's first or next words, in seconds, each try; "
        "where it is not set, 600 for a .gguf file.",
    )
    max_tokens: int = Field(600, ge=16, description="Longest answer of the language model, in tokens.")
    reasoning_tokens: int = Field(
        4096, ge=0, description="What a model that reasons may spend on it, in tokens, beside its answer."
    )
    reasoning_effort: str = Field(
        "low", pattern="^[a-z]+$", description="How much one of OpenAI's reasons: `none`, `low`, `medium` or `high`."
    )
    prompt: Literal["auto", "full", "compact"] = Field(
        "auto",
        description="`full`, or `compact` with worked examples for small models; "
        "`auto` is compact for a .gguf file and full otherwise.",
    )
    context_tokens: int = Field(4096, ge=512, description="Context of a .gguf model, in tokens.")
    prices: Path | None = Field(
        None, description="A TOML file of what models cost, which goes before the prices that are built in."
    )

    @model_validator(mode="after")
    def _adapter_has_its_base(self) -> "LLMSettings":
        if self.adapter != NO_ADAPTER and not self.name.endswith(".gguf"):
            raise ValueError(
                f"FOOTNOTE_LLM_ADAPTER={self.adapter} needs the .gguf file that it was trained on in FOOTNOTE_LLM, "
                f"which is {self.name}"
            )
        return self

    @property
    def openai_key(self) -> SecretStr | None:
        """The key for OpenAI and compatible servers."""
        return self.api_key or self.openai_api_key

    @property
    def openai_url(self) -> str | None:
        """The base URL for OpenAI and compatible servers; None means OpenAI's own."""
        return self.base_url or self.openai_base_url


class CheckSettings(Group):
    """The check of written answers."""

    unsupported: Literal["drop", "mark", "refuse"] = Field(
        "drop",
        description="What happens to a sentence that the passages contradict, or that is made up: `drop` it, `mark` it "
        "with [unsupported], or `refuse` the whole answer.",
    )
    unverified: Literal["mark", "keep", "drop"] = Field(
        "mark",
        description="What happens to a sentence that the passages neither prove nor contradict: `mark` it with [?], "
        "`keep` it as it is, or `drop` it.",
    )
    entailment: str = Field(
        "none",
        description="A model that decides about sentences in which the rules find nothing wrong: `none`, or "
        "`st:<folder or Hugging Face id>` for an NLI model of sentence-transformers.",
    )


class OtherLLMSettings(Group):
    """Another language model, beside the one that writes answers."""

    llm: str | None = Field(
        None, description="The language model, written as for FOOTNOTE_LLM; unset means the one that writes answers."
    )
    api_key: Key | None = Field(None, description="The key of its provider.")
    base_url: ServerURL | None = Field(None, description="Its OpenAI-compatible server.")


class SplitSettings(OtherLLMSettings):
    """A second language model that writes the answers to a share of the questions, to be compared with the first."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_LLM_B_")

    share: float = Field(
        0.0,
        validation_alias="FOOTNOTE_LLM_SPLIT",
        ge=0,
        le=1,
        description="The share of questions, 0 to 1, that FOOTNOTE_LLM_B answers in place of FOOTNOTE_LLM.",
    )
    llm: str | None = Field(
        None,
        validation_alias="FOOTNOTE_LLM_B",
        description="The second language model, written as for FOOTNOTE_LLM; what is not set for it is as for that.",
    )
    adapter: str = Field(
        NO_ADAPTER,
        description="A LoRA adapter in GGUF for the .gguf file of FOOTNOTE_LLM_B, or without one of FOOTNOTE_LLM.",
    )

    @model_validator(mode="after")
    def _has_another_model(self) -> "SplitSettings":
        if self.share and not (self.llm or self.base_url or self.adapter != NO_ADAPTER):
            raise ValueError("FOOTNOTE_LLM_SPLIT needs a second language model: name it in FOOTNOTE_LLM_B")
        return self


class OwnLLMSettings(OtherLLMSettings):
    """A language model with settings of its own, beside the one that writes answers."""

    timeout_s: float = Field(60.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    max_tokens: int = Field(1024, ge=16, description="Its longest reply, in tokens.")


class SecondOpinionSettings(OwnLLMSettings):
    """The language model that is asked about the sentences of a written answer."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_CHECK_")

    mode: Literal["rules", "model", "both"] = Field(
        "rules",
        validation_alias="FOOTNOTE_CHECK",
        description="What decides about a sentence in which the rules find nothing false: the `rules`; a language "
        "`model`; or `both`, which must agree that it is supported.",
    )
    max_tokens: int = Field(2048, ge=16, description="Its longest reply, in tokens.")


RewriteMode = Literal["off", "rewrite", "multi", "hyde"]


class QueryRewriteSettings(OwnLLMSettings):
    """The language model that is asked what to search for beside a question."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_QUERY_REWRITE_")

    mode: RewriteMode = Field(
        "off",
        validation_alias="FOOTNOTE_QUERY_REWRITE",
        description="What a language model writes to be searched beside the question: nothing (`off`); a better query "
        "(`rewrite`); up to three queries (`multi`); or a passage that could answer it (`hyde`).",
    )
    timeout_s: float = Field(20.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    max_tokens: int = Field(200, ge=16, description="Its longest reply, in tokens.")


class JudgeSettings(OwnLLMSettings):
    """The language model that judges answers in `footnote eval`."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_JUDGE_")

    timeout_s: float = Field(120.0, gt=0, allow_inf_nan=False, description="Longest wait for it, in seconds, each try.")
    concurrency: int = Field(4, ge=1, le=64, description="Requests of RAGAS to the judge at the same time.")
    ragas_python: Path = Field(
        Path(".venv-ragas/bin/python"),
        validation_alias="FOOTNOTE_RAGAS_PYTHON",
        description="The Python of the environment that has RAGAS (`make ragas`).",
    )


class FineTuningSettings(Group):
    """The provider that tunes a language model."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_FINE_TUNING_")

    base_url: ServerURL | None = Field(
        None, description="A service with OpenAI's fine-tuning API; unset means OPENAI_BASE_URL, or OpenAI."
    )
    api_key: Key | None = Field(
        None, description="Its key; unset means OPENAI_API_KEY, unless the base URL is one of its own."
    )
    timeout_s: float = Field(
        60.0, gt=0, allow_inf_nan=False, description="Longest wait for its next words, in seconds, each try."
    )
