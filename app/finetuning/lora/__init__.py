"""LoRA on this machine: an adapter of an open model, learned from examples.

options -> base -> rows (what fits) -> memory (will it?) -> plan -> train -> adapter -> gguf_adapter -> card, plot

Open `run.py` first. torch and what is built on it are an extra, in an environment of its own, and imported when they
are used.
"""
