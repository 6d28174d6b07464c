"""`footnote tune-llm`: a module a command.

data -> check -> openai | lora -> report -> ab, advise
"""
