"""Where examples come from: each source gives cases, and counts what it leaves out.

questions of files, drafts -> labels -> retrieval -> oracle, distractors -> answer -> cited by the check -> cases
"""
