"""Which hits an answer is written from where the docs say the same in several places."""

from footnote.app.retrieval.repeats import distinct, with_repeats
from tests.builders import make_hit

PORT = "Relay listens on port 7070. It may be changed."


def test_a_repeated_text_gives_its_place_to_the_next_candidate():
    hits = [
        make_hit(f"# Ports\n\n{PORT}", path="1.0/a.md"),
        make_hit(f"## The port\n\n{PORT.replace(' may', chr(10) + 'may')}", path="2.0/a.md"),
        make_hit("Hold the key.", path="b.md"),
        make_hit("Relay listens on port 7070.", path="c.md"),
        make_hit("Relay listens on port 70.", path="d.md"),
        make_hit("Wait.", path="e.md"),
    ]
    assert [hit.chunk.path for hit in distinct(hits, 3)] == ["1.0/a.md", "b.md", "d.md"]
    assert with_repeats(hits, 3) == tuple(hits[:5])
    assert with_repeats(hits, 1) == tuple(hits[:1])
    assert distinct(hits, 9) == (hits[0], hits[2], hits[4], hits[5])
    assert distinct([], 4) == with_repeats([], 4) == ()
