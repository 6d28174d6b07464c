"""rules: what trainers refuse, and what makes a model worse. Pure functions over lines.

Source of the errors: OpenAI's guides to supervised fine-tuning and direct preference optimization, and the checks of
its cookbook ("Data preparation and analysis for chat model fine-tuning").
"""

from collections.abc import Iterator, Sequence

from footnote.app.answering.prompt import prompt_template
from footnote.app.finetuning.checking.types import Finding, Line, Severity

MIN_EXAMPLES = 10
# OpenAI trains no longer examples of any model: they lose their end, which is the reply. Source: its guide
# "Fine-tuning best practices", token limits; 16,385 for gpt-3.5-turbo.
MAX_TOKENS, MAX_TOKENS_35 = 65_536, 16_385
_ROLES = ("system", "user", "assistant", "developer", "tool", "function")
# From so large a share on a model refuses more than it should. Source: the same guide gives .6 as an example.
MANY_REFUSALS = 0.5
_MANY = 3  # lines named of one kind of warning


def problems_of(line: Line) -> Iterator[Finding]:
    """What is wrong with one example by itself."""
    for place, said in enumerate(line.messages, 1):
        if said.role not in _ROLES:
            yield Finding(line.number, "error", f"message {place} has the role {said.role!r}: use {', '.join(_ROLES)}")
        elif not said.content.strip():
            yield Finding(line.number, "error", f"message {place} ({said.role}) is empty")
        if said.weight is None:
            continue
        if said.role != "assistant":
            yield Finding(line.number, "error", f"message {place} ({said.role}) has a weight: only the assistant's do")
        elif isinstance(said.weight, bool) or said.weight not in (0, 1):
            yield Finding(line.number, "error", f"message {place} has the weight {said.weight!r}: it must be 0 or 1")
    roles = [said.role for said in line.prompt]
    if "user" not in roles and line.replies[0].role == "assistant":
        yield Finding(line.number, "error", "has no message of the user before the reply")
    if line.form == "preference":
        yield from _of_preference(line, roles)
    elif line.replies[0].role != "assistant":
        yield Finding(line.number, "error", "does not end with a message of the assistant, which is what is learned")
    elif all(said.weight == 0 for said in line.messages if said.role == "assistant"):
        yield Finding(line.number, "error", "all replies have weight 0: nothing is learned from it")


def _of_preference(line: Line, roles: Sequence[str]) -> Iterator[Finding]:
    better, worse = line.replies
    if not worse.content.strip():
        yield Finding(line.number, "error", "the reply that is not preferred is empty")
    if " ".join(better.content.split()) == " ".join(worse.content.split()):
        yield Finding(line.number, "error", "both replies are the same: there is nothing to prefer")
    if roles[-1:] == ["assistant"]:
        yield Finding(line.number, "error", "`input.messages` ends with the assistant: the replies follow the user")


def problems_of_all(lines: Sequence[Line], refusals: int) -> Iterator[Finding]:
    """What is wrong with the examples taken together."""
    forms = sorted({line.form for line in lines})
    if len(lines) < MIN_EXAMPLES:
        severity: Severity = "warning" if forms in (["trl"], ["sharegpt"]) else "error"
        yield Finding(0, severity, f"has {len(lines)} examples that can be read: OpenAI wants {MIN_EXAMPLES} at least")
    if len(forms) > 1:
        yield Finding(0, "error", f"mixes the formats {', '.join(forms)}: a trainer reads one")
    if len(lines) >= MIN_EXAMPLES and refusals > MANY_REFUSALS * len(lines):
        yield Finding(0, "warning", f"{refusals} of {len(lines)} replies refuse: the model will refuse too much")
    yield from _repeats(lines)
    yield from _foreign_prompts(lines)


def _repeats(lines: Sequence[Line]) -> Iterator[Finding]:
    """Examples that stand there twice, and prompts with several replies."""
    first: dict[object, int] = {}
    replies: dict[object, tuple[int, str]] = {}
    for line in lines:
        prompt = tuple((said.role, " ".join(said.content.split())) for said in line.prompt)
        whole = (prompt, tuple(" ".join(said.content.split()) for said in line.replies))
        if whole in first:
            yield Finding(line.number, "warning", f"is the example of line {first[whole]} again")
            continue
        first[whole] = line.number
        known = replies.setdefault(prompt, (line.number, ""))
        if known[0] != line.number and line.form != "preference":
            yield Finding(line.number, "warning", f"asks what line {known[0]} asks, with another reply")


def _foreign_prompts(lines: Sequence[Line]) -> Iterator[Finding]:
    """Instructions that Footnote will not give: a model is asked best as it was trained."""
    own = {_said(str(prompt_template(compact).messages[0].prompt.template)) for compact in (True, False)}  # type: ignore[union-attr]
    foreign = [
        line.number
        for line in lines
        if not any(said.role in ("system", "developer") and _said(said.content) in own for said in line.prompt[:1])
    ]
    if foreign:
        named = ", ".join(map(str, foreign[:_MANY])) + (", ..." if len(foreign) > _MANY else "")
        what = f"{len(foreign)} examples have other instructions than Footnote gives (lines {named})"
        yield Finding(0, "warning", f"{what}: fine for a style of your own, not for most of a set")
    compact = {_said(line.prompt[0].content) for line in lines if line.number not in set(foreign)}
    if len(compact) > 1:
        yield Finding(0, "warning", "mixes the full and the compact prompt: only one of them will be sent")


def _said(text: str) -> str:
    return " ".join(text.split())
