"""A language model tuned to answer from retrieved passages as Footnote asks it to, and the proof that it helped.

    kept answers, question files, drafts -> examples -> checking -> jobs (a provider) | lora (this machine)
                                         -> proving -> served by the setting

Open `examples/types.py` first.
"""
