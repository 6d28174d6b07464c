"""left_out: what a reader is told of a table or of code that is quoted in part."""

from footnote.app.answering.quoting.stretches import Stretch

_SIGNS = " \t>"


def left_out(stretch: Stretch, first: int, last: int) -> str:
    """`(3 of 41 rows)` where the parts from place to place are not all rows or lines of their block; else ""."""
    parts = stretch.parts
    head = parts[first]
    if head.kind not in ("row", "code"):
        return ""
    top, bottom = first, last
    while top and (parts[top - 1].kind, parts[top - 1].block) == (head.kind, head.block):
        top -= 1
    while bottom + 1 < len(parts) and (parts[bottom + 1].kind, parts[bottom + 1].block) == (head.kind, head.block):
        bottom += 1
    shown, known = _count(stretch, first, last), _count(stretch, top, bottom)
    what = ("row" if head.kind == "row" else "line") + "s" * (shown != 1)
    above, below = _is_cut(stretch, top, bottom)
    if shown < known and not above and not below:
        return f"({shown} of {known} {what.rstrip('s')}s)"
    if shown < known or above or (below and head.kind == "code"):
        return f"({shown} {what} of a longer {'table' if head.kind == 'row' else 'listing'})"
    return ""


def _count(stretch: Stretch, first: int, last: int) -> int:
    parts = stretch.parts
    if parts[first].kind == "row":
        return last - first + 1
    return sum(bool(line.strip(_SIGNS)) for line in stretch.text[parts[first].start : parts[last].end].splitlines())


def _is_cut(stretch: Stretch, top: int, bottom: int) -> tuple[bool, bool]:
    """Whether the block from place to place begins above the stretch, and whether it may go on below it.

    Around all of it stand the marks of a fence, the header of a table, the next block.
    """
    text, parts = stretch.text, stretch.parts
    if parts[top].kind == "code" and not parts[top].is_cut:
        return False, False
    above = text[parts[top - 1].end if top else 0 : parts[top].start]
    is_last = bottom + 1 == len(parts) and not text[parts[bottom].end :].strip()
    return top == 0 and not above.strip(), is_last and not (stretch.is_closed and parts[top].kind == "row")
