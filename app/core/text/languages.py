"""Which language a text is in: by its script, and by the short words that every text of a language is full of.

No model: a page of docs has hundreds of such words, and they differ. What none of the profiles fits has no language.
"""

import re
from collections import Counter
from functools import cache
from itertools import islice

from footnote.app.core.text.scripts import HANGUL, MARKS

# The most frequent function words, about as many for each language, so that their shares can be compared.
_FUNCTION_WORDS = {
    "ar": "في من على إلى أن التي هذا هذه عن مع ما لا كان الذي أو بعد كل بين قد ذلك هو هي إذا يمكن عند",
    "bg": "и на за се от не да с по ще като е са може при или това тази ако до който която към чрез след",
    "ca": "i de la el que els les en per amb del una un és al no es com són més aquest aquesta o si als dels",
    "cs": "a se v na je že s z do o k i pro jako ale které jsou podle při od by nebo pokud ve který bude není",
    "da": "og i at er det en til af på for med der den ikke som de fra et har kan hvis eller også skal bliver efter",
    "de": "der die und das den ist in zu mit nicht von ein eine für auf wird im dem werden sich auch als oder wenn sie",
    "en": "the of and to in is a for that on with are as it be this you or from can by not an your if when will have",
    "es": "de la que el en y los se del las por un para con una su al es como no más o si esta este puede son",
    "fa": "و در به از که این را با است برای می آن یک تا های بر هم یا شود اگر باید خود شما کنید کرد",
    "fi": "ja on ei että se joka tai kun mutta myös ovat voi sen jos niin tämä siitä kuin sitä ole jotka käyttää",
    "fr": "de la le les et des en du un une est pour que dans qui sur par pas au avec ce plus ou vous sont si",
    "hu": "a az és hogy nem is egy ez meg de van csak mint ha vagy kell már amely el azt ezt lehet a után minden",
    "id": "yang dan di untuk dengan ini dari tidak dalam pada adalah itu akan atau ke juga dapat oleh anda jika bisa",
    "it": "di e che il la in un per è non una del le i con da della si sono come al dei più o nel gli se questo",
    "nl": "de van een het en in is dat op te met voor zijn niet aan er die ook als om door bij worden wordt naar of",
    "no": "og i er det på som en til for at av med ikke den har de fra et kan om eller også skal hvis blir etter",
    "pl": "w i na z się do nie jest to że o jak po od za przez są lub dla które może ale jest można tego jeśli",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como é ou são ao pode das",
    "ro": "și de în la a cu pe nu o un din care sau este se pentru mai că sunt prin dacă fi ca după ce al",
    "ru": "и в на не с что по для как это от из к или при если то все так но его можно после также может быть",
    "sk": "a sa v na je že s z do o k aj pre ako ale ktoré sú podľa pri od by alebo ak vo ktorý bude nie",
    "sv": "och i att det som en på är av för med till den inte om ett har de kan från eller också ska när blir efter",
    "tr": "ve bir bu için ile de da olarak daha olan gibi çok en veya kadar ise sonra her ancak değil göre var bunu",
    "uk": "і в на не з що до та для як це від за або при якщо у є із то також може після його й",
    "vi": "và của là có trong cho được các một với không để này khi những từ đã bạn người trên sẽ như về nếu hoặc",
}
# Scripts of one language, or of one far more often than of others.
_SCRIPTS = {
    "am": "\u1200-\u137f",
    "bn": "\u0980-\u09ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "hi": "\u0900-\u097f",
    "hy": "\u0530-\u058f",
    "ja": "\u3041-\u309f\u30a1-\u30fa",
    "ka": "\u10a0-\u10ff",
    "km": "\u1780-\u17ff",
    "ko": HANGUL,
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "th": "\u0e00-\u0e7f",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff",
}
LANGUAGES = frozenset((*_FUNCTION_WORDS, *_SCRIPTS))
# As front matter and folders spell them beside the codes above.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "cn": "zh", "jp": "ja", "kr": "ko", "ua": "uk", "cz": "cs"}
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
# Not the `com` of an address, nor the `de` of a path.
_WORD = re.compile(rf"(?<![\w./:@#-])[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?![\w/:@#-]|\.\w)")
# Enough to tell, whatever the length of the page.
_READ_CHARS, _READ_WORDS = 20_000, 3_000
# Guesses: of prose a third are function words, of lists and headings a tenth. A text about Japanese quotes some of it,
# and one in Japanese names products: a character there is half a word.
_FEWEST_WORDS, _SMALLEST_SHARE, _SCRIPT_SHARE = 5, 0.1, 0.2
# English is full of what looks like the words of others; to be another language a text must have clearly more of its.
_MORE_THAN_ENGLISH = 1.5


def language_tag(name: str) -> str:
    """The code of a language that is written `pt`, `pt-BR` or `zh_Hans_CN`; "" for what is no such code."""
    match = _TAG.fullmatch(name.strip())
    code = match[1].lower() if match else ""
    return _SAME.get(code, code)


def language_of(text: str) -> str:
    """The code of the language that the text is in, such as `pt`; "" where that cannot be told."""
    text = text[:_READ_CHARS]
    return (_by_script(text) if not text.isascii() else "") or _by_function_words(text)


def _by_script(text: str) -> str:
    letters = sum(map(str.isalpha, text))
    of_script = Counter({code: len(pattern.findall(text)) for code, pattern in _script_patterns().items()})
    code, most = of_script.most_common(1)[0]
    if letters and most + (of_script["ja"] if code == "zh" else 0) >= _SCRIPT_SHARE * letters:
        # Japanese is written in characters of Chinese too, and never without its own.
        return "ja" if code == "zh" and 10 * of_script["ja"] > most else code
    return ""


def _by_function_words(text: str) -> str:
    counts = Counter(match.group().casefold() for match in islice(_WORD.finditer(text), _READ_WORDS))
    found = {code: sum(counts[word] for word in words) for code, words in _profiles().items()}
    best = max(found, key=lambda code: (found[code], code == "en"))
    if found[best] < _SMALLEST_SHARE * counts.total() or len(_profiles()[best] & counts.keys()) < _FEWEST_WORDS:
        return ""
    return best if best == "en" or found[best] >= _MORE_THAN_ENGLISH * found["en"] else ""


@cache
def _profiles() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}


@cache
def _script_patterns() -> dict[str, re.Pattern[str]]:
    return {code: re.compile(f"[{characters}]") for code, characters in _SCRIPTS.items()}
