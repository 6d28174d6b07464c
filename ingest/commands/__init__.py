"""The ways to run an ingest.

    cli: ingest | --check | --dry-run | --watch -> flow -> report

`check.py` compares an index with its docs folder, `watch.py` follows a folder, `job.py` tells a service how far its
ingest is. Open `cli.py` first.
"""
