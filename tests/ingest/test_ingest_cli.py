import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from footnote.app.index.generations import Generations
from tests.conftest import WriteDocs


def invoke(*arguments: str | Path, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, ["ingest", *map(str, arguments)], env=environment)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


@pytest.fixture
def docs_dir(tmp_path: Path, write_docs: WriteDocs) -> Path:
    return write_docs(tmp_path / "docs", {"a.md": "# A\n\none\n\n## B\n\ntwo\n", "drafts/b.md": "draft"})


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def live_files(index_dir: Path) -> int:
    manifest = Generations(index_dir).folder(Generations(index_dir).live()) / "manifest.json"
    files: int = json.loads(manifest.read_text())["files"]
    return files


def test_json_output_is_one_document_with_the_counts(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    write_docs(docs_dir, {"größe.md": b"\x00"})
    result = invoke(docs_dir, "--index-dir", index_dir, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report.pop("embed_s") <= report.pop("total_s")
    assert report == {
        "generation": 1,
        "published": True,
        "docs_dir": str(docs_dir),
        "source": None,
        "commit": None,
        "branch": None,
        "uncommitted": [],
        "files": 2,
        "included": 0,
        "chunks": 3,
        "languages": {"unknown": 2},
        "added": ["a.md", "drafts/b.md"],
        "changed": [],
        "deleted": [],
        "unchanged": 0,
        "skipped": [{"path": "größe.md", "reason": "binary", "detail": "holds NUL bytes", "lost": "page"}],
        "rebuilt_because": None,
        "untidy": None,
        "answers_deleted": 0,
        "kept_elsewhere": [],
        "embedded": 3,
    }
    assert result.stderr == ""


def test_front_matter_that_was_not_read_is_told_apart_from_skipped_pages(
    docs_dir: Path, index_dir: Path, write_docs: WriteDocs
) -> None:
    write_docs(docs_dir, {"fm.md": "---\ntitle: a: b\n---\ntext", "z.md": b"\xff"})
    result = invoke(docs_dir, "--index-dir", index_dir)
    assert result.stdout.endswith(", 1 skipped, front matter of 1 not read\n")
    assert result.stderr.splitlines() == [
        "skipped z.md: not UTF-8 (byte 0: invalid start byte)",
        "fm.md: front matter not read: mapping values are not allowed here in its line 1, column 9; "
        "the page itself was read",
    ]


def test_text_output_names_counts_and_what_was_skipped(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    write_docs(docs_dir, {"red\x1b[31m.md": b"\x00", "z.md": b"\xff"})
    result = invoke(docs_dir, "--index-dir", index_dir)
    assert result.exit_code == 0
    assert re.fullmatch(
        rf"generation 1: 2 files, 3 chunks from {re.escape(str(docs_dir))} in \d+\.\d s; "
        r"built from nothing; 3 embedded \(\d+/s\), 2 skipped\n",
        result.stdout,
    )
    # A file name must not drive the terminal.
    assert result.stderr.splitlines() == [
        "skipped red[31m.md: binary (holds NUL bytes)",
        "skipped z.md: not UTF-8 (byte 0: invalid start byte)",
    ]


def test_only_the_first_ten_skips_are_printed(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    write_docs(docs_dir, {f"{number:02}.md": b"\x00" for number in range(12)})
    lines = invoke(docs_dir, "--index-dir", index_dir).stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:10]] == [f"skipped {number:02}.md" for number in range(10)]
    assert lines[10:] == ["... and 2 more; `footnote status --json` lists them"]


def test_the_skips_that_are_printed_are_the_gravest(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    write_docs(docs_dir, {f"a{number:02}.md": "---\ntitle: a: b\n---\ntext" for number in range(12)})
    write_docs(docs_dir, {"y.md": b"\x00", "z/.gitignore": b"\xff", "z/z.md": "text"})
    (docs_dir / "zz").symlink_to("/")
    result = invoke(docs_dir, "--index-dir", index_dir)
    lines = result.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines[:4]] == ["skipped zz", "z/.gitignore", "skipped y.md", "a00.md"]
    assert lines[1].endswith("; its patterns did not apply")
    assert lines[10:] == ["... and 5 more; `footnote status --json` lists them"]
    assert result.stdout.endswith(", 2 skipped, patterns of 1 ignore files not read, front matter of 12 not read\n")


def test_flags_win_over_the_environment(docs_dir: Path, index_dir: Path) -> None:
    environment = {"FOOTNOTE_DOCS_DIR": "/nowhere", "FOOTNOTE_EXCLUDE": "*", "FOOTNOTE_INDEX_DIR": str(index_dir)}
    assert invoke(docs_dir, "--exclude", "drafts/, *.tmp.md", environment=environment).exit_code == 0
    assert live_files(index_dir) == 1
    assert invoke(docs_dir, environment=environment | {"FOOTNOTE_EXCLUDE": ","}).exit_code == 0
    assert live_files(index_dir) == 2


def test_docs_and_index_of_the_working_folder_are_the_default(write_docs: WriteDocs) -> None:
    write_docs(Path("docs"), {"a.md": "one"})
    assert invoke().exit_code == 0
    assert live_files(Path("chroma_db")) == 1


def test_a_missing_folder_exits_2_and_names_path_and_fix(tmp_path: Path, index_dir: Path) -> None:
    result = invoke(tmp_path / "nope", "--index-dir", index_dir)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: the docs folder {tmp_path / 'nope'} does not exist; "
        "name one with `footnote ingest DIR` or FOOTNOTE_DOCS_DIR\n"
    )


def test_an_error_with_json_is_a_problem_on_standard_output(tmp_path: Path) -> None:
    result = invoke(tmp_path / "nope", "--json")
    assert result.exit_code == 2
    problem = json.loads(result.stdout)
    assert (problem["type"], problem["title"]) == ("urn:footnote:problem:docs-folder", "Docs folder")
    assert str(tmp_path / "nope") in problem["detail"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--chunk-size", "99"], "FOOTNOTE_CHUNK_SIZE_CHARS: Input should be greater than or equal to 100"),
        (["--chunk-overlap", "501"], "FOOTNOTE_CHUNK_OVERLAP_CHARS must be at most half of"),
    ],
)
def test_a_wrong_setting_exits_2_and_names_it(docs_dir: Path, arguments: list[str], message: str) -> None:
    result = invoke(docs_dir, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_mistyped_setting_exits_2_with_the_right_name(docs_dir: Path) -> None:
    result = invoke(docs_dir, environment={"FOOTNOTE_CHUNK_SIZE": "500"})
    assert result.exit_code == 2
    assert "unknown setting FOOTNOTE_CHUNK_SIZE: did you mean FOOTNOTE_CHUNK_SIZE_CHARS?" in result.stderr


def test_an_ingest_beside_a_running_one_exits_3(docs_dir: Path, index_dir: Path) -> None:
    with Generations(index_dir).lock():
        result = invoke(docs_dir, "--index-dir", index_dir)
    assert result.exit_code == 3
    assert result.stderr == f"error: another ingest is running on {index_dir}: wait for it, or stop it and try again\n"


def test_a_model_that_is_missing_exits_4(docs_dir: Path, index_dir: Path) -> None:
    result = invoke(docs_dir, "--index-dir", index_dir, environment={"FOOTNOTE_EMBEDDER": "/no/model"})
    assert result.exit_code == 4
    assert result.stderr.startswith("error: FOOTNOTE_EMBEDDER=/no/model: no such folder; use `bundled`")


def test_an_index_that_cannot_be_written_exits_1(docs_dir: Path, index_dir: Path) -> None:
    index_dir.write_text("a file where the folder goes")
    result = invoke(docs_dir, "--index-dir", index_dir)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: the index in {index_dir} cannot be written")


def test_python_m_ingest_and_footnote_ingest_are_the_same_command(docs_dir: Path, index_dir: Path) -> None:
    outputs = [
        run(sys.executable, "-m", "footnote.ingest", docs_dir, "--index-dir", index_dir, "--json"),
        run(Path(sys.executable).with_name("footnote"), "ingest", docs_dir, "--index-dir", index_dir, "--json"),
    ]
    assert [(output.returncode, output.stderr) for output in outputs] == [(0, ""), (0, "")]
    reports = [json.loads(output.stdout) for output in outputs]
    # The second finds nothing to do.
    assert [(report["generation"], report["published"]) for report in reports] == [(1, True), (1, False)]
    assert reports[0].keys() == reports[1].keys()
    assert reports[0]["chunks"] == reports[1]["chunks"] == 3


PORTUGUESE = "Se o serviço não iniciar, verifique a configuração e se a porta não é usada por um outro processo."


def test_docs_that_the_bundled_models_do_not_read_are_said_once(
    docs_dir: Path, index_dir: Path, write_docs: WriteDocs
) -> None:
    write_docs(docs_dir, {f"pt{number}.md": f"# {number}\n\n{PORTUGUESE}" for number in range(3)})
    first = invoke(docs_dir, "--index-dir", index_dir)
    assert first.stderr.startswith(
        "most pages are not in English (pt 3, unknown 2), and the bundled models read English"
    )
    assert "FOOTNOTE_MODELS=multilingual" in first.stderr
    write_docs(docs_dir, {"pt4.md": PORTUGUESE})
    assert invoke(docs_dir, "--index-dir", index_dir).stderr == ""
    status = CliRunner().invoke(app, ["status", "--index-dir", str(index_dir)])
    assert re.search("languages +pt 4, unknown 2", status.stdout)


def test_docs_of_which_few_pages_are_in_another_language_need_no_word(
    docs_dir: Path, index_dir: Path, write_docs: WriteDocs
) -> None:
    write_docs(docs_dir, {"pt.md": PORTUGUESE})
    assert invoke(docs_dir, "--index-dir", index_dir).stderr == ""


def test_a_name_with_a_line_end_is_told_in_one_line(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    write_docs(docs_dir, {"a\nerror: all is lost.md": b"\xff\xfe\x00", "b\ngeneration 7.md": "# B\n"})
    seen = invoke(docs_dir, "--index-dir", index_dir, "--dry-run")
    assert seen.exit_code == 0
    assert not re.search(r"^(error|generation 7)", seen.output, re.MULTILINE)
    assert "a\\nerror: all is lost.md" in seen.output
    assert "+ b\\ngeneration 7.md" in seen.output


def test_a_root_with_a_line_end_is_told_in_one_line(docs_dir: Path, index_dir: Path) -> None:
    told = invoke(docs_dir, "--index-dir", index_dir, "--dry-run", "--include-roots", "a\ngeneration 7").output
    assert "a\\ngeneration 7 is no folder" in told
