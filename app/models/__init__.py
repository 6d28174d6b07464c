"""The models, each made by one function of the settings, loaded once.

    text -> embedder -> vector      (question, passage) -> reranker -> logit      prompt -> llm/ -> message

The bundled ones run on `onnx_model.py`; `sentence_transformers.py` is an extra; `embedding_service/` asks a server;
language models are in `llm/`.
Open `embedder.py`, `reranker.py` or `llm/chat.py` first.
"""
