"""Names of users: after a word that says so, in the form of a directory, or with an @ in front."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import is_word, listed_names
from pseudonymize.redaction.page import Page, Search, findings

_KIND = "USERNAME"

#: Identities in the Swedish care directory (HSA): the authority's number, a dash, and the person's part.
_HSA = re.compile(r"(?<!\w)se\d{10}-[a-z0-9]{1,20}(?![\w-])")
_WINDOWS = re.compile(
    r"(?<![\w\\/:.])(?P<domain>[A-Za-zÅÄÖåäö][\w.-]{1,14})\\(?P<user>(?=\w[\w.]\w)[\w.$-]{3,20}+)(?!\\)"
)
_HOME = re.compile(r"[\\/](?:users|home|profiles|användare)[\\/](?P<name>[\w.$-]{2,40}+)(?!\w)")
_HANDLE = re.compile(
    r"(?<![\w.@/&+-])@(?:(?=[a-z._]{0,29}[\d_])[a-z][\w.]{2,29}|[^\W\d_][\w.]{4,29})(?<!\.)(?![\w@])"
)

#: Words that only ever stand before the name of an account.
_STRONG_CUE = (
    r"user ?names?|user-?names?|user[- ]?ids?|login ?(?:name|id)|log-?in (?:name|id)|account name"
    r"|användarnamn(?:et)?|användar-?(?:id|konto)(?:t|n)?"
    r"|inloggningsnamn(?:et)?|inloggnings-?id|login-?namn|ad-konto(?:t)?|ad account|hsa-?id|siths-?(?:id"
    r"|kort(?:et)?|nummer)|kortnummer|brukernavn(?:et)?"
    r"|brukerid|brugernavn(?:et)?|benutzer(?:name|kennung)n?|käyttäjä(?:tunnus|nimi)|gebruikersnaam"
    r"|windows-?konto|vgr-?id|lanid|domänkonto"
    r"|signed by|signerad? av|logged in as|log in as|logs? on as|log on as|pw same as"
    r"|password same as|logged on as|sign(?:ed)? in as|logga(?:r"
    r"|de|t)? in som|inloggad som|inloggade som"
    r"|logga(?:r|de|t)? in med(?: kontot| konto| användare)?|kör som|loggad som"
)
_WEAK_CUE = (
    r"user|users|acct|login|logins|log-in|account|accounts|användare|användaren|användarna|konto|kontot|kontona"
    r"|inloggning|inloggningen|inlogg|bruker(?:en)?"
    r"|bruger(?:en)?|benutzer|käyttäjä|gebruiker|signature|signatur(?:en)?|nick(?:name)?"
)
_JOIN = r"(?:[ \t]*[:=]|[ \t]+(?:is|är|was|var|heter|called|named|nr|id|som|name)\b)"
_TOKEN = r"[^\W_](?:[\w$\\]|[.-]{1,3}(?=\w)){1,39}+"  # noqa: S105 - a pattern
_SAID = re.compile(
    rf"\b(?:{_STRONG_CUE})\b(?P<join>{_JOIN}{{0,2}})[ \t]*+(?P<quote>[\"'(«“]?)[ \t]*+(?P<name>{_TOKEN})"
)
_NAMED = re.compile(
    rf"\b(?:{_WEAK_CUE})\b(?:[ \t]+(?:för|for|of|till|to|på)\b)?(?P<join>{_JOIN}{{0,2}})"
    rf"[ \t]*+(?P<quote>[\"'(«“]?)(?P<name>{_TOKEN})"
)
_AND = re.compile(rf"(?:,| och| and| &| /|/| eller| or)[ \t]+(?P<name>{_TOKEN})")
#: A letter, or several, with a digit, or two parts: what no word looks like.
_LOOKS_MADE = re.compile(
    r"(?=\w*[^\W\d_])(?=\w*\d)[\w.$-]{3,}|[^\W\d_]+[._][^\W\d_][\w.-]*|\w[\w-]*\\[\w.$-]{2,}"
    r"|[a-zåäö]{1,4}\d[\w]*"
)
_PRODUCT = re.compile(
    r"\d.*|v\.?\d[\d.]*|ids\d|(?:o|m|office)365|w(?:in(?:dows)?)?1[01]|[xh]\d\d+|[a-z]{1,5}2|mp\d|\dd"
)
_WORDY = re.compile(r".*(?:ing|tion|ment|ity|able|ers?|ed|ly|nen|erna)")
_CAPITAL_ACCOUNT = re.compile(r"[A-ZÅÄÖ]{3,}\d{3,}|[A-ZÅÄÖ]\d{5,}|\w+[\\._]\w+")
_ENGLISH_CUE = re.compile(r"(?:user|acct|login|log-in|account)s?\b")
_SHORTEST_NO_WORD = 5
_LONGEST_ACCOUNT = 10
#: Three letters of each name, as many Swedish regions make them; an ending that words seldom have.
_THREE_AND_THREE = re.compile(
    r"[a-zåäö]{4}(?:[ou][bcdfghjklmpqsvxz]|[bcdfghjklmpqvwxz]{2}|[a-zåäö][iouyåäö])"
)
_SWEDISH_CUE = re.compile(r"användar|konto|inlogg|ad-konto")
_WORDS_OF_SIX_TEXT = "alltså bakom fyrtio femtio genom igenom liksom nittio sextio studio utanpå åttio"
_WORDS_OF_SIX = frozenset(_WORDS_OF_SIX_TEXT.split())
_NOT_NAMES_TEXT = """
    a access again all also always and are as at av avstängd be been before behöver blir bra by can
    cannot change changed därför den det disabled doesn't does don't efter eller en ett expired fel
    felaktig felaktigt field for format från fungerade fungerar funkade funkar för försvann gick går
    had han har has hon i id in incorrect inte invalid is it just kan katastrof kom kommer krav
    krånglar lika log login låst låser lösenord med men missing must måste ni not of och ogiltigt
    okänd okänt on or och saknas password passwords per policy problem på required saknar samma ska
    slow som spärrad stays still stämmer så that the them this till to too tills under unknown utan
    vad var vem vi via vid was we which with without wrong är ändras är allt alla admin
    administrator annan samt where when you your och/eller name names number nummer test user users
    same different shared not longer locked reset required
"""
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())
_VERBS = re.compile(
    r"[ \t,]+(?:is|was|has|does|doesn't|cannot|can't|can|stopped|got|no longer|är|har|kan|fungerar|funkar"
    r"|måste|fick|låser|saknar|syns|finns|ska|skulle)\b"
)


def _said(page: Page) -> Iterator[Finding]:
    """After a word that names an account: anything after a colon or "is", else what looks made."""
    for match in page.after(_BEGINNINGS, _SAID):
        if _is_name(match):
            yield from _listed(page, match)


def _named(page: Page) -> Iterator[Finding]:
    """After a word that also means the people, or the page where one logs in."""
    for match in page.after(_WEAK_BEGINNINGS, _NAMED):
        quoted = match["quote"] in {'"', "'"} or ":" in match["join"] or "=" in match["join"]
        written = page.text[match.start("name") : match.end("name")]
        if (
            _looks_like_one(match, written)
            or _three_and_three(match)
            or (quoted and _may_be_one(written, certain=bool(match["quote"])))
            or _is_no_word(match, written)
        ):
            yield from _listed(page, match)


def _looks_like_one(match: re.Match[str], written: str) -> bool:
    """Whether it looks made, and not like a product or a version, which users and logins have as well."""
    if not _looks_made(match["name"]) or _PRODUCT.fullmatch(match["name"]):
        return False
    return bool(match["join"]) or not written.isupper() or _CAPITAL_ACCOUNT.fullmatch(written) is not None


def _is_name(match: re.Match[str]) -> bool:
    name = match["name"]
    if _looks_made(name):
        return True
    if name in _NOT_NAMES:
        return False
    if match["join"] or match["quote"] or _ends_as_cue(match):
        return True
    return _three_and_three(match) or _VERBS.match(match.string, match.end()) is not None


def _ends_as_cue(match: re.Match[str]) -> bool:
    """Whether the cue itself leads on to the name, as "logged in as" does."""
    cue = match[0][: match.start("name") - match.start()].split()
    return bool(cue) and cue[-1] in {"as", "by", "som", "av"}


def _looks_made(name: str) -> bool:
    return _LOOKS_MADE.fullmatch(name) is not None and not name.replace(".", "").isdigit()


def _three_and_three(match: re.Match[str]) -> bool:
    name = match["name"]
    if name in _WORDS_OF_SIX or match["join"] or not _SWEDISH_CUE.match(match[0]):
        return False
    return _THREE_AND_THREE.fullmatch(name) is not None


def _is_no_word(match: re.Match[str], written: str) -> bool:
    """After an English word for an account, what is no word of any language here is the account's name."""
    if (
        not _ENGLISH_CUE.match(match[0])
        or not written.isascii()
        or not (written.islower() or written.isupper())
    ):
        return False
    return (
        written.isalpha()
        and len(written) >= _SHORTEST_NO_WORD
        and not (is_word(match["name"]) or _WORDY.fullmatch(match["name"]))
    )


def _may_be_one(name: str, certain: bool) -> bool:
    """In quotes any word may be an account, after a colon a name or no word: properties stand there too."""
    if not name.islower() or name in _NOT_NAMES or len(name) > _LONGEST_ACCOUNT:
        return False
    return certain or name in listed_names() or not is_word(name)


def _listed(page: Page, match: re.Match[str]) -> Iterator[Finding]:
    """A name, and those after it in a list that look made."""
    yield Finding(*match.span("name"), _KIND)
    end = match.end("name")
    while (following := _AND.match(page.lower, end)) and _looks_made(following["name"]):
        if _PRODUCT.fullmatch(following["name"]):
            return
        yield Finding(*following.span("name"), _KIND)
        end = following.end()


def _windows(page: Page) -> Iterator[Finding]:
    for match in _WINDOWS.finditer(page.text):
        if match["domain"].isupper() or any(c.isdigit() or c in "._" for c in match["user"]):
            yield Finding(*match.span(), _KIND)


def _hsa(page: Page) -> Iterator[Finding]:
    return findings(_HSA.finditer(page.lower), _KIND)


def _homes(page: Page) -> Iterator[Finding]:
    return findings(_HOME.finditer(page.lower), _KIND, "name")


def _handles(page: Page) -> Iterator[Finding]:
    return findings(_HANDLE.finditer(page.lower), _KIND)


_WEAK_BEGINNINGS = (
    *("acct", "user", "login", "log-in", "account", "användare", "konto", "inlogg", "bruker", "bruger"),
    *("benutzer", "käyttäjä", "gebruiker", "signatur", "nick"),
)
_BEGINNINGS = (
    *(
        "user",
        "login",
        "log in",
        "log on",
        "pw same",
        "password same",
        "log-in",
        "logs",
        "logge",
        "account",
        "använd",
        "inlogg",
        "logga",
    ),
    *("ad-konto", "ad ac", "hsa", "siths", "kortnummer", "bruker", "bruger", "benutzer", "käyttäjä"),
    *("gebruiker", "windows", "domän", "vgr", "lanid", "sign", "kör som"),
)

#: Made of a name and a number, and no product: what is left of it without the number is no word.
_BARE = re.compile(r"(?<![\w.@/\\<-])(?P<name>[a-z]{4,12})\d{1,3}(?![\w.@/%-])")


def _bare(page: Page) -> Iterator[Finding]:
    for match in _BARE.finditer(page.text):
        if not is_word(match["name"]):
            yield Finding(*match.span(), _KIND)


#: What somebody calls themselves: letters and a number, too short to be told otherwise.
_SELF = re.compile(
    r"\b(?:i'?m|i am|me,|as|username like) (?P<name>[a-z]{2,4}\d{2,7}|[a-z]\d{4,8})(?![\w.-]\w)"
)


def _self(page: Page) -> Iterator[Finding]:
    return findings(_SELF.finditer(page.lower), _KIND, "name")


#: Letters and a number, in a text that speaks of the names of users.
_LETTERS_AND_NUMBER = re.compile(r"(?<![\w.@/\\<-])[a-z]{2,4}\d{3,6}(?![\w.@/%-])")
_OF_USERS = ("username", "user name", "user id", "användarnamn", "användarid", "brukernavn")


def _numbered(page: Page) -> Iterator[Finding]:
    return findings(_LETTERS_AND_NUMBER.finditer(page.text), _KIND)


BARE = (
    Search(lambda page: page.has(_OF_USERS), _numbered),
    Search(lambda page: True, _bare),
    Search(lambda page: True, _self),
)

SEARCHES = (
    Search(lambda page: "\\" in page.text, _windows),
    Search(
        lambda page: page.has(("users", "home", "profiles", "användare")) and page.has(("\\", "/")), _homes
    ),
    Search(lambda page: "@" in page.text, _handles),
    Search(lambda page: "se" in page.lower and "-" in page.lower, _hsa),
    Search(lambda page: page.has(_BEGINNINGS), _said),
    Search(lambda page: page.has(_WEAK_BEGINNINGS), _named),
)
