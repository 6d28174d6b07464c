"""How each tool writes that a page shows a part of another file: a module a tool.

text of a page -> directives
"""
