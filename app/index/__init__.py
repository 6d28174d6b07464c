"""Everything that lies in chroma_db/.

    ingest -> generations -> (vector_store + lexical_index + raw_pages + manifest) -> reader -> retrieval

`generations.py` says what lies where and publishes; `reader.py` opens the live one for questions. `chroma_folder.py`
and `lexical_segments.py` are the files of Chroma and of tantivy, `filters.py` turns conditions into a set of files,
`docs_folder.py` says which folder was ingested, `raw_pages.py` keeps the bytes of its pages, `page.py` puts a page
together from its chunks, `job.py` is what an ingest tells of itself.
Open `generations.py` first.
"""
