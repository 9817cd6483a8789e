"""Hospitals, wards, streets, diseases and methods that are named after people are nobody."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.acts import surely_acts
from pseudonymize.redaction.lists import alternatives, words
from pseudonymize.redaction.reading import Reading

_HOLY = r"(?:s:t|s:ta|st\.?|sankt|sankta|saint|mount|mt\.?|queen|king|drottning|kung)[ -]"
_AFTER_SAINT = re.compile(rf"(?:^|[\W_]){_HOLY}$")
_WITH_SAINT = re.compile(_HOLY)
_NEXT = re.compile(r"[-' ]{0,2}(?:s )?([^\W\d_]+)")
_LAST = re.compile(r"(?<!-)(?<![^\W\d_])([^\W\d_]+)$")
_ROW = r"(?:,| and| och| og| or| eller| to| till| &|/) ?"
_ROW_BEHIND = re.compile(rf"{_ROW}([^\W\d_]+)")
_ROW_BEFORE = re.compile(rf"([^\W\d_]+){_ROW}$")
#: ", Florence and Beatrice wards": the word that a row of names ends with.
_ROW_OF = re.compile(rf"(?:{_ROW}(?!the |our |a |an |my )[^\W\d_]{{2,20}}){{1,4}} ([^\W\d_]+)")
_QUOTES = "\"'”“»«"
_COMPOUND = re.compile(r"-[a-zåäöæø]{4}")
_THING_BEFORE = re.compile(
    r"\b(?:projekt|projektet|project|release|hus|rum|rummet|salen|konferensrum|testmiljön|servern|server|host"
    r"|modulen|room|building|machine|pc named|chatbot|chatboten|roboten|skrivaren|scanner|skanner|firma|sir"
    r"|our lady of|hamster|puppy|kitten|bunny|parrot) ?$"
)
#: "Hurricane Ivan", "Fort Benning", "the rue Louis Blanc": with capitals, as a name has them.
_NAMED_PLACE = re.compile(
    r"\b(?:Hurricane|Typhoon|Cyclone|Tropical Storm|Fort|Lake|Cape|[Rr]ue|Calle|Avenida|Boulevard|Piazza|Quai"
    r"|Isla|Monte|Rio|Ch[aâ]teau) $"
)
#: "in Houston", "i Lund", "at Addenbrooke": nobody is in or at a person.
_AT_PLACE = re.compile(r"\b(?:in|at|near|outside|across|i|vid|utanför|throughout) $")
_GENITIVE = re.compile(r"['’]s$")
_WITH = re.compile(r"\b(?:with|by|told|asked|ask|tell|thank|thanks|av|med|tack|fråga|hos) $")
#: "between Preston and Lancaster": both are towns, and one of them is nobody's given name.
_BETWEEN = re.compile(r"\b(?:between|mellan) ([^\W\d_]+) (?:and|och) ([^\W\d_]+)")
_THING = alternatives("things")
#: ", the chatbot", "(our new server)", " is the name of our scanner"; not ", our portal manager".
_IS_CALLED_SO = re.compile(
    rf"(?:,| \(| is| är) ?(?:the|our|your|their|a|an|my|vår|er|den nya)(?: [\w-]+){{0,3}}? (?:{_THING})"
    r"(?=\s*[,.;:)!?\n]|\s*$| (?:in|on|for|at|i|på|who|that|which|som)\b)"
    r"|(?: is| are|,) the names? of (?:the|our|your|a|an)\b"
)
#: "servers (Zeus, Hera", "a printer called Otto".
_CALLED = re.compile(
    rf"\b(?:{_THING}) (?:\(|named |called |nicknamed |such as )(?:big )?"
    r"(?:[\w-]+(?:, | and | och | or | & )){0,3}$"
)
_OUR_SERVER = re.compile(r"\b(?:our|my) server\b")
_AROUND = 160
#: Where a server is a machine, and nobody who brings the food.
_OF_MACHINES = re.compile(
    r"\b(?:servers|down|crash\w*|(?:re)?(?:start|boot)\w*|disks?|died|dies|dead|slow|offline|online|back-?ups?|vms?|hosts?"
    r"|racks?|memory|cpu|ram|patch\w*|log-?ins?|log(?:ged|s)?|pacs|ris|archives?|migrat\w*|clusters?|storage"
    r"|databases?|install\w*|up(?:date|grade)\w*|fail\w*|errors?|ping|networks?|dicom|viewers?|system|images?)\b"
)
_FAR, _FARTHER = 32, 56


def is_named_after(reading: Reading, start: int, end: int, sure: bool) -> bool:
    """Whether a name stands in the name of a place, a thing, a disease or a method.

    The name of a saint stands before a hospital or alone; of others, what they gave their name to follows.
    `sure`: more than one layer takes it for a name.
    """
    before = reading.lower[max(0, start - _FAR) : start]
    if _AFTER_SAINT.search(before) or _WITH_SAINT.match(reading.lower, start, end):
        return True
    if not (sure and _waits_at_table(reading, start, end)) and _is_thing(reading, start, end):
        return True
    if _is_thing_by_sign(reading, start, end) or _is_venue(reading, start, end):
        return True
    if _NAMED_PLACE.search(reading.text, max(0, start - _FAR), start) and not surely_acts(reading.lower, end):
        return True
    if " " not in reading.text[start:end] and _is_place(reading, start, end, before):
        return True
    return _gave_its_name(reading, start, end)


def _is_thing(reading: Reading, start: int, end: int) -> bool:
    """Whether the words around a name say what sort of thing has it."""
    return any(
        (
            _IS_CALLED_SO.match(reading.lower, end),
            _CALLED.search(reading.lower, max(0, start - _FARTHER), start),
            _THING_BEFORE.search(reading.lower, max(0, start - _FAR), start),
        )
    )


def _waits_at_table(reading: Reading, start: int, end: int) -> bool:
    """Whether "our server Amanda" is no machine."""
    around = reading.lower[max(0, start - _AROUND) : end + _AROUND]
    return _OUR_SERVER.search(around) is not None and _OF_MACHINES.search(around) is None


def _is_venue(reading: Reading, start: int, end: int) -> bool:
    """Whether the word behind, or the last where there is no given name, is a place where people go."""
    following, parts = _NEXT.match(reading.lower, end), reading.lower[start:end].split()
    if following is not None and following[1] in words("venues"):
        return True
    return parts[-1] in words("venues") and words("given_names").isdisjoint(parts)


def _gave_its_name(reading: Reading, start: int, end: int) -> bool:
    """Whether what follows, or the last word, is something that is named after people.

    A tool that bears a name does so without a genitive: "Karin's template" is Karin's, "a Gleason
    template" is nobody's.
    """
    row = _ROW_OF.match(reading.lower, end)
    if row is not None and (_is_institution(row[1]) or row[1] in words("tools")):
        return True
    following, last = _NEXT.match(reading.lower, end), _LAST.search(reading.lower[start:end])
    if any(word is not None and _is_institution(word[1]) for word in (following, last)):
        return True
    name = reading.lower[start:end]
    genitive = name.endswith("s") and name[:-1] in words("given_names")
    return (
        " " not in name
        and not genitive
        and following is not None
        and "'" not in following[0]
        and following[1] in words("tools")
    )


def _is_place(reading: Reading, start: int, end: int, before: str) -> bool:
    """Whether a single word stands where a place does, or in one breath with a town or a county."""
    word = reading.lower[start:end]
    may_be = word not in words("given_names") or word in words("towns")
    if may_be and _AT_PLACE.search(before) and not reading.lower.startswith(("'s ", "s "), end):
        return True
    return may_be and any(other in words("places") for other in _in_a_row(reading, start, end))


def _in_a_row(reading: Reading, start: int, end: int) -> Iterator[str]:
    """The words with which one stands in a row; but "Sofia, Umeå" is how somebody signs."""
    before = _ROW_BEFORE.search(reading.lower, max(0, start - _FAR), start)
    behind = _ROW_BEHIND.match(reading.lower, end)
    if before is not None:
        yield before[1]
    signs = reading.lower[start:end] in words("given_names") and before is None
    if behind is not None and not (signs and behind[0].startswith(",")):
        yield behind[1]


def is_town_or_thing(reading: Reading, start: int, end: int, sure: bool) -> bool:
    """Whether a single word is a town or what a person gave it the name of, and nobody's given name.

    One that is somebody's name as well is a town where it stands as a town does. `sure`: more than one
    layer takes it for a name.
    """
    word = _GENITIVE.sub("", reading.lower[start:end])
    if (word not in words("towns") and word not in words("eponyms")) or surely_acts(reading.lower, end):
        return False
    before = reading.lower[max(0, start - _FAR) : start]
    if word not in words("given_names") and not (
        word in words("surnames") and (sure or _WITH.search(before))
    ):
        return True
    if word in words("towns") and _is_between_towns(reading, start):
        return True
    alike = _only_town if word in words("towns") else _only_firm
    return any(map(alike, _in_a_row(reading, start, end)))


def _is_between_towns(reading: Reading, start: int) -> bool:
    between = _BETWEEN.search(reading.lower, max(0, start - _FAR), start + _FAR)
    if between is None or start not in (between.start(1), between.start(2)):
        return False
    towns = between.groups()
    return all(word in words("towns") for word in towns) and any(
        word not in words("given_names") for word in towns
    )


def _only_firm(word: str) -> bool:
    return word in words("organisations") or (word in words("stay") and word not in words("given_names"))


def _only_town(word: str) -> bool:
    return word in words("towns") and word not in words("given_names") and word not in words("surnames")


def _is_thing_by_sign(reading: Reading, start: int, end: int) -> bool:
    """Whether a single name is in quotation marks, or part of a compound: "Otto-skrivaren"."""
    before, behind = reading.text[start - 1 : start], reading.text[end : end + 1]
    quoted = before in _QUOTES and behind in _QUOTES and " " not in reading.text[start:end]
    return bool(before and behind and quoted) or _COMPOUND.match(reading.text, end) is not None


def _is_institution(word: str) -> bool:
    return word in words("named_after") or word.endswith(
        ("sjukhus", "sjukhuset", "lasarett", "lasarettet", "sykehus")
    )
