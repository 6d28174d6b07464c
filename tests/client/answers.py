"""An answer as a service gives it."""

from footnote.app.schemas.answers import AnswerOut

CITED = AnswerOut.model_validate(
    {
        "question": "Which port?",
        "asked_as": None,
        "answer": "Relay listens on port 7070 \\[x\\] [1].",
        "mode": "extractive",
        "model": "extractive",
        "refused": False,
        "refused_by": None,
        "refusal_reason": None,
        "answerability": 0.9,
        "nearest": [],
        "searched": {"files": 1, "total_files": 1, "passages": 1, "queries": []},
        "sentences": [{"text": "Relay listens.", "citations": [1], "verdict": "supported", "reason": ""}],
        "citations": [
            {
                "number": 1,
                "path": "a.md",
                "title": "A",
                "heading_path": ["A"],
                "start_line": 1,
                "end_line": 1,
                "start": 0,
                "end": 5,
                "quote": "Relay",
                "sha256": "0" * 64,
                "generation": 1,
                "url": None,
                "table_header": "",
                "also_at": [],
            }
        ],
        "premises": [],
        "truncated": False,
        "unknown_markers": 0,
        "dropped": [],
        "check_failed": None,
        "rewrite_failed": None,
        "notice": None,
        "generation": 1,
        "timings_ms": dict.fromkeys(
            ("embed", "lexical", "vector", "fuse", "rerank", "answer", "check", "total", "rewrite"), 0.5
        ),
        "tokens": None,
    }
)
