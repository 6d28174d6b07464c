"""misplaced: a number of a sentence that the passages say of something else. Pure functions."""

from footnote.app.checking.alignment import Reading, Weight, content_terms, counted, coverage
from footnote.app.checking.facts import facts

# Where the best unit holds so much of a sentence, the sentence's numbers must stand in units that hold this share
# of that.
NEAR = ((0.8, 0.75), (0.6, 0.5))
# The fewest terms a sentence must have for that.
MIN_TERMS = 3
# The share of a unit's terms that makes it a part of the sentence.
MIN_INSIDE = 0.5
# How many terms more another number must share with what stands around a number.
MISCOUNT_MARGIN = 2


def misplaced_number(sentence: str, read: Reading, weight: Weight) -> str | None:
    """The first number of the sentence that stands only where the passages are about something else, if any does."""
    wanted = content_terms(sentence)
    if len(wanted) < MIN_TERMS:
        return None
    alone = [coverage(wanted, unit.terms, weight) for unit in read.units]
    best = max(alone, default=0.0)
    # "The default is 7070." is about what the unit before it names.
    parts = list(zip(map(max, alone, [0.0, *alone]), read.units, strict=True))
    near = next((near * best for least, near in NEAR if best >= least), 0.0)
    for fact in facts(sentence):
        if fact.kind not in ("number", "version", "date") or read.headings.holds(fact):
            continue
        holding = [(covered, unit) for covered, unit in parts if unit.evidence.holds(fact)]
        # A short unit, as a line of code, can lie inside the sentence.
        inside = any(coverage(unit.terms, wanted, weight) >= MIN_INSIDE for _, unit in holding)
        if holding and not inside and max(covered for covered, _ in holding) < near:
            return fact.text
    return _miscounted(sentence, read)


def _miscounted(sentence: str, read: Reading) -> str | None:
    """A number of the sentence in whose place the passage has another one."""
    stated = [one for unit in read.units for one in unit.numbers]
    for said in counted(sentence):
        quantity = said.written.quantity
        named = any(quantity.agrees_with(one) for one in read.headings.quantities)
        shares = [(len(said.context & one.context), quantity.agrees_with(one.written.quantity)) for one in stated]
        same = max((share for share, agrees in shares if agrees), default=0)
        other = max((share for share, agrees in shares if not agrees), default=0)
        if other >= same + MISCOUNT_MARGIN + named:
            return said.written.text
    return None
