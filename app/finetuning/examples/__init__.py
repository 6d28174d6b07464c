"""Training examples: what a language model is sent, and what it should reply.

sources -> examples -> split by page -> files, and a card
"""
