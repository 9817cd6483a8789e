"""Whether a word of a list is said of somebody: by what stands around it in its sentence. Pure."""

from dataclasses import dataclass
from functools import cached_property

from pseudonymize.special_sentences import NAMED, NUMBERED
from pseudonymize.special_words import listed

_WORDS = listed("common")
_BE, _HAVE, _GOT, _PASSIVE = _WORDS["be"], _WORDS["have"], _WORDS["got"], _WORDS["passive"]
_SELF = _WORDS["self"]
_MARKED = frozenset({NAMED, NUMBERED})
_OTHERS = _WORDS["person"] | _WORDS["pronoun"] | _MARKED
_PATIENTS = _WORDS["patient"]
_POSSESSIVE = _WORDS["possessive"]
_LINKS = (
    _BE | _HAVE | _GOT | _PASSIVE | _SELF | _OTHERS | _PATIENTS | _POSSESSIVE | _WORDS["filler"]
) - _WORDS["hypothetical"]
_CAUSES = tuple(f" {phrase} " for phrase in _WORDS["causal"])
_BETWEEN = _POSSESSIVE | _WORDS["filler"]
_GAP, _NEAR_BEFORE, _NEAR_AFTER, _LONGEST_REASON = 4, 12, 4, 3


@dataclass(frozen=True)
class Statement:
    """A word of a list with what stands before and after it in its sentence."""

    role: str
    words: list[str]
    before: list[str]
    after: list[str]

    @property
    def of_somebody(self) -> bool:
        """Whether it is said of somebody who is recognisable."""
        return self._stands and (self._person if self.role in _LINKED else self._near)

    @property
    def of_a_patient(self) -> bool:
        """Whether it is told of one patient: in the past, since the present is how one talks of any."""
        if not self._stands or not _WORDS["past"].intersection([*self._link, *self.words]):
            return False
        return self._is_of_patient or any(word in _PATIENTS for word in self._subject[:1])

    @cached_property
    def _stands(self) -> bool:
        """Whether the word is used as its role wants it, and not as a manner of speaking."""
        following = self.after[0] if self.after else ""
        if following in _WORDS["compound"] and self.role != "beside":
            return False
        idiom = bool(_WORDS["idiom"].intersection([following, " ".join(self.after[:2])]))
        match self.role:
            case "is":
                return (self._as or bool(_BE.intersection(self._link))) and not idiom and self._real
            case "has":
                return self._had and self._real
            case "own":
                return self._owned and following not in _WORDS["trust"]
            case "got":
                return bool(_GOT.intersection(self._link)) and self._real
            case "cause":
                return self._reason
        return following not in ("of", "with") and self._real

    @cached_property
    def _link(self) -> list[str]:
        """The words right before that belong to the statement."""
        at = len(self.before)
        while at and self.before[at - 1] in _LINKS:
            at -= 1
        return self.before[at:]

    @cached_property
    def _subject(self) -> list[str]:
        """Somebody further before, with the place where they are: "kollegan på röntgen i Lund"."""
        end = len(self.before) - len(self._link)
        start = max(0, end - _GAP)
        for at in range(end - 1, start - 1, -1):
            if self.before[at] in _OTHERS | _PATIENTS and self.before[at + 1] in _WORDS["where"]:
                return self.before[at:end]
        return []

    @property
    def _as(self) -> bool:
        """Right after "as a", or "som"."""
        return any(" ".join(self.before[-words:]) in _WORDS["as"] for words in (1, 2))

    @property
    def _had(self) -> bool:
        if _PASSIVE.intersection(self._link):
            return bool(_BE.intersection(self._link))
        away = bool(_BE.intersection(self._link) and _WORDS["with"].intersection(self._link[-2:]))
        return away or bool(_HAVE.intersection(self._link))

    @property
    def _owned(self) -> bool:
        """Right after a possessive, or with one word between: "my severe illness"."""
        for back in (1, 2):
            if len(self.before) < back or (back == 2 and self.before[-1] not in _WORDS["filler"]):
                return False
            owner = self.before[-back]
            if owner in _POSSESSIVE or self._is_genitive(owner, len(self.before) - back):
                return True
        return False

    def _is_genitive(self, word: str, at: int) -> bool:
        if word == "'s":
            return at > 0 and self.before[at - 1] in _OTHERS | _PATIENTS
        return word in _MARKED or (word.endswith("s") and word[:-1] in _WORDS["person"])

    @property
    def _person(self) -> bool:
        """Somebody in the statement; without a subject at the beginning of a sentence, the writer."""
        if self.role == "own":
            return True
        if self._is_of_patient:
            return False
        if self._as:
            return self._near
        found = [*self._link, *self._subject[:1]]
        return self._unsaid or any(self._is_person(word, found) for word in found)

    @property
    def _is_of_patient(self) -> bool:
        """The one who is named last counts: "I have a patient with diabetes"."""
        named = [word for word in self._link if word in _OTHERS | _PATIENTS | _SELF]
        return bool(named) and named[-1] in _PATIENTS

    @property
    def _unsaid(self) -> bool:
        """Who writes "Är sjukskriven sedan maj" means himself."""
        link = self._link
        return (
            len(link) == len(self.before) > 0 and link[0] in _BE | _HAVE and not _PATIENTS.intersection(link)
        )

    @property
    def _near(self) -> bool:
        around = [*self.before[-_NEAR_BEFORE:], *self.after[:_NEAR_AFTER]]
        if self.role == "cause":
            around = [*self.before, *self.after]
        own = self.role == "beside" and len(self._link) == len(self.before)
        return own or any(self._is_person(word, around) for word in around)

    def _is_person(self, word: str, among: list[str]) -> bool:
        if word in _WORDS["owned"]:
            return bool(_POSSESSIVE.intersection(among))
        return word in _SELF or word in _OTHERS

    @property
    def _reason(self) -> bool:
        """Right after "due to", or with little between: "due to my long illness"."""
        words = len(self.before)
        for cut in range(min(_LONGEST_REASON, words)):
            head, between = self.before[: words - cut], self.before[words - cut :]
            if not _BETWEEN.issuperset(between):
                return False
            if " ".join(["", *head, ""]).endswith(_CAUSES):
                return True
        return False

    @property
    def _real(self) -> bool:
        """Not what might be ("if I am sick"), nor what is so now and then ("when I am sick")."""
        end = len(self.before) - len(self._link)
        opening = self.before[max(0, end - 1) : end]
        if _WORDS["hypothetical"].intersection(opening):
            return False
        past = _WORDS["past"].intersection([*self._link, *self.words])
        return bool(past) or not _WORDS["general"].intersection(opening)


#: Roles whose person stands in the statement itself.
_LINKED = frozenset({"is", "has", "own", "got"})
