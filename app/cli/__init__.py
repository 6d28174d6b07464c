"""The command line.

    main -> a module a group of commands -> (engine, evaluation, ...) -> render

`options.py` has what several commands take; `footnote ingest` is in ingest/commands/cli.py. `commands.py` is how
arguments are read, `lines.py` how text of the docs is printed.
Open `main.py` first.
"""
