"""What of a page can stand as a quote, found on the page as a whole.

    blocks, masks -> parts (questions above answers, labels around blocks) -> leaves (sentences, items, rows, code)

So a chunk that begins in a table, a fence or a tab still knows it. Open `parts.py` first.
"""
