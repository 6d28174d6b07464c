"""OIDC: who shows a token that an issuer has signed.

    token -> header -> issuer's keys (fetching -> signing keys, kept) -> signature and claims -> grants -> caller

Open `verifier.py` first.
"""
