"""code: what a block of code in an answer takes from the docs, and what it makes up. Pure functions.

Keys, flags, commands and called names are those of the product; values, paths, file names and what stands in quotes
are the reader's own.
"""

import re
from collections.abc import Iterator

from footnote.app.checking.facts import Evidence, Fact

_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,}).*$", re.M)
_COMMENT = re.compile(r"(?:^|[ \t])(?:#|//)(?=[ \t]).*$", re.M)
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_FLAG = re.compile(r"(?<![\w-])--[A-Za-z][\w.-]*\w")
_KEY = re.compile(r"(?:^|[\s{,(\[;])[\"']?(?P<name>[A-Za-z_$][\w.-]*)[\"']?(?=[ \t]*(?:=(?![=~])|:(?:[ \t]|$)))", re.M)
_CALL = re.compile(r"(?<![\w.])(?P<name>[A-Za-z_][\w.]*)(?=\()")
_VARIABLE = re.compile(r"(?<![\w-])(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b")
_PROMPT = re.compile(r"^[ \t]*(?:[$#%>][ \t]+)?(?:sudo[ \t]+)?(?P<command>[a-z][\w-]*)(?=[ \t]|$)", re.M)
_SHELL_LANGUAGES = re.compile(
    r"[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:bash|sh|shell|console|zsh|shell-session|terminal)\b", re.I
)
# What every shell has, whatever the docs are about.
_SHELL_WORDS = """
sudo cat export cd mkdir curl wget ls echo source cp mv rm chmod chown touch tar unzip grep sed awk tee which env apt
apt-get brew yum dnf pip python python3 git docker kubectl npm node bash sh vi vim nano head tail find set systemctl ssh
scp kill ps printf test true false if then else fi for do done while exit return
"""
_SHELL = frozenset(_SHELL_WORDS.split())


def foreign_code(block: str, evidence: Evidence) -> Iterator[Fact]:
    """The names of a block of code, each once, that should be the product's and that the evidence lacks."""
    code = _COMMENT.sub("", _FENCE.sub("", block))
    own = {
        match["name"]
        for match in re.finditer(r"(?:^|\s)(?:export\s+|let\s+|const\s+|def\s+|class\s+)(?P<name>\w+)", code)
    }
    bare = _QUOTED.sub('""', code)
    names = [Fact("flag", match.group(), match.group()) for match in _FLAG.finditer(code)]
    for pattern, text in ((_KEY, code), (_CALL, bare), (_VARIABLE, bare)):
        names += [Fact("identifier", match["name"], match["name"]) for match in pattern.finditer(text)]
    if _SHELL_LANGUAGES.match(block):
        names += [
            Fact("identifier", match["command"], match["command"])
            for match in _PROMPT.finditer(bare)
            if match["command"] not in _SHELL
        ]
    seen = set()
    for name in names:
        if name.key not in seen and name.key not in own and not evidence.holds(name):
            seen.add(name.key)
            yield name
