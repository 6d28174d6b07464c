"""The question side: the query flow, the command line and the HTTP service."""
