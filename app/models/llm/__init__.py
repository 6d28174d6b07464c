"""Language models, each behind LangChain's `BaseChatModel`: prompt -> chat model -> message.

`chat.py` makes what the settings name, `own_llm.py` one with settings of its own, `local_llm.py` a GGUF file by
`llama_server.py`; `streamed.py` reads what they write. `known.py` knows when models end and what they cost, by
`known_models.toml`; `pricing.py` whose price holds. Open `chat.py` first.
"""
