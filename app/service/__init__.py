"""What lives as long as the process of the service.

    published generation -> service (engine in use) <- capacity (queue) <- answers (kept, under way) <- questions
    jobs, watcher -> child -> python -m footnote.ingest

`on_demand.py` starts it for a door in its own process. Open `service.py` first.
"""
