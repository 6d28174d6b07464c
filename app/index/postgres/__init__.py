"""The store with its vectors in PostgreSQL, by pgvector; chunks and terms lie in the generation's folder.

    changes -> embedded/lexical_part + writer -> tantivy/ + tables -> vectors -> reader

A schema holds the generations that were made from each other; its rows are only ever added, so that one that is
opened reads the same whatever is published after it. `schema.py` has the tables: open it first.
"""
