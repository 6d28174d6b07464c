"""An embedding server with OpenAI's API (OpenAI, TEI, vLLM, Infinity): texts -> unit vectors.

    texts -> batches.py -> request -> reply.py -> unit vectors, in any order         stream.py, of an ingest
    text ----------------> request -> reply.py -> unit vector                        asking.py, of a question
    a request that fails -> failures.py -> again (waiting.py: when) | smaller | an error that names the fix

`server.py` has whom to ask, of the settings. Open `embedder.py` first.

LangChain's client is not used: it sends numbers of OpenAI's tokenizer in place of text, which other models read as
other words, needs a download for them, asks one request after the other, and obeys no limits but `Retry-After`.
"""
