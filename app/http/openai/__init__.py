"""The service as OpenAI's clients know it.

    messages -> helper prompt | conversation -> asking -> annotations -> completion, at once or in chunks
    problem -> errors

Open `routes.py` first. `open_webui.py` and `helper_prompts.py` are what that client alone sends and gets.
"""
