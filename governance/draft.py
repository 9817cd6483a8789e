"""A first policy file for any company, out of its published text. Pure.

What the text shows is proposed as rules; what it does not prove is `undecided`, and what can be read in
two ways is an `open` decision, so that nothing runs before a person has gone through it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from governance.clauses import LONGEST_QUOTE
from governance.controls import needed_for
from governance.sentences import Sentence, normal, sentences, text_digest
from governance.words import known_words

_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_SWEDISH = re.compile(r"\b(?:och|personuppgifter|att|för)\b")
_KEEPS_RIGHT = {
    "complaint": "letters",
    "erasure": "erasure",
    "objection": "suppression",
    "no_invitations": "invitations",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence that promises something: what was found in it, and the controls that could keep it."""

    clause: str
    sentence: Sentence
    quote: str
    periods: tuple[str, ...]
    systems: Mapping[str, str]
    agreements: tuple[str, ...]
    void: tuple[str, ...]
    rights: tuple[str, ...]
    contacts: tuple[str, ...]
    controls: tuple[str, ...]

    @property
    def found(self) -> str:
        """What was found, in words."""
        parts = (
            *self.periods,
            *self.systems.values(),
            *self.agreements,
            *self.void,
            *self.rights,
            *self.contacts,
        )
        return ", ".join(parts)


def proposals(text: str, controller: str) -> list[Proposal]:
    """Every sentence in which something was found, with a clause id of its own."""
    prefix = re.sub(r"[^A-Z]", "", controller.upper())[:3] or "TXT"
    found: list[Proposal] = []
    for sentence in sentences(text):
        proposal = _proposal(f"{prefix}-{len(found) + 1:02d}", sentence)
        if proposal.found or (proposal.controls and not sentence.is_heading):
            found.append(proposal)
    return found


def draft(text: str, controller: str, name: str) -> str:
    """The policy file, YAML. It does not compile before everything in it is decided."""
    found = proposals(text, controller)
    language = "sv" if len(_SWEDISH.findall(text)) > len(text) / 200 else "en"
    pages = Environment(
        loader=PackageLoader("governance", "pages"),
        autoescape=False,  # noqa: S701 - YAML, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["quoted"] = _quoted
    return pages.get_template("draft.yaml").render(
        controller=controller,
        name=name,
        language=language,
        sha256=text_digest(text),
        proposals=found,
        contact=next((c for p in found for c in p.contacts), "undecided"),
        systems=_first(found, lambda p: p.systems.items()),
        agreements=_first(found, lambda p: ((kind, kind) for kind in p.agreements)),
        rights=_first(found, lambda p: ((right, right) for right in p.rights)),
        all_rights=list(known_words().rights),
    )


def _quoted(text: str) -> str:
    """A JSON string is YAML's too; characters that YAML has not are left out."""
    return json.dumps("".join(c if c.isprintable() else " " for c in text), ensure_ascii=False)


def _first(
    found: Iterable[Proposal], part: Callable[[Proposal], Iterable[tuple[str, str]]]
) -> dict[str, tuple[str, str]]:
    """For each thing found, its name and the first clause that tells of it."""
    first: dict[str, tuple[str, str]] = {}
    for proposal in found:
        for key, value in part(proposal):
            first.setdefault(key, (value, proposal.clause))
    return first


def _proposal(clause: str, sentence: Sentence) -> Proposal:
    words, plain = known_words(), normal(sentence.text)
    rights = tuple(_named(words.rights, plain))
    controls = [*_named(words.promises, plain)]
    controls += [_KEEPS_RIGHT.get(right, "rights-desk") for right in rights]
    if periods := tuple(words.periods(plain)):
        controls.append("retention")
    if contacts := tuple(_ADDRESS.findall(sentence.text)):
        controls.append("named-controller")
    systems = {
        role: _spelt(sentence.text, names) for role, names in words.systems.items() if _has(names, plain)
    }
    if "llm" in systems:
        controls += sorted(needed_for("llm"))
    return Proposal(
        clause=clause,
        sentence=sentence,
        quote=" ".join(sentence.text.split()[:LONGEST_QUOTE]),
        periods=periods,
        systems=systems,
        agreements=tuple(_named(words.agreements, plain)),
        void=tuple(word for word in words.void if word in plain),
        rights=rights,
        contacts=contacts,
        controls=tuple(dict.fromkeys(controls)),
    )


def _named(kinds: Mapping[str, list[str]], plain: str) -> Iterator[str]:
    return (kind for kind, words in kinds.items() if _has(words, plain))


def _has(words: Iterable[str], plain: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", plain) for word in words)


def _spelt(text: str, names: Iterable[str]) -> str:
    found = (re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)
    return next((match[0] for match in found if match), "undecided")
