"""What the guide says of LangChain is so: its programs run, and it names the fields that there are."""

import os
import re
import subprocess
import sys
import tomllib

import pytest

from footnote.app.langchain import FootnoteRetriever
from tests.serving import ROOT

GUIDE = (ROOT / "docs" / "langchain.md").read_text("utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
PRINTED = [
    r"guides/backups\.md:\d+-\d+ \{'rank': 1, 'score': ",
    r"(?s).*\[1\] guides/backups\.md:\d+-\d+ ",
    r".*backup",
    r"(?s)Stop the service.*\[1\]",
    r"2 answers, 2 documents$",
]


@pytest.mark.parametrize(("program", "printed"), [*zip(PROGRAMS, PRINTED, strict=True)])
def test_the_programs_of_the_guide_print_what_they_should(address, guide_index, program, printed):
    program = program.replace("http://127.0.0.1:8000", address).replace("chroma_db", str(guide_index.index_dir))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.match(printed, ended.stdout.strip()), ended.stdout


def test_the_guide_lists_the_metadata(address):
    fields = GUIDE.partition("## Find")[2].partition("## Answer")[0]
    listed = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", fields, re.M)))
    (document,) = FootnoteRetriever(url=address).invoke("port", k=1)
    assert sorted(listed) == sorted(document.metadata)


def test_the_guide_says_which_packages_are_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| (`.*?) \|", GUIDE.partition("## What each")[2], re.M)))
    installed = {re.match(r"[\w-]+", one)[0] for one in project["dependencies"]}
    extras = {"langchain-community": "bench", "sentence-transformers": "sentence-transformers", "pytest": "dev"}
    assert {name for name in named if name not in installed} == set(extras)
    for name, extra in extras.items():
        assert any(one.startswith(name) for one in project["optional-dependencies"][extra])
