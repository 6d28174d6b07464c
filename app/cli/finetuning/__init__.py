"""The commands of `footnote tune-llm`, a module each; `group.py` lists them."""
