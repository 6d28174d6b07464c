"""`footnote tune-llm openai`: jobs of OpenAI, and of services that are compatible with it.

start -> (status --watch) -> --use        events, cancel, list
"""
