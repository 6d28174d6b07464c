"""Pages of every flavour, made of what such sites write: nothing for readers is lost, nothing hidden is found."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.text.passages import passages
from footnote.ingest.split import split_document
from footnote.ingest.types import Document

Piece = Callable[[str, str], str]
SITES = {
    "markdown": PLAIN,
    "docusaurus": Flavour("docusaurus", jsx=True),
    "obsidian": Flavour("obsidian", percent_comments=True),
    "myst": Flavour("myst", line_comments=True),
    "gitbook": Flavour("gitbook", template_tags=True),
}
# Each takes a word that readers see and one that they do not.
EVERYWHERE: list[Piece] = [
    lambda seen, _: f"Prose says {seen}. And more.",
    lambda seen, hidden: f"Prose <!-- {hidden} --> says {seen}.",
    lambda seen, hidden: f"<!--\n# {hidden}\n\n- {hidden}\n-->\n\nSays {seen}.",
    lambda seen, hidden: f"[//]: # ({hidden})\n\nSays {seen}.",
    lambda seen, hidden: f"![{seen}](data:image/png;base64,{hidden}{'A' * 90})",
    lambda seen, _: f"```sh\n# <!-- {seen} -->\n```",
    lambda seen, _: f"Write `<!-- {seen} -->` in HTML.",
    lambda seen, _: f"| a | b |\n|---|---|\n| {seen} | c |",
    lambda seen, _: f"- one\n- {seen}\n\n  ```\n  <!-- code -->\n  ```",
    lambda seen, _: f'=== "Tab"\n\n    Says {seen}.',
    lambda seen, _: f"::: tip Title\nSays {seen}.\n:::",
    lambda seen, _: f"<details>\n<summary>More</summary>\n\nSays {seen}.\n\n</details>",
    lambda seen, _: f"<table>\n<tr><td>{seen}</td></tr>\n</table>",
    lambda seen, _: f"> [!NOTE]\n> Says {seen}.",
    lambda seen, _: f"**How is it?**\n\nIt is {seen}.",
    lambda seen, _: f"{{{{< tab \"x\" >}}}}\nSays {seen}.\n{{{{< /tab >}}}}",
    lambda seen, hidden: f"<!--\n```\n{hidden}\n-->\n\nSays {seen}.\n\n<!-- {hidden} -->",
    lambda seen, hidden: f"<!-- {hidden} ` --> and a ` tick, says {seen}. <!-- {hidden} -->",
    lambda seen, _: f"> ```\n> <!-- {seen} -->",
    lambda seen, _: f"- Item.\n\n  ~~~~\n  ~~~\n  <!-- {seen} -->",
    lambda seen, hidden: f"- Item.\n\n  <!-- {hidden}\n\n# {hidden}\n-->\n\nSays {seen}.",
    lambda seen, _: f"{{{{< highlight sh >}}}}\n<!-- {seen} -->\n{{{{< /highlight >}}}}",
    lambda seen, hidden: f"<div hidden>\n\n{hidden}\n\n</div>\n\nSays {seen}.",
    lambda seen, hidden: f"<table>\n<tr><th>Is</th></tr>\n<tr><td>{seen}</td></tr>\n<!-- {hidden} -->\n</table>",
    lambda seen, _: f"- **Q:** How is it?\n- **A:** It is {seen}.",
    lambda seen, _: f"{{{{< figure\n  caption=\"Says {seen}.\" >}}}}",
    lambda seen, hidden: f"[//]: # ({hidden}\n{hidden})\n\nSays {seen}.",
    lambda seen, hidden: f"<template>\n<template>{hidden}</template>\n\n{hidden}\n</template>\n\nSays {seen}.",
    lambda seen, hidden: f"<ul>\n<li hidden>{hidden}\n<li>Says {seen}.\n</ul>",
    lambda seen, hidden: f"<x-y hidden>\n\n{hidden}\n\n</x-y>\n\nSays {seen}.",
    lambda seen, _: f"| {seen} |\n|---|",
    lambda seen, _: f"/// details | Title\n    type: tip\n\nSays {seen}.\n///",
    lambda seen, _: f"One-line {{{{< highlight sh >}}}}<!-- {seen} -->{{{{< /highlight >}}}}",
    lambda seen, _: f"{{{{< tab \"{seen}\" >}}}}{{{{< /tab >}}}}",
    lambda seen, _: f"A :material-check:{{ .x }} date {{:%Y}} of {seen}.",
    lambda seen, _: f"Begin with \\<!-- and say {seen} -->.",
]  # fmt: skip
OWN: dict[str, list[Piece]] = {
    "markdown": [
        lambda seen, hidden: f"Says {seen}.\n\n*[{seen}]: {hidden}",
        lambda seen, _: f"By indentation:\n\n    ```\n    <!-- {seen} -->",
        lambda seen, hidden: f"{{::comment}}\n{hidden}\n\n{hidden}\n{{:/comment}}\n\nSays {seen}.",
    ],
    "docusaurus": [
        lambda seen, hidden: f"export const A = () => <p>Don't (\n\n{hidden}</p>;\n\nSays {seen}.",
        lambda seen, hidden: f"export const a = `${{b ? `\n\n{hidden}` : c}}\n\n`;\n\nSays {seen}.",
        lambda seen, hidden: f"Says {{f('}}') /* {hidden} */}} {{`{seen}`}}.",
        lambda seen, _: f"<p hidden={{a}}>\n\nSays {seen}.\n\n</p>",
        lambda seen, hidden: f"{{[1].map(({hidden}) => (\n  {hidden}\n\n))}}\n\nSays {seen}.",
        lambda seen, hidden: f"export const x = {{\n  a: '{hidden}',\n\n  {hidden}: 1,\n}};\n\nSays {seen}.",
        lambda seen, hidden: f"{{/*\n```\n{hidden} */}}\n\nSays {seen}.",
        lambda seen, hidden: f"import {hidden} from '{hidden}';\n\nSays {seen}.",
        lambda seen, hidden: f"{{/* {hidden} */}}\n\nSays {seen}.",
        lambda seen, hidden: f"export const {hidden} = 1;\n\nSays {seen}.",
        lambda seen, _: f'<Tabs>\n<TabItem value="a" label="A">\n\nSays {seen}.\n\n</TabItem>\n</Tabs>',
        lambda seen, _: f'<Card title="T">\n    Says {seen}.\n</Card>',
    ],
    "obsidian": [
        lambda seen, hidden: f"%%\n{hidden}\n%%\n\nSays {seen}.",
        lambda seen, hidden: f"Prose %% {hidden} %% says [[Page|{seen}]].",
    ],
    "myst": [
        lambda seen, _: f":::{{code-block}} sh\n:linenos:\n\n# <!-- {seen} -->\n:::",
        lambda seen, _: f"```{{figure}} a.png\n:alt: {seen}\n:width: 1\n```",
        lambda seen, hidden: f"% {hidden}\n\nSays {seen}.",
        lambda seen, _: f"```{{note}}\nSays {seen}.\n```",
        lambda seen, hidden: f"````{{note}} Says {seen}.\n<!-- {hidden} -->\n\n```\n<!-- {seen} -->\n```\n````",
        lambda seen, _: f":::{{tip}} T\nSays {seen}.\n:::",
    ],
    "gitbook": [
        lambda seen, hidden: f"{{% raw %}}{{% comment %}}{seen}{{% raw %}}{{% endraw %}}\n\n{{% # {hidden} %}}",
        lambda seen, _: f"{{% highlight sh %}}<!-- {seen} -->{{% endhighlight %}}",
        lambda seen, hidden: f"{{% comment %}}{hidden}{{% endcomment %}}\n\nSays {seen}.",
        lambda seen, _: f'{{% tab title="A" %}}\nSays {seen}.\n{{% endtab %}}',
    ],
}


@pytest.mark.parametrize("name", SITES)
@given(data=st.data())
def test_what_readers_see_is_found_and_quoted_and_what_they_do_not_see_is_not(name: str, data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.sampled_from([*EVERYWHERE, *OWN[name]]), min_size=1, max_size=12))
    headings = data.draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    size = data.draw(st.sampled_from([100, 250, 1000]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    parts = [
        f"{f'## Heading {n}' + chr(10) * 2 if headings[n] else ''}{piece(f'seen{n}x', f'hidden{n}x')}"
        for n, piece in enumerate(pieces)
    ]
    text = "\n\n".join(parts).replace("\n", end) + end
    chunks = split_document(Document("page.md", text.encode(), 0, None, {}, "", 0), size, size // 5, SITES[name])
    read = "\n".join(chunk.index_text for chunk in chunks)
    quoted = "\n".join(one.text for chunk in chunks for one in passages(chunk))
    for n in range(len(pieces)):
        assert f"seen{n}x" in read
        assert f"seen{n}x" in quoted
        assert f"hidden{n}x" not in read
        assert not any(f"hidden{n}x" in chunk.text for chunk in chunks)
    for chunk in chunks:
        assert text.encode()[chunk.start : chunk.end] == chunk.text.encode()
        for one in passages(chunk):
            assert text.encode()[one.start : one.end] == one.text.encode()
