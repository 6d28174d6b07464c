"""Small docs folders that hypothesis draws, of which somebody may read a part, and what is asked of them."""

from hypothesis import strategies as st

WORDS = ("relay", "port", "backup", "zebra", "queue", "folder", "secret", "7070", "`--no-cache`", "größe")
PATHS = ("a.md", "b.md", "guides/a.md", "guides/b.md", "internal/a.md", "internal/deep/b.md")
QUESTIONS = ("Which port does the relay use?", "Where is the secret folder of the zebra?", "What does --no-cache do?")
# Sections of words, by path.
PAGES = st.dictionaries(
    st.sampled_from(PATHS),
    st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=12), min_size=1, max_size=3),
    min_size=2,
)
