"""Pages to ingest: sections from a small pool, so that the same text comes in several files and comes back."""

from dataclasses import dataclass

from hypothesis import strategies as st

_LONG = " ".join(
    f"Sentence {number} tells how the relay restores backups of zone {number % 7}." for number in range(30)
)
SECTIONS = (
    "# Install\n\nInstall the agent on linux, then upgrade it with `--no-cache`.",
    "# Backups\n\nBackups are restored after the zebra fails.",
    "## Ports\n\nThe relay listens on port 7070. Only root may change the port.",
    "## Ports\n\nThe relay listens on port 9090. Only root may change the port.",
    "## Größe\n\n| größe | 漢字 |\n|---|---|\n| 1 | zebra 😀 |\n| 2 | e\u0301 |",
    "### Remove\n\n- remove the agent\n- remove the backups\n- install it again on linux",
    "```sh\nagent install --no-cache\n# no heading\nagent remove\n```",
    f"## Long\n\n{_LONG}",
    "Plain words before any heading, about the table of ports.",
    '!!! note "Linux"\n\n    Upgrade the relay before the agent.',
    # What is shown of other files: those of the pool below, which come and go.
    '## Code\n\nRun this:\n\n```sh\n--8<-- "code/a.py"\n```',
    '```sh\n--8<-- "code/b.txt:2:4"\n--8<-- "code/a.py:3:"\n```',
    '## More\n\nThe relay:\n\n--8<-- "code/a.py:relay"\n--8<-- "code/b.txt"',
    '# Beside\n\n--8<-- "../beside/relay.py"\n--8<-- "../outside/relay.py"',
    '## Shown\n\n--8<-- "guides/a.md"\n\n--8<-- "b.md:relay"',
    "# --8<-- [start:relay]\nThe zebra of the relay.\n# --8<-- [end:relay]",
)
FRONTS = (
    "",
    "title: Guide\ntags: [ops, linux]\n",
    "title: Other\ntags: [ops]\n",
    # Of these pairs, the two are equal to Python, or as long as each other.
    "tags: ops\ndraft: true\n",
    "tags: ops\ndraft: 1.00\n",
    "order: 1\nteam: docs\n",
    "team: docs\norder: 1\n",
    "nested: {zone: [1, 2.5, null], when: 2024-03-01}\n",
    "title: [broken\n",
)
ODD = (
    b"",
    b"\n \n\t\n",
    b"\x00\x01binary",
    b"caf\xe9 latin",
    b"---\ntitle: Never closed\n\n# Text\n\nThe zebra.\n",
    b"\xef\xbb\xbf# Byte order mark\n\nThe port of the relay.\n",
    b"# Old\r\rMac line ends, and the zebra.\r",
    b"---\ntitle: Later\n---\n",
)
SHOWN = ("code/a.py", "code/b.txt")  # no pages, but shown by some
PATHS = (
    "a.md",
    "b.md",
    "zebra.markdown",
    "with space.md",
    "guides/a.md",
    "guides/b.md",
    "guides/deep/c.md",
    "ref/README.md",
    "ref/api.mdx",
    "größe/漢字.md",
    "odd.md",
    "odd.md/inner.md",
    *SHOWN,
)
IGNORE_FILES = (".footnoteignore", "guides/.footnoteignore", ".gitignore")
IGNORES = (None, b"guides/\n", b"*.mdx\n!a.md\n", b"ref/*\n!ref/README.md\n", b"b.md\ndeep\n", b"\xff\n")


@dataclass(frozen=True)
class Page:
    """`front` is what stands between the lines `---`, "" for no front matter."""

    front: str
    sections: tuple[str, ...]
    newline: str = "\n"

    def to_bytes(self) -> bytes:
        front = f"---\n{self.front}---\n" if self.front else ""
        text = front + "\n\n".join(self.sections) + "\n"
        return text.replace("\n", self.newline).encode()


PAGES = st.builds(
    Page,
    st.sampled_from(FRONTS),
    st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=6).map(tuple),
    st.sampled_from(["\n", "\n", "\r\n"]),
)
EDITED_TEXTS = st.sampled_from([*SECTIONS, "## New\n\nA new section of the guide.", "One more line about backups."])
