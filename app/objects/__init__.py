"""Objects by name: what is kept beyond this machine, in a folder, a bucket or behind rsync.

    address -> open -> Directory | S3 | Rsync -> read, write, found, delete -> checked

`protocol.py` says what a store of objects does, `open.py` which one an address means, `checked.py` reads what must
have a size and a hash. Buckets need the extra `s3`. Open `protocol.py` first.
"""
