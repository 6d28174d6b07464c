"""A picture of the shipped dashboard, from what a running Prometheus has.

    python bench/dashboard/picture.py http://127.0.0.1:9090 OUT.png [--minutes 5]

It asks the expressions of `deploy/monitoring/grafana-dashboard.json` for the last minutes and draws them where the
dashboard has them, in Debian's Chromium. So it shows what the panels say, not how Grafana looks.
"""

import argparse
import html
import json
import re
import shutil
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

DASHBOARD = Path(__file__).parents[2] / "deploy" / "monitoring" / "grafana-dashboard.json"
COLUMN_PX, ROW_PX = 58, 28
COLOURS = ("#3274d9", "#e0752d", "#299c46", "#a352cc", "#cc9d00", "#d44a3a", "#37872d", "#705da0")
Series = tuple[str, list[tuple[float, float]]]


def series(prometheus: str, target: dict[str, Any], minutes: int) -> list[Series]:
    expression = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
    now = time.time()
    asked = {"query": expression, "start": now - minutes * 60, "end": now, "step": 5}
    with urllib.request.urlopen(f"{prometheus}/api/v1/query_range?{urllib.parse.urlencode(asked)}") as reply:
        found = json.load(reply)["data"]["result"]
    named: list[Series] = []
    for one in found:
        name = target.get("legendFormat") or ""
        for label, value in one["metric"].items():
            name = name.replace("{{" + label + "}}", value)
        name = re.sub(r"{{\w+}}", "", name).strip()  # as Grafana does with a label that there is not
        values = [(float(at), float(value)) for at, value in one["values"] if value != "NaN"]
        named.append((name, values))
    return [one for one in named if one[1]]


def spelled(value: float, unit: str | None) -> str:
    if unit == "percentunit":
        return f"{value:.0%}"
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s" if value < 90 else f"{value / 60:.0f} min"
    return f"${value:.2f}" if unit == "currencyUSD" else f"{value:.3g}"


def chart(found: list[Series], unit: str | None, width: int, height: int) -> str:
    points = [point for _, values in found for point in values]
    if not points:
        return "<p class=none>No data</p>"
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    top = max(max(value for _, value in points), 1e-9)
    across, up = (width - 56) / max(1, last - first), (height - 18) / top
    lines = []
    for (_, values), colour in zip(found, COLOURS * 3, strict=False):
        path = " ".join(f"{48 + (at - first) * across:.1f},{height - 6 - value * up:.1f}" for at, value in values)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
    axis = f"<text x=2 y=14>{spelled(top, unit)}</text><text x=2 y={height - 4}>{spelled(0, unit)}</text>"
    names = "".join(
        f'<span style="color:{colour}">■ {html.escape(name)}</span> '
        for (name, _), colour in zip(found, COLOURS * 3, strict=False)
    )
    return f"<svg width={width} height={height}>{axis}{''.join(lines)}</svg><div class=legend>{names}</div>"


def panel(prometheus: str, one: dict[str, Any], minutes: int) -> str:
    place = one["gridPos"]
    x, y, width, height = (place[side] * size for side, size in zip("xywh", (COLUMN_PX, ROW_PX) * 2, strict=True))
    style = f"left:{x}px;top:{y}px;width:{width - 8}px;height:{height - 8}px"
    title = html.escape(one["title"])
    if one["type"] == "row":
        return f'<h2 style="{style}">{title}</h2>'
    unit = one["fieldConfig"]["defaults"].get("unit")
    found = [each for target in one["targets"] for each in series(prometheus, target, minutes)]
    if one["type"] == "stat":
        body = f"<p class=stat>{spelled(found[0][1][-1][1], unit) if found else 'No data'}</p>"
    else:
        body = chart(found, unit, width - 24, height - 78)
    return f'<section style="{style}"><h3>{title}</h3>{body}</section>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prometheus")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=int, default=5)
    given = parser.parse_args()
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    width, height = 24 * COLUMN_PX, max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in panels) * ROW_PX
    drawn = "".join(panel(given.prometheus, one, given.minutes) for one in panels)
    page = f"""<!doctype html><style>
    body {{ margin: 8px; background: #111217; color: #ccccdc; font: 12px sans-serif; position: relative }}
    section, h2 {{ position: absolute; box-sizing: border-box; margin: 0 }} h2 {{ font-size: 14px }}
    section {{ background: #181b1f; border: 1px solid #25272b; padding: 6px 8px; overflow: hidden }}
    h3 {{ margin: 0 0 4px; font-size: 12px }} text {{ fill: #8e8e99; font-size: 10px }}
    .stat {{ font-size: 28px; margin: 12px 0; color: #73bf69 }} .legend {{ font-size: 10px; line-height: 1.3 }}
    </style>{drawn}"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": width + 16, "height": height + 16})
        window.set_content(page)
        window.screenshot(path=str(given.out))
        browser.close()


if __name__ == "__main__":
    main()
