"""The store on a Milvus server: a collection a generation, which holds chunks, vectors and terms.

    changes + base's rows -> vocabulary -> weights -> collection -> reader

`bm25.py` gives the weights that make inner products BM25, `vocabulary.py` the numbers of terms and files, which lie in
the generation's folder, `server.py` is the connection, `collection.py` what a row is. Open `store.py` first.
"""
