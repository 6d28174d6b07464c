"""Where on a page code is and what is hidden, in one pass from above to below.

    page -> rules (hiding, jsx, directives) of the parser of blocks -> scanner -> scan (code, hidden text, definitions)

A comment holds what looks like code, and code what looks like a comment: whichever begins first is what it is, within
the quotation, list item or container that it stands in. So the parser itself is asked, block by block. `hiding.py`
knows how hidden text begins and ends, `spans.py` what lies where. Open `scan.py` first.
"""
