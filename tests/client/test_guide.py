"""What the guide says of the client is so: its programs run, and it lists every method with its route."""

import re
import subprocess
import sys

import pytest

from tests.client.test_calls import GIVEN, OPERATIONS
from tests.serving import ROOT, until

GUIDE = (ROOT / "docs" / "python.md").read_text("utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
PRINTED = [
    r"(?s).*\[1\] guides/backups\.md:\d+-\d+ ",
    r".*backup",
    r"(?s).*\d sources$",
    r"(?s).*7070",
    r"urn:footnote:problem:bad-question the question is empty",
]


@pytest.fixture(scope="module")
def service(guide_index, serve):
    running = serve(index_dir=guide_index.index_dir, reranker="bundled")
    until(lambda: running.request("GET", "/health/ready")[0] == 200)
    return running


@pytest.mark.parametrize(("program", "printed"), [*zip(PROGRAMS, PRINTED, strict=True)])
def test_the_programs_of_the_guide_print_what_they_should(service, program, printed):
    program = program.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{service.port}")
    env = {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.match(printed, ended.stdout.strip()), ended.stdout


def test_the_guide_lists_every_method_with_its_route():
    listed = {}
    for methods, routes in re.findall(r"^\| (`.*?) \| (`.*?) \|", GUIDE, re.M):
        names, paths = re.findall(r"`(\w+)`", methods), re.findall(r"`(\w+) (.+?)`", routes)
        listed |= dict(zip(names, paths * (len(names) if len(paths) == 1 else 1), strict=True))
    assert set(listed) == {*OPERATIONS, "stream"}
    for name, make in OPERATIONS.items():
        call = make(**GIVEN.get(name, {}))
        method, path = listed[name]
        assert method == call.method
        assert re.fullmatch(re.sub(r"\{\w+\}", ".+", path), call.path), name
    assert listed["stream"] == listed["ask"]
