"""What a client can call. The docstrings and the descriptions of the fields are what it reads.

    pages (find, read, list), asking (ask, explain), citations (verify) -> results

Each calls the flow that the command line and HTTP call. Nothing of the docs gets into a description.
"""
