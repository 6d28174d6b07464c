"""The question side: engine.py holds the query flow, and one folder each of its concerns.

    question -> retrieval -> answering -> checking -> answer

Read `engine.py` first. Imports go down this list only, and within a folder; `pyproject.toml` holds it:

    cli           commands, and how things are printed
    http          the FastAPI application, a module a group of routes
    service       what lives as long as the process: engine in use, queue, ingests, watcher
    evaluation    question files -> scores -> reports
    verifying     a saved answer against the docs of today
    questions     what was asked: the log, what the docs lack
    kept          answers kept whole, for a model to learn from
    engine.py     the query flow, put together
    schemas       the shapes of `--json` and HTTP
    checking      a written answer against the passages that it cites
    answering     passages -> draft with citations
    retrieval     question -> hits, and whether they answer
    index         everything that lies in chroma_db/
    models        embedder, reranker, chat models
    core          what everything speaks: types, settings, errors, text
"""
