"""Pictures of every view of the page in both colour schemes, on the guide: `python bench/page/screenshots.py [FOLDER]`.

Needs what `make test-web` installs; pngquant, where it is there, makes them small. A scripted language model writes the
answers of `written`, with a sentence that is true, one that is not proved, and one that is left out.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.fake_llm import run_fake_llm  # noqa: E402
from tests.page.test_widget import site  # noqa: E402
from tests.serving import KEY, services  # noqa: E402

WIDE, NARROW = (1280, 800), (360, 720)
QUESTION = "What happens to the answers when I delete a page?"
MISSING = "How do I renew my parking permit?"
WRITTEN = """\
When a page is deleted, its passages leave the index with the next `footnote ingest` [1]. Until that ingest, the live \
index still answers from the deleted page [1]. Deleted pages cost 5 dollars. Administrators usually notice at once [1].
"""
Shot = tuple[str, str, tuple[int, int], Callable[[Page], None]]


def ask(page: Page, question: str = QUESTION) -> None:
    page.locator(".suggestion").first.wait_for()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy", exact=True).wait_for()


def read(page: Page) -> None:
    ask(page)
    page.locator(".prose .chip").first.click()
    page.locator(".reader .badge-verified").wait_for()


def written(page: Page) -> None:
    ask(page)
    page.locator(".dropped summary").click()
    page.get_by_role("button", name="Check sources").click()
    page.locator(".sources .badge-verified").last.wait_for()


def why(page: Page) -> None:
    ask(page)
    page.get_by_role("button", name="Why?").click()
    page.get_by_label("Its path").fill("models.md")
    page.get_by_role("button", name="Explain").click()
    page.locator(".why [role=status] p").first.wait_for()
    page.locator(".why").scroll_into_view_if_needed()


def view(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.get_by_role("link", name=name).click()
        if name == "Gaps":
            page.get_by_label("Key", exact=True).fill(KEY)
            page.keyboard.press("Enter")
        page.locator(".facts, .gap, .view table").first.wait_for()

    return opened


def panel(page: Page) -> None:
    page.get_by_role("button", name="Ask the handbook").click()
    ask(page)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="footnote-") as work, run_fake_llm() as llm, site("", "") as other:
        index = Path(work) / "index"
        docs = shutil.copytree(ROOT / "docs", Path(work) / "docs")
        footnote = [sys.executable, "-m", "footnote.app"]
        questions = Path(work) / "questions.jsonl"
        guide = [json.loads(line) for line in (ROOT / "tests/guide_questions.jsonl").read_text("utf-8").splitlines()][
            :30
        ]
        questions.write_text(
            "".join(
                json.dumps({"question": one["question"], "answerable": True, "gold": [{"path": one["path"]}]}) + "\n"
                for one in guide
                if not one.get("refused")
            )
        )
        subprocess.run([*footnote, "ingest", str(docs), "--index-dir", str(index)], check=True)
        subprocess.run([*footnote, "eval", str(questions), "--index-dir", str(index)], check=False)
        folders = (Path(work) / f"service{number}" for number in range(9))

        def new_folder() -> Path:
            new = next(folders)
            new.mkdir()
            return new

        with services(new_folder) as serve, sync_playwright() as playwright:
            common = {"index_dir": index, "docs_dir": docs, "reranker": "bundled"}
            origin = f"http://127.0.0.1:{other.server_port}"
            quoting = serve(**common, admin_key=KEY, allowed_origins=origin)
            llm.text = WRITTEN
            writing = serve(**common, llm_base_url=llm.base_url, llm_api_key="none")
            for service in (quoting, writing):
                service.serves(1)
            here, there = (f"http://127.0.0.1:{service.port}/" for service in (quoting, writing))
            other.service_url, other.element = (
                here,
                '<footnote-ask mode="sidepanel" label="Ask the handbook"></footnote-ask>',
            )
            for _ in range(3):
                quoting.request("POST", "/query", {"question": MISSING})
            shots: list[Shot] = [
                ("begin", here, WIDE, lambda page: page.locator(".suggestion").first.wait_for()),
                ("ask", here, WIDE, read),
                ("written", there, WIDE, written),
                ("refused", here, WIDE, lambda page: ask(page, MISSING)),
                ("why", here, (1280, 1100), why),
                ("docs", here, WIDE, view("Docs")),
                ("gaps", here, WIDE, view("Gaps")),
                ("evaluation", here, WIDE, view("Evaluation")),
                ("phone", here, NARROW, ask),
                ("phone-reader", here, NARROW, read),
                ("widget", origin, WIDE, panel),
            ]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, url, (width, height), prepare in shots:
                for scheme in ("light", "dark"):
                    window = browser.new_context(
                        color_scheme=scheme,  # type: ignore[arg-type]
                        viewport={"width": width, "height": height},
                        reduced_motion="reduce",
                    )
                    page = window.new_page()
                    page.goto(url)
                    prepare(page)
                    page.wait_for_timeout(300)
                    page.screenshot(path=folder / f"{name}-{scheme}.png")
                    window.close()
            browser.close()
    if shutil.which("pngquant"):
        files = [str(file) for file in folder.glob("*.png")]
        subprocess.run(["pngquant", "--force", "--ext", ".png", "--quality", "60-90", "64", *files], check=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
