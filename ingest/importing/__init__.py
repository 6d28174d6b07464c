"""Documents of other formats become markdown files, which an ingest then reads as it reads any page.

    sources -> diff against what was written before -> convert, each in a process of its own -> page -> write, remove

`find.py` finds the sources, `formats.py` says who converts which, `plan.py` what there is to do, `state.py` what was
done before, `record.py` notes what is done, `page_file.py` the form of a page; `convert.py` starts `converters/`,
where a document is read under limits, and `flow.py` does it all. Open that first.
"""
