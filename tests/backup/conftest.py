"""An index folder with everything that can lie in one, and its backup."""

import shutil
from pathlib import Path

import pytest

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.backup.backup import back_up
from footnote.app.engine.engine import Engine
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.questions.question_log import QuestionLog
from footnote.app.sharing.store import AnswerStore
from footnote.app.usage.usage_log import UsageLog
from tests.backup.backups import CUP, PORT, quiet
from tests.conftest import GuideIndex


@pytest.fixture(scope="session")
def in_use(tmp_path_factory: pytest.TempPathFactory, guide_index: GuideIndex, engine: Engine) -> Path:
    """An index folder that was used: read it, never write it."""
    index_dir = tmp_path_factory.mktemp("used") / "index"
    index_dir.mkdir(parents=True)
    for name in ("CURRENT", "cache.sqlite3"):
        shutil.copy(guide_index.index_dir / name, index_dir / name)
    shutil.copytree(guide_index.index_dir / "generations", index_dir / "generations")
    refused = engine.ask(CUP)
    assert refused.refused
    QuestionLog(index_dir, 90).keep_refusal(refused)
    AnswerLog(index_dir, 90).keep(engine.ask(PORT))
    usage = UsageLog(index_dir, 400)
    usage.count(refused, False)
    usage.close()
    store = AnswerStore(index_dir, 90)
    store.note_given({"question": PORT, "answer": "7070. [1]"})
    store.save({"question": PORT, "answer": "7070. [1]"})
    KeyStore(index_dir).create(NewKey("somebody"))
    (index_dir / "evaluation.json").write_text("{}")
    (index_dir / "tuning.json").write_text("{}")
    (index_dir / "jobs").mkdir()
    return index_dir


@pytest.fixture
def index_dir(tmp_path: Path, in_use: Path) -> Path:
    """The same, to be written."""
    shutil.copytree(in_use, tmp_path / "used")
    return tmp_path / "used"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, in_use: Path) -> Path:
    """A backup of it."""
    file = tmp_path_factory.mktemp("backup") / "docs.tar.gz"
    back_up(in_use, str(file), quiet)
    return file
