"""Everything that lies in chroma_db/.

    ingest -> generations -> (store + raw_pages + manifest) -> reader -> retrieval

`generations.py` says what lies where and publishes; `reader.py` opens the live one for questions. `seam.py` is what a
store of chunks must do, `store.py` chooses one: `embedded/` is Chroma and tantivy in the folder; `documents.py` and
`lexical_index.py` are what all share of chunks and terms. `filters.py` turns conditions into a set of files,
`docs_folder.py` says which folder was ingested, `raw_pages.py` keeps the bytes of its pages, `page.py` puts a page
together from its chunks, `job.py` is what an ingest tells of itself.
Open `generations.py` first.
"""
