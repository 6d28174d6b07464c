"""helper_prompts: what Open WebUI asks beside each question (titles, tags, follow-ups, queries) -> replies by rule.

Pure functions, by the prompts of its version 0.12.4.
"""

import json
import re

from footnote.app.http.openai.open_webui import TASK

_NO_FORMAT = (
    TASK + "\nSummarize the conversation history that will be compacted",
    "Your task is to reflect the speaker's likely facial expression",
)
_HISTORY = "<chat_history>"
_REPLY_KEY = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text|prompt)":')
_ASKED = re.compile(r"^USER: (.*)$", re.M)
_MAX_TITLE_CHARS = 60


def helper_reply(prompt: str) -> str | None:
    """The JSON that a helper prompt wants, made of what the user asked; None where it is no such prompt.

    Without text Open WebUI shows no face, and shortens a long conversation by a rule of its own.
    """
    if prompt.startswith(_NO_FORMAT):
        return ""
    if not prompt.lstrip().startswith(TASK):
        return None
    instructions, has_history, history = prompt.partition(_HISTORY)
    key = _REPLY_KEY.search(instructions)
    if not key:
        return "{}" if has_history else None
    asked = [question.strip() for question in _ASKED.findall(history) if question.strip()]
    return json.dumps({key[1]: _value(key[1], asked)}, ensure_ascii=False)


def _value(key: str, asked: list[str]) -> str | list[str]:
    if key in ("tags", "follow_ups"):
        return []
    if key == "queries":
        return asked[-1:]
    if key == "title":
        return _title(asked[0]) if asked else ""
    return ""


def _title(question: str) -> str:
    if len(question) <= _MAX_TITLE_CHARS:
        return question
    cut = question[:_MAX_TITLE_CHARS]
    return (cut.rpartition(" ")[0].rstrip(" ,;:") or cut) + " …"
