"""Whether every citation that answers give verifies as valid against the docs.

    python bench/verify_all.py INDEX_DIR QUESTIONS.jsonl [DOCS_DIR]

Asks each question of the file, in the mode that the environment sets up (FOOTNOTE_LLM and the like; extractive
without them), sends each answer through the JSON that `footnote ask --json` prints, and verifies it as
`footnote verify` does. DOCS_DIR is the folder that was ingested unless given. Prints counts, and each citation that
is not valid; the exit code is 1 when there is one.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import open_engine
from footnote.app.index.docs_folder import docs_folder
from footnote.app.schemas.answers import AnswerOut
from footnote.app.verifying.saved import read_citations
from footnote.app.verifying.verify import verify


def main() -> None:
    given = {"docs_dir": sys.argv[3]} if len(sys.argv) > 3 else {}
    settings = load_settings(None, index_dir=sys.argv[1], **given)
    engine = open_engine(settings)
    docs_dir = docs_folder(settings, engine.index.manifest)
    questions = [json.loads(line)["question"] for line in Path(sys.argv[2]).read_text("utf-8").splitlines()]
    answers = [engine.ask(question) for question in questions]
    verdicts: Counter[str] = Counter()
    for answer in answers:
        citations = read_citations(AnswerOut.model_validate(answer).model_dump_json().encode())
        for one in verify(citations, docs_dir, settings.ingest):
            verdicts[one.verdict] += 1
            if one.verdict != "valid":
                print(f"{one.verdict}: {answer.question!r} {one.citation!r} {one.reason}")
    refused = sum(answer.refused for answer in answers)
    cited = sum(bool(answer.citations) for answer in answers)
    print(f"{answers[0].model}: {len(answers)} questions, {refused} refused, {cited} answers with citations")
    print(f"{sum(verdicts.values())} citations: {', '.join(f'{n} {verdict}' for verdict, n in verdicts.items())}")
    engine.close()
    sys.exit(bool(set(verdicts) - {"valid"}))


if __name__ == "__main__":
    main()
