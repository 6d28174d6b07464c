"""How servers of several makers refuse a request, as their documentation and their errors in public reports show it."""

from collections.abc import Callable
from typing import Any

Refuses = Callable[[dict[str, Any]], tuple[int, Any] | None]


def _error(message: str, param: str | None, code: str | None, status: int = 400) -> tuple[int, Any]:
    said = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return status, {"error": said}


def openai_reasoning(body: dict[str, Any]) -> tuple[int, Any] | None:
    """OpenAI's o-series, GPT-5 and later; Azure's deployments of these, whatever they are called."""
    if "max_tokens" in body:
        return _error(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
            "instead.",
            "max_tokens",
            "unsupported_parameter",
        )
    if body.get("temperature", 1) != 1:
        return _error(
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is "
            "supported.",
            "temperature",
            "unsupported_value",
        )
    return None


def openai_classic(body: dict[str, Any]) -> tuple[int, Any] | None:
    """GPT-4o and GPT-4.1."""
    if "reasoning_effort" in body:
        return _error("Unrecognized request argument supplied: reasoning_effort", None, None)
    return None


def strict(*known: str) -> Refuses:
    """Servers that refuse each field that they do not know: older vLLM, Mistral's API and many of one's own."""

    def refuse(body: dict[str, Any]) -> tuple[int, Any] | None:
        unknown = body.keys() - {"model", "messages", "stream", *known}
        if not unknown:
            return None
        rows = [
            {
                "type": "extra_forbidden",
                "loc": ["body", name],
                "msg": "Extra inputs are not permitted",
                "input": body[name],
            }
            for name in sorted(unknown)
        ]
        return 422, {"detail": rows}

    return refuse


def named_property(*known: str) -> Refuses:
    """Servers that name one property at a time, as Groq's does."""

    def refuse(body: dict[str, Any]) -> tuple[int, Any] | None:
        unknown = sorted(body.keys() - {"model", "messages", "stream", *known})
        return _error(f"property '{unknown[0]}' is unsupported", None, None) if unknown else None

    return refuse


def only_models(*names: str) -> Refuses:
    """Ollama and vLLM: 404 for a model that is not there."""

    def refuse(body: dict[str, Any]) -> tuple[int, Any] | None:
        if body["model"] in names:
            return None
        return _error(f"The model `{body['model']}` does not exist.", "model", "model_not_found", 404)

    return refuse


def gone(*names: str) -> Refuses:
    """OpenAI after the shutdown of a model."""

    def refuse(body: dict[str, Any]) -> tuple[int, Any] | None:
        if body["model"] not in names:
            return None
        message = f"The model `{body['model']}` has been deprecated, learn more here: https://example.com/deprecations"
        return _error(message, None, "model_not_found", 404)

    return refuse


def azure_filter(body: dict[str, Any]) -> tuple[int, Any] | None:
    """Azure OpenAI whose filter refuses the prompt."""
    message = (
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
        "modify your prompt and retry."
    )
    return _error(message, "prompt", "content_filter")
