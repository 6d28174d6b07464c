"""The ingest side: find -> read -> split -> embed -> write new generation -> publish."""
