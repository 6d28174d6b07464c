"""How far an answer is: it grows with everything that happens, and never beyond the end."""

from footnote.app.core.events import Said, Stage
from footnote.app.core.types import Sentence
from footnote.app.mcp.progress import STAGES, Teller


def test_what_is_said_moves_on_within_a_stage():
    said = Said("One. Two.", (Sentence("One.", ()), Sentence("Two.", ())), ())
    events = [
        *(Stage(name, 1.0, 1) for name in ("embed", "lexical", "vector", "fuse", "rerank")),
        said,
        said,
        Said("Three.", (), ()),
        Stage("answer", 1.0, 5),
        Stage("check", 1.0, 5),
    ]
    teller = Teller()
    told = [teller.told(event) for event in events]
    done = [one.done for one in told]
    assert done == sorted(set(done))
    assert (done[4], done[-1]) == (5, STAGES)
    assert 5 < done[5] < done[6] < done[7] < 6
    assert [one.message for one in told[5:8]] == ["2 sentences written", "4 sentences written", "5 sentences written"]
