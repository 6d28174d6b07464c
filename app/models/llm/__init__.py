"""Language models, each behind LangChain's `BaseChatModel`: prompt -> chat model -> message.

    settings -> chat.py -> openai_chat.py (families.py: in which shape it asks) | local_llm.py | another provider's
    chat model -> streamed.py -> reasoning.py (left out) -> text         its error -> failures.py -> what to do

`own_llm.py` is one with settings of its own, `llama_server.py` serves a GGUF file, `lineup/` knows which models there
are. Open `chat.py` first.
"""
