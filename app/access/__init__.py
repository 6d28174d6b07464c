"""Who is asking, and what of the docs they may see.

    request -> caller (keys/ | oidc/ | nobody in particular) -> grants -> path limits -> the index of what they may read

Open `types.py` first.
"""
