"""families: what a request for a chat completion holds, by the family of its model. Pure functions.

model, server -> family -> shape -> payload; a server that refuses a field says so, and gets a shape without it

| family | which | temperature | limit on tokens | effort | usage of a stream |
|---|---|---|---|---|---|
| reasoning | OpenAI's o1, GPT-5 and later | none | `max_completion_tokens`, with room to reason | `low` | asked for |
| classic | OpenAI's others: GPT-4o, GPT-4.1 | 0 | `max_completion_tokens` | none | asked for |
| thinking | on other servers, one named so that it reasons | 0 | `max_tokens`, with room to reason | none | asked for |
| plain | on other servers, any other | 0 | `max_tokens` | none | asked for |

Sources: OpenAI's API reference and its reasoning guide; the documentation of llama.cpp, vLLM, Ollama and LM Studio,
which know `max_tokens`, and not all of them `max_completion_tokens`.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

Family = Literal["reasoning", "classic", "thinking", "plain"]
Limit = Literal["max_tokens", "max_completion_tokens"]

_OPENAI_REASONS = re.compile(r"(?:ft:)?(?:o\d|gpt-(?:[5-9]|\d\d))(?!.*\bchat\b)", re.I)
# A hint, no proof: one that reasons behind another name may be cut off, which its error says.
_THINKS = re.compile(r"gpt-oss|deepseek-r\d|\bqwq\b|qwen-?3(?!.*instruct)|think|reason|magistral|nemotron", re.I)
_REFUSES = re.compile(
    r"unsupported|deprecated|not support|not permitted|not allowed|unknown|unrecogni[sz]ed|unexpected"
    r"|extra[ _](?:inputs?|fields?|forbidden)|invalid (?:field|parameter)|only the default",
    re.I,
)


@dataclass(frozen=True, slots=True)
class RequestShape:
    """Which fields a request has beside its model and messages.

    Attributes:
        limits: names of the limit on tokens that may be known, of which the first is sent.
        has_room: the limit has room for reasoning, which counts as part of the reply.
    """

    temperature: bool
    limits: tuple[Limit, ...]
    has_room: bool
    effort: bool
    usage: bool = True


_NEWER: tuple[Limit, ...] = ("max_completion_tokens", "max_tokens")
SHAPES: dict[Family, RequestShape] = {
    "reasoning": RequestShape(temperature=False, limits=_NEWER, has_room=True, effort=True),
    "classic": RequestShape(temperature=True, limits=_NEWER, has_room=False, effort=False),
    "thinking": RequestShape(temperature=True, limits=("max_tokens",), has_room=True, effort=False),
    "plain": RequestShape(temperature=True, limits=("max_tokens",), has_room=False, effort=False),
}


def family_of(model: str, is_openai: bool) -> Family:
    """The family of a model, behind OpenAI's own address or that of another server.

    A gateway may serve OpenAI's models, with the maker in front: `openai/gpt-5`.
    """
    bare = model.rpartition("/")[2]
    if _OPENAI_REASONS.match(bare):
        return "reasoning"
    if is_openai:
        return "classic"
    return "thinking" if thinks(bare) else "plain"


def thinks(model: str) -> bool:
    """Whether the name of a model says that it reasons, perhaps in the reply itself."""
    return _THINKS.search(model) is not None


def shaped(
    payload: dict[str, Any], shape: RequestShape, max_tokens: int, room_tokens: int, effort: str
) -> dict[str, Any]:
    """The payload of a chat completion, or of OpenAI's Responses, in this shape."""
    is_responses = "input" in payload
    others = {"temperature", "max_tokens", "max_completion_tokens", "max_output_tokens", "reasoning_effort"}
    kept = {name: value for name, value in payload.items() if name not in others}
    if not shape.usage:
        kept.pop("stream_options", None)
    if shape.temperature and not is_responses:
        kept["temperature"] = 0
    if shape.limits:
        kept["max_output_tokens" if is_responses else shape.limits[0]] = max_tokens + room_tokens * shape.has_room
    if shape.effort:
        kept |= {"reasoning": {"effort": effort}} if is_responses else {"reasoning_effort": effort}
    return kept


def without_refused(shape: RequestShape, said: str) -> RequestShape | None:
    """The shape for a server that refused a field, by what it `said`; None where it refused something else.

    OpenAI: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'
    instead."; vLLM and Mistral: `{"loc": ["body", "stream_options"], "type": "extra_forbidden"}`.
    """
    if not _REFUSES.search(said):
        return None
    named = re.findall(r"max_completion_tokens|max_tokens|temperature|stream_options|reasoning_effort", said)
    for name in named:
        if name == "temperature" and shape.temperature:
            return replace(shape, temperature=False)
        if name == "stream_options" and shape.usage:
            return replace(shape, usage=False)
        if name == "reasoning_effort" and shape.effort:
            return replace(shape, effort=False)
        if name in shape.limits[:1]:
            return _without_limit(shape, named)
    return None


def _without_limit(shape: RequestShape, named: list[str]) -> RequestShape:
    """The other name of the limit, where there is one that was not refused."""
    if shape.limits[0] == "max_tokens" and "max_completion_tokens" in named:
        # Who wants the newer name is likely to reason, whatever it is called.
        return replace(shape, limits=("max_completion_tokens",), has_room=True)
    return replace(shape, limits=shape.limits[1:])
