"""The frame of a report, which loads nothing and runs nothing: styles and charts are inside, texts are escaped."""

import base64
import hashlib
from collections.abc import Sequence

from footnote.app.core.html import Html, element

_STYLE = """
:root { color-scheme: light dark; --bar: #4a7ebb; --dim: #6b7280; --line: #d1d5db; --bad: #b91c1c; --good: #15803d }
@media (prefers-color-scheme: dark) { :root { --line: #374151; --bad: #f87171; --good: #4ade80; --dim: #9ca3af } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
table { border-collapse: collapse; margin: .5rem 0 }
th, td { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
table.numbers td, table.numbers th { font-variant-numeric: tabular-nums; white-space: nowrap }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 3px solid var(--line); white-space: pre-wrap }
.dim { color: var(--dim) } .bad { color: var(--bad) } .good { color: var(--good) }
.scroll { overflow-x: auto }
svg { max-width: 100%; height: auto } svg text { font-size: 13px; fill: currentColor }
svg rect { fill: var(--bar) } svg line { stroke: currentColor; stroke-width: 2 }
"""


def html_page(title: str, parts: Sequence[Html]) -> str:
    """The whole page with these parts as its body."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(_STYLE)),
    )
    return "<!doctype html>\n" + element("html", head, element("body", *parts), lang="en") + "\n"
