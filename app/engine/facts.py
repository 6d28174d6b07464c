"""facts: what spans say of an answer, by the names that OpenTelemetry gives.

They are literals, as its conventions for language models (`gen_ai.*`) are still in development and no package has them
for good.
"""

import json

from footnote.app.core.spans import Span, shows_content
from footnote.app.core.types import Answer, TokenUse


def model_facts(model: str, tokens: TokenUse | None) -> dict[str, str | int]:
    """Of a request to a language model, named as answers name it: `openai:gpt-4o`, or a file."""
    provider, colon, name = model.partition(":")
    facts: dict[str, str | int] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider if colon else "llama_cpp",
        "gen_ai.request.model": name if colon else model,
    }
    if tokens:
        facts |= {"gen_ai.usage.input_tokens": tokens.prompt, "gen_ai.usage.output_tokens": tokens.completion}
    return facts


def tell_answer(asking: Span, answer: Answer) -> None:
    """Note what became of a question; its words and those of the answer only where that is allowed."""
    asking.set("footnote.generation", answer.generation)
    asking.set("footnote.mode", answer.mode)
    asking.set("footnote.outcome", answer.refused_by or "answered")
    asking.set("footnote.citations", len(answer.citations))
    asking.set("footnote.dropped", len(answer.dropped))
    asking.set("footnote.cost_usd", answer.tokens.cost_usd if answer.tokens else None)
    if shows_content():
        asking.set("gen_ai.input.messages", _message("user", answer.question))
        asking.set("gen_ai.output.messages", _message("assistant", answer.text))


def _message(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}], ensure_ascii=False)
