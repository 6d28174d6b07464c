"""Fine-tuning jobs of OpenAI, and of services that are compatible with it.

file -> upload -> create -> watch (events, status) -> tuned model

Open `provider.py` first, then `watching.py`.
"""
