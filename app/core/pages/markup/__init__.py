"""What of a page is markup of its site, and which labels it gives.

    text -> tags (html_tags, template_tags: values) -> elements (labels, rows, what is hidden)
    text -> directives, labels, site_syntax

`line_marks.py` are marks in code. Open `tags.py` first.
"""
