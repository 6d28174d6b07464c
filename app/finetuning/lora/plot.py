"""plot: the losses of a training as a picture in SVG. Pure."""

import math
from collections.abc import Sequence

from footnote.app.core.html import Html, element, opening
from footnote.app.finetuning.lora.train import Curve

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 36, 44
_LINES = 5
_STYLE = """
svg { background: #fff; font: 12px system-ui, sans-serif; fill: #333 }
polyline { fill: none; stroke-width: 1.5 } .trained { stroke: #9ab } .held-out { stroke: #c40; stroke-width: 2 }
line { stroke: #ddd } circle { fill: #c40 } .trained-label { fill: #678 } .held-out-label { fill: #c40 }
"""


def loss_plot(curve: Curve, title: str) -> str:
    """The picture: the loss of each step, and that of the held-out examples with the step that was kept."""
    points = [*curve.trained, *curve.held_out]
    last = max(1, max(step for step, _ in points))
    highest = _rounded_up(max(loss for _, loss in points))

    def place(step: int, loss: float) -> tuple[float, float]:
        across = _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / last
        return across, _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - loss / highest)

    drawn = [element("title", title), element("style", Html(_STYLE))]
    for number in range(_LINES + 1):
        value = highest * number / _LINES
        _, height = place(0, value)
        drawn.append(_empty("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=f"{height:.1f}", y2=f"{height:.1f}"))
        drawn.append(element("text", f"{value:.3g}", x=_LEFT - 8, y=f"{height + 4:.1f}", text_anchor="end"))
    drawn += [
        element("text", "0", x=_LEFT, y=_HEIGHT - 24, text_anchor="middle"),
        element("text", f"step {last}", x=_WIDTH - _RIGHT, y=_HEIGHT - 24, text_anchor="end"),
        element("text", "training", x=_LEFT, y=20, class_="trained-label"),
        element("text", f"held out, best at step {curve.best_step}", x=_LEFT + 80, y=20, class_="held-out-label"),
        _polyline([place(*point) for point in curve.trained], "trained"),
        _polyline([place(*point) for point in curve.held_out], "held-out"),
    ]
    for point in curve.held_out:
        across, height = place(*point)
        radius = 5 if point[0] == curve.best_step else 3
        drawn.append(_empty("circle", cx=f"{across:.1f}", cy=f"{height:.1f}", r=radius))
    size = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "width": _WIDTH, "height": _HEIGHT}
    return element("svg", *drawn, xmlns="http://www.w3.org/2000/svg", role="img", **size) + "\n"


def _polyline(points: Sequence[tuple[float, float]], class_: str) -> Html:
    return _empty("polyline", points=" ".join(f"{across:.1f},{height:.1f}" for across, height in points), class_=class_)


def _rounded_up(value: float) -> float:
    """A number above it that divides well."""
    if not value > 0:
        return 1.0
    step: float = 10.0 ** math.floor(math.log10(value)) / 2
    return math.ceil(value / step) * step


def _empty(tag: str, **attributes: object) -> Html:
    return Html(opening(tag, **attributes)[:-1] + "/>")
