"""The plain form of a text: what a reader sees, with the tricks undone that hide a value from a search.

Offsets in the plain form map back to the original text, so that what is taken out is taken out there.
Undone are invisible characters, full-width and other compatibility forms (Unicode NFKC), letters of
other alphabets that look Latin inside a Latin word (UTS 39, confusables), HTML entities and tags,
soft hyphens, and typographic hyphens and spaces.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

#: A character other than those that most texts are made of: then each is looked at.
_UNUSUAL = re.compile(
    r"[^\n\r\t -%'-~åäöÅÄÖéÉüÜæøÆØèà…]"  # the ampersand is unusual, too
    r"|<(?!PERSON_\d+>|[A-Z]{3,}(?:_[A-Z]+)*>)(?=[/A-Za-z!])"
)
#: What an earlier redaction put in the place of something.
PLACEHOLDER = re.compile(r"<(?:PERSON_\d+|[A-Z]{2,}(?:_[A-Z]+)*|WITHHELD:[a-z]+)>")
_TAG = re.compile(
    r"</?(?:(?P<inside>a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike"
    r"|strong|sub|sup|tt|u|var|wbr)|br|div|h[1-6]|hr|img|li|ol|p|table|tbody|td|th|tr|ul)\b[^<>]{0,500}>"
    r"|(?P<comment><!--[^<>]{0,500}-->)",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp;){0,3}(#\d{1,20};?|#[xX][0-9a-fA-F]{1,20};?|[A-Za-z]{2,12};)")
_BLANKS = "\u034f\u115f\u1160\u3164\uffa0"
_SIGNS = {**dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"), **dict.fromkeys("‘’ʼ´`′", "'")}
#: Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухԁһԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιανρυκᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "ABESIJKMHOPCTXYaesijopcyxdhqwvABEZHIKMNOPTYXoiavpukabcdefghijklmnoprstuvwyz",
)
_WORD = re.compile(r"[^\W\d_]+")
#: "a n n a", "a.n.n.a", "a_n_n_a", "0 7 0 1": single letters or digits, apart.
_APART = re.compile(
    r"(?<![^\W_])(?:[^\W\d_](?P<by>[ .*_-])(?:[^\W\d_](?P=by)){2,}[^\W\d_]|(?:\d ){5,}\d)(?![^\W_])"
)
#: A line break inside a number: between digits, or behind its hyphen.
_BROKEN = re.compile(r"(?<=\d{3})\n(?=\d{3})|(?<=\d{3}-)\n(?=\d{3})")
_KEPT = "µªº…"  # NFKC would make Greek letters or several characters of them


@dataclass(frozen=True, slots=True, repr=False)
class Plain:
    """A text in its plain form; `origin[i]` is the range of the original that character i stands for."""

    text: str
    original: str
    origin: tuple[tuple[int, int], ...] | None = field(default=None)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that `text[start:end]` was read from."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start][0], self.origin[end - 1][1]


def plain(original: str) -> Plain:
    """Read a text plainly. Texts without anything unusual are returned as they are."""
    if not any(pattern.search(original) for pattern in (_UNUSUAL, _APART, _BROKEN)):
        return Plain(original, original)
    characters = list(_characters(original))
    text = _latin("".join(character for character, _ in characters))
    between = {at for apart in _APART.finditer(text) for at in range(apart.start() + 1, apart.end(), 2)}
    between.update(line.start() for line in _BROKEN.finditer(text))
    kept = [at for at in range(len(text)) if at not in between]
    return Plain("".join(text[at] for at in kept), original, tuple(characters[at][1] for at in kept))


def _characters(original: str) -> Iterator[tuple[str, tuple[int, int]]]:
    at = 0
    while at < len(original):
        if original[at] == "<" and (tag := _TAG.match(original, at)):
            if not (tag["inside"] or tag["comment"]):
                yield " ", (at, tag.end())
            at = tag.end()
        elif original[at] == "&" and (entity := _ENTITY.match(original, at)):
            for character in _visible(html.unescape(f"&{entity[1]}")):
                yield character, (at, entity.end())
            at = entity.end()
        else:
            end = _end_of_cluster(original, at)
            for character in _visible(original[at:end]):
                yield character, (at, end)
            at = end


def _end_of_cluster(text: str, at: int) -> int:
    """A letter and the marks that stand on it are composed together."""
    end = at + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


@lru_cache(maxsize=4096)
def _visible(cluster: str) -> str:
    if cluster in _SIGNS:
        return _SIGNS[cluster]
    seen = "".join(c for c in cluster if c in "\n\r\t" or not (c in _BLANKS or _is_hidden(c)))
    composed = seen if seen in _KEPT else unicodedata.normalize("NFKC", seen)
    return "".join(_SIGNS.get(c) or _simple(c) for c in composed if not unicodedata.combining(c))


def _is_hidden(character: str) -> bool:
    """Whether nothing is seen: formats, controls, and selectors of another look."""
    return unicodedata.category(character) in ("Cf", "Cc") or "VARIATION" in unicodedata.name(character, "")


def _simple(character: str) -> str:
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Zl" | "Zp":
            return "\n"
        case "Nd":
            return str(unicodedata.decimal(character))
    return character


def _latin(text: str) -> str:
    """Words that mix alphabets, or are made of lookalikes alone, in Latin letters."""
    return text if text.isascii() else _WORD.sub(lambda word: _latin_word(word[0]), text)


def _latin_word(word: str) -> str:
    latin = word.translate(_LOOKALIKES)
    return latin if all("LATIN" in unicodedata.name(c, "") for c in latin if c not in _KEPT) else word
