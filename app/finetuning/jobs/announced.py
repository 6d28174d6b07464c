"""announced: what OpenAI has said becomes of its fine-tuning, told before anybody pays for a job.

Source: https://developers.openai.com/api/docs/deprecations and the guides to fine-tuning, as of November 2026.
"""

from datetime import date

from footnote.app.models.llm.lineup.known import lifetime

DEFAULT_OPENAI_MODEL = "gpt-4.1-mini-2025-04-14"
LAST_NEW_JOB = date(2027, 1, 6)


def announced(model: str, today: date) -> list[str]:
    """What is announced of new jobs at OpenAI, and of models tuned from this one; each a sentence."""
    closed = today > LAST_NEW_JOB
    verb = "closed to new jobs" if closed else "closes to new jobs"
    said = [
        f"OpenAI's self-serve fine-tuning {verb} on {_day(LAST_NEW_JOB)}; it takes only organisations that have used "
        "it before."
    ]
    life = lifetime(model)
    if life:
        what = "ended" if life.ends < today else "end"
        said.append(f"Models tuned from {model} {what} with it on {_day(life.ends)}.")
    return said


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
