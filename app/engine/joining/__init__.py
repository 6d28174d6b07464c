"""Several open indexes, asked as if they were one.

    engines by collection -> retriever (each searches, one reranker orders) -> flow -> told (by collection)

Within the flow a page is called COLLECTION/PATH, so that pages of the same name stay two. Open `engine.py` first.
"""
