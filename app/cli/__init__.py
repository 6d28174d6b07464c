"""The command line.

    main -> a module a group of commands -> (engine, evaluation, ...) -> render

`options.py` has what several commands take; `footnote ingest` and `rollback` are in ingest/commands/cli.py.
Open `main.py` first.
"""
