"""An ingest on several machines, which form a Ray cluster: pages are cut and embedded there.

    files read here -> bytes -> worker: cut     texts that the cache lacks -> worker: embed -> cache, as they arrive

Everything else is as on one machine: it is found, compared, written and published here, so the index is the same bit by
bit. `connecting.py` joins the cluster, `workers.py` has its workers and what each has to do, `worker.py` runs there,
`cluster.py` is what an ingest asks. Open that first.
"""
