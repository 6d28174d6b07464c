"""Characters by how their scripts make words, each for use in a class of a regular expression."""

# Vowel signs and accents that are characters of their own. `\w` leaves them out, though words are made of them.
MARKS = "\u0300-\u036f\u0900-\u0963\u0971-\u0df3\u0f71-\u0f84\u0f90-\u0fbc\u1dc0-\u1dff\u20d0-\u20ff"
# Scripts that put no space between words: Han, kana, Thai, Lao, Burmese, Khmer.
UNSPACED = (
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
)
# Korean.
HANGUL = "\u1100-\u11ff\uac00-\ud7a3"
