"""The command line.

    main -> a module a group of commands -> (engine, evaluation, ...) -> render

`options.py` has what several commands take; `footnote ingest` is in ingest/commands/cli.py. `commands.py` is how
arguments are read, `prose.py` how an answer is printed, `lines.py` how other text of the docs is.
Open `main.py` first.
"""
