"""progress: how far an answer is, from what happens while it is made."""

from typing import NamedTuple, get_args

from footnote.app.core.console import counted
from footnote.app.core.events import Event, Said, Stage, StageName

STAGES = len(get_args(StageName))
_DONE: dict[StageName, str] = {
    "embed": "question embedded",
    "lexical": "searched by words",
    "vector": "searched by meaning",
    "fuse": "searches merged",
    "rerank": "passages ranked",
    "answer": "answer written",
    "check": "answer checked",
}


class Progress(NamedTuple):
    """`done` of `STAGES`; each is more than the one before, as the protocol asks."""

    done: float
    message: str


class Teller:
    """Tells of one answer how far it is; what is said of it moves on within a stage, and never to its end."""

    def __init__(self) -> None:
        self._stages = self._said = 0

    def told(self, event: Event) -> Progress | None:
        """None where there is nothing to tell."""
        match event:
            case Stage():
                self._stages += 1
                self._said = 0
                return Progress(self._stages, _DONE[event.name])
            case Said():
                self._said += len(event.sentences) or 1
                done = self._stages + self._said / (self._said + 1)
                return Progress(done, f"{counted(self._said, 'sentence')} written")
        return None
