"""Where docs come from: a folder, or a repository of Git.

    address -> look (remote) -> fetch -> tree -> docs folder, commit

`git.py` runs git, and nothing of a repository by it. Open `source.py` first.
"""
