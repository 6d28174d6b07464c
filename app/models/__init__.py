"""The models, each made by one function of the settings, loaded once.

    text -> embedder -> vector      (question, passage) -> reranker -> logit      prompt -> chat -> message

The bundled ones run on `onnx_model.py`; `sentence_transformers.py` is an extra; `local_llm.py` serves a GGUF file by
`llama_server.py`. Open `embedder.py`, `reranker.py` or `chat.py` first.
"""
