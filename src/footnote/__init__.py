"""Footnote's import name: `footnote.app` and `footnote.ingest` are the folders app/ and ingest/ of the repository.

The two folders have names that other projects have too; below this one they collide with none. `app` and `ingest`
beside this file are links, and a wheel has the folders themselves in their place.
"""
