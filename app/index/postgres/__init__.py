"""The store in PostgreSQL with pgvector: everything but the pages is in a schema of the database.

    changes -> writer -> loading (COPY) -> tables -> chunks + vectors -> reader

A schema holds the generations that were made from each other; its rows are only ever added, so that one that is
opened reads the same whatever is published after it. `schema.py` has the tables: open it first.
"""
