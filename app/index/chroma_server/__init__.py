"""A store with its vectors on a Chroma server, chunks and terms in the generation's folder.

    changes -> vectors (a collection a generation) + embedded/lexical_part -> server + tantivy/

Open `store.py` first; `connection.py` is all that is sent before a collection is known, `owner.py` says whose one is.
"""
