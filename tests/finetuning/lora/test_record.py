"""What a training leaves in its folder, what it goes on from, and the picture of its losses."""

import json
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from footnote.app.core.errors import SettingsError, TrainingError
from footnote.app.finetuning.lora import record
from footnote.app.finetuning.lora.plot import loss_plot
from footnote.app.finetuning.lora.train import Curve, curve_of

MADE_OF = {"base": {"sha256": "ab"}, "options": {"rank": 16, "max_length": 8}}
CURVE = Curve(((1, 2.5), (2, 1.75), (3, 0.9)), ((0, 3.0), (2, 1.5), (3, 1.6)), 2)


def checkpoint(folder, number, is_whole=True):
    made = folder / "checkpoints" / f"checkpoint-{number}"
    made.mkdir(parents=True)
    if is_whole:
        (made / "trainer_state.json").write_text("{}")
    return made


def test_a_training_begins_in_a_folder_of_its_own(tmp_path):
    folder = tmp_path / "a" / "tuned"
    record.begin(folder, MADE_OF)
    checkpoint(folder, 3, is_whole=False)
    record.begin(folder, MADE_OF)  # of one that did not come to a checkpoint nothing is kept
    assert json.loads((folder / "begun.json").read_text()) == MADE_OF
    assert [file.name for file in folder.iterdir()] == ["begun.json"]
    checkpoint(folder, 3)
    with pytest.raises(SettingsError, match="not finished: --resume goes on"):
        record.begin(folder, MADE_OF)
    shutil.rmtree(folder / "checkpoints")
    record.write_card(folder, MADE_OF)
    assert [file.name for file in folder.iterdir()] == ["card.json"]
    with pytest.raises(SettingsError, match="holds an adapter already"):
        record.begin(folder, MADE_OF)
    with pytest.raises(SettingsError, match="is finished: there is nothing to go on with"):
        record.resumed(folder, MADE_OF)
    with pytest.raises(SettingsError, match="is not empty"):
        record.begin(tmp_path, MADE_OF)
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        record.begin(tmp_path / "file" / "tuned", MADE_OF)


def test_two_trainings_do_not_write_to_one_folder(tmp_path):
    folder = tmp_path / "tuned"
    holding = "import sys; from pathlib import Path; from footnote.app.finetuning.lora.record import alone\n"
    holding += "with alone(Path(sys.argv[1])): print('holds', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "holds\n"
        with pytest.raises(SettingsError, match=f"another training is writing to {folder}"), record.alone(folder):
            pass
        other.kill()
    assert folder.exists()
    with record.alone(folder):  # a lock dies with its process, and what it left is no content
        record.begin(folder, MADE_OF)
    assert [file.name for file in folder.iterdir()] == ["begun.json"]


def test_of_a_training_that_did_not_begin_no_folder_is_left(tmp_path):
    with pytest.raises(TrainingError), record.alone(tmp_path / "tuned"):
        raise TrainingError("no memory")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "own").mkdir()
    with record.alone(tmp_path / "own"):
        pass
    assert (tmp_path / "own").exists()
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"), record.alone(tmp_path / "file"):
        pass


def test_it_goes_on_from_the_last_whole_checkpoint_and_only_with_what_it_began(tmp_path):
    with pytest.raises(SettingsError, match="holds no training"):
        record.resumed(tmp_path, MADE_OF)
    record.begin(tmp_path, MADE_OF)
    with pytest.raises(SettingsError, match="no checkpoint yet: start without --resume"):
        record.resumed(tmp_path, MADE_OF)
    for number in (9, 10):
        last = checkpoint(tmp_path, number)
    checkpoint(tmp_path, 11, is_whole=False)
    assert record.resumed(tmp_path, MADE_OF) == last
    with pytest.raises(SettingsError) as raised:
        record.resumed(tmp_path, {"base": {"sha256": "cd"}, "options": {"rank": 16, "max_length": 9}})
    assert str(raised.value).endswith("changed: base.sha256 was ab, is cd; --max-length was 8, is 9")


def test_the_curve_is_read_from_the_trainers_log():
    history = [
        {"eval_loss": 3.0, "step": 0},
        {"loss": 2.5, "step": 1},
        {"loss": 1.75, "step": 2},
        {"eval_loss": 1.5, "step": 2},
        {"loss": 0.9, "step": 3},
        {"eval_loss": 1.6, "step": 3},
        {"train_runtime": 1.0, "step": 3},
    ]
    assert curve_of(history) == CURVE
    assert CURVE.best == 1.5
    with pytest.raises(TrainingError, match="lower --learning-rate"):
        curve_of([*history, {"loss": float("nan"), "step": 4}])


def test_the_picture_is_well_formed_and_holds_each_loss_where_it_belongs(tmp_path):
    record.write_losses(tmp_path, CURVE, "a & <b>")
    assert json.loads((tmp_path / "log.json").read_text())["held_out"][1] == {"step": 2, "loss": 1.5}
    svg = (tmp_path / "loss.svg").read_text()
    assert svg == loss_plot(CURVE, "a & <b>")
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "a & <b>"
    trained, held_out = (
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in root.findall(f"{space}polyline")
    )
    assert (len(trained), len(held_out)) == (3, 3)
    assert held_out[0][0] < trained[0][0] < held_out[1][0] == trained[1][0]  # steps go to the right
    assert held_out[0][1] < trained[0][1] < trained[1][1] < trained[2][1]  # a lower loss lies lower
    assert [circle.get("r") for circle in root.findall(f"{space}circle")] == ["3", "5", "3"]
    assert all(0 <= across <= 720 and 0 <= down <= 360 for across, down in (*trained, *held_out))
