"""untrusted: text of the docs, or a question, as a language model may read it. Pure functions.

What could act on the model or on its server is broken by one word joiner: a chat template's control token, which a
llama.cpp server would read as the end of the message; a tag like the one around a source; a `[n]` that the model
would copy as a citation. The word joiner is invisible, and `visible` takes it out of the answer again: a command or
code that the model copies is spelled as in the file.
"""

import re

from footnote.app.core.text.prose import rewrite_prose

BREAK = "\N{WORD JOINER}"

# What a reader does not see: the characters that Unicode calls default ignorable (DerivedCoreProperties.txt), direction
# marks and tag characters among them, and control characters but tab and line ends.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Joiners and variation selectors belong to emoji and to some scripts: one after a character that is not ASCII stays.
_SHAPING = re.compile(
    "(?:(?<=[^\x00-\x7f\u200c\u200d\ufe00-\ufe0f])([\u200c\u200d\ufe00-\ufe0f]))?[\u200c\u200d\ufe00-\ufe0f]*"
)

_OPEN = "[<\uff1c\ufe64\u2039\u27e8\u3008]"
_SLASH = "[/\uff0f\u2044\u2215\\\\]"
_SOURCE_TAG = rf"(?:{_OPEN}|&(?:lt|\#0*60|\#x0*3c);?)(?=\s*+{_SLASH}?+\s*+(?:source|sentence)\b)"
# Every name with an underscore, and those known without one: `<start_of_turn>`, `<tool_call>`, `<s>`, `<think>`.
_NAMED = (
    r"<(?=/?(?:[a-z0-9]+(?:_[a-z0-9]+)+|s|bos|eos|pad|unk|mask|cls|sep|think|tools|filename|reponame|system|user"
    r"|assistant|image|audio|video|unused\d+)>)"
)
_PIPED = r"<(?=[|｜])|<(?=</?SYS)|(?<=[\w▁])[|｜](?=>)"
_BRACKETED = (
    r"\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_[A-Z_]+|ARGS|CALL_ID|MODEL_SETTINGS|THINK|IMG[A-Z_]*|AUDIO"
    r"|BEGIN_[A-Z_]+|PREFIX|MIDDLE|SUFFIX|[gs]?MASK|UNK|CLS|SEP|PAD|control_\d+)\])"
)
_MARKER = r"[\[【](?=\^?[0-9])"
_WHOLE_MARKER = re.compile(r"[\[【]\s*(?P<inner>\^?[0-9]+(?:\s*[,;–-]\s*\^?[0-9]+)*)\s*(?:†[^\]】\n]*)?[\]】]")
_ACTIVE = re.compile(rf"(?i:{_SOURCE_TAG})|{_NAMED}|{_PIPED}|{_BRACKETED}|{_MARKER}")


def visible(text: str) -> str:
    """The text without characters that a reader does not see."""
    return _SHAPING.sub(r"\1", _INVISIBLE.sub("", text))


def disarmed(text: str) -> str:
    """The visible text with every control token, source tag and citation marker broken."""
    return _ACTIVE.sub(rf"\g<0>{BREAK}", visible(text))


def without_markers(text: str) -> str:
    """The text with each `[n]` outside code as `(n)`: a small model copies a broken marker unbroken (measured)."""
    return rewrite_prose(text, _WHOLE_MARKER, lambda match: f"({match['inner']})")
