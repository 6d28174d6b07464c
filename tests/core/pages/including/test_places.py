"""Where each tool looks for a file, in sites as they lie in their repositories."""

from pathlib import Path

import pytest

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import flavour_of
from footnote.app.core.pages.including.find import directives_in
from footnote.app.core.pages.including.places import Site
from footnote.app.core.pages.including.roots import Roots, first_found
from footnote.app.core.setting_groups import IngestSettings

MKDOCS = "markdown_extensions:\n- pymdownx.snippets:\n    base_path: [examples, !ENV DOCS]\n- x: !!python/name:y\n"


def found(tmp_path: Path, files: dict[str, str], docs: str, page: str, text: str) -> str | None:
    """The file that the page includes, by its path in the repository; all of the repository may be read."""
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    docs_dir = tmp_path / docs
    docs_dir.mkdir(parents=True, exist_ok=True)
    [one] = directives_in(text, page, flavour_of(docs_dir))
    site = Site.of(docs_dir)
    roots = Roots(docs_dir, IngestSettings(_env_file=None, include_roots=(str(tmp_path),)))
    place = first_found(roots, site.places(one.form, one.target, (docs_dir / page).parent), site.root)
    return place.location.relative_to(tmp_path).as_posix() if isinstance(place, FoundFile) else None


@pytest.mark.parametrize(
    ("files", "docs", "page", "text", "expected"),
    [
        ({"mkdocs.yml": "", "docs/a.py": "", "a.py": ""}, "docs", "in/p.md", '--8<-- "a.py"', "a.py"),
        ({"mkdocs.yml": "", "docs/a.py": ""}, "docs", "in/p.md", '--8<-- "a.py"', "docs/a.py"),
        ({"mkdocs.yml": MKDOCS, "examples/a.py": "", "a.py": ""}, "docs", "p.md", '--8<-- "a.py"', "examples/a.py"),
        ({"mkdocs.yml": "[broken", "a.py": ""}, "docs", "p.md", '--8<-- "a.py"', "a.py"),
        ({"en/mkdocs.yml": "", "src/a.py": ""}, "en/docs", "p.md", "{* ../src/a.py *}", "src/a.py"),
        ({"book.toml": "", "src/in/a.rs": "", "a.rs": ""}, "src", "in/p.md", "{{#include a.rs}}", "src/in/a.rs"),
        ({"book.toml": "", "listings/a.rs": ""}, "src", "p.md", "{{#include ../listings/a.rs}}", "listings/a.rs"),
        ({"docs/_toc.yml": "", "docs/a.py": ""}, "docs", "in/p.md", "```{literalinclude} /a.py\n```", "docs/a.py"),
        ({"docs/_toc.yml": "", "docs/in/a.py": ""}, "docs", "in/p.md", "```{literalinclude} a.py\n```", "docs/in/a.py"),
        (
            {"hugo.toml": "", "content/en/examples/pods/a.yaml": ""},
            "content/en/docs",
            "tasks/p.md",
            '{{% code_sample file="pods/a.yaml" %}}',
            "content/en/examples/pods/a.yaml",
        ),
        ({"hugo.toml": "", "content/in/a.md": ""}, "content", "in/p.md", '{{< readfile "a.md" >}}', "content/in/a.md"),
        ({"hugo.toml": "", "static/a.go": ""}, "content", "in/p.md", '{{< readfile "/static/a.go" >}}', "static/a.go"),
        (
            {"website/docusaurus.config.js": "", "website/src/a.js": ""},
            "docs",
            "p.mdx",
            "import A from '!!raw-loader!@site/src/a.js';",
            "website/src/a.js",
        ),
        ({"docs/in/a.js": ""}, "docs", "in/p.mdx", "import A from './a.js?raw'", "docs/in/a.js"),
        ({"node_modules/a/a.js": ""}, "docs", "p.mdx", "import A from 'a/a.js?raw'", None),
        ({"docs/.vitepress/config.ts": "", "docs/in/a.ts": ""}, "docs", "p.md", "<<< @/in/a.ts", "docs/in/a.ts"),
        (
            {"modules/m/examples/a.rb": ""},
            "modules/m/pages",
            "in/p.adoc",
            "include::example$a.rb[]",
            "modules/m/examples/a.rb",
        ),
        ({"docs/in/a.rb": ""}, "docs", "in/p.adoc", "include::a.rb[]", "docs/in/a.rb"),
        ({"docs/in/a.rb": ""}, "docs", "in/p.adoc", "include::{dir}/a.rb[]", None),
    ],
)
def test_place(tmp_path: Path, files: dict[str, str], docs: str, page: str, text: str, expected: str | None) -> None:
    (tmp_path / ".git").mkdir()
    assert found(tmp_path, files, docs, page, text) == expected
