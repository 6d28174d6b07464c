"""Nothing is gathered or sent behind the user's back."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, pathlib
from footnote.app.models.embedder import make_embedder
from footnote.app.core.settings import load_settings
make_embedder(load_settings(env_file=None).models).embed_query("a question")
for entry in pathlib.Path("/proc/self/fd").iterdir():
    if entry.is_symlink():
        print(os.readlink(entry))
"""


def test_the_models_leave_no_telemetry_on_the_disk(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    assert "onnxruntime.db" not in done.stdout
    assert list(tmp_path.iterdir()) == []
