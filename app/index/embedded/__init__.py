"""The store that needs no server: vectors in an embedded Chroma, chunks and terms in tantivy, both in the folder.

    changes -> chroma_store + lexical_segments -> chroma/ + tantivy/ -> chroma_store + tantivy_index

`chroma_folder.py` is about Chroma's files, `lexical_segments.py` about tantivy's. Open `store.py` first.
"""
