"""A policy beside the text that was published: what changed, what is not found, what nobody claims."""

from collections.abc import Iterator
from dataclasses import dataclass

from governance.clauses import Translation
from governance.policy import Policy
from governance.sentences import Sentence, normal, sentences, short_digest, text_digest

_FIRST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """A published sentence with the clauses that claim it; none and not `no_rule` is a hole."""

    sentence: Sentence
    clauses: tuple[str, ...]
    no_rule: bool

    @property
    def is_hole(self) -> bool:
        """Whether nothing in the policy answers for the sentence."""
        return not self.clauses and not self.no_rule


def claims(policy: Policy, text: str) -> list[Claim]:
    """Every sentence of the text with the clauses that claim it."""
    by_hash: dict[str, list[str]] = {}
    for name, clause in policy.clauses.items():
        for digest in clause.sentences:
            by_hash.setdefault(digest, []).append(name)
    found = sentences(text)
    silent = {s.number for start in policy.text.no_rule_from for s in _silenced(policy, start, found)}
    return [
        Claim(s, tuple(by_hash.get(s.hash, ())), s.hash in policy.text.no_rule or s.number in silent)
        for s in found
    ]


def _silenced(policy: Policy, start: str, found: list[Sentence]) -> list[Sentence]:
    """The sentences of a stretch that is still what was marked; else none."""
    stretch = _stretch(policy, start, found)
    marked = policy.text.no_rule_from[start].digest
    return stretch if short_digest(*(s.text for s in stretch)) == marked else []


def _stretch(policy: Policy, start: str, found: list[Sentence]) -> list[Sentence]:
    """The sentences from the first `start` to the one before the next end; none where either is missing."""
    to = policy.text.no_rule_from[start].to
    first = next((s.number for s in found if s.hash == start), 0)
    last = next((s.number for s in found if s.hash == to and s.number > first), 0)
    end = len(found) + 1 if to == "end" else last
    return found[first - 1 : end - 1] if first and end else []


def _not_in(language: str, translation: Translation, text: str) -> Iterator[tuple[str, str]]:
    found = [normal(sentence.text) for sentence in sentences(text)]
    for name, quote in translation.quotes.items():
        if not any(normal(quote) in sentence for sentence in found):
            yield name, f"its quote stands in no sentence of the translation {language}"


def differences(policy: Policy, text: str) -> Iterator[tuple[str, str]]:
    """What the text, or a translation of it, and the policy say differently: place and words."""
    if (digest := text_digest(text)) != policy.text.sha256:
        for language, translation in policy.translations.items():
            if translation.sha256 == digest:
                yield from _not_in(language, translation, text)
                return
        yield "text", f"is not the text that the policy was compiled from; compare, then set sha256: {digest}"
    found = {s.hash: normal(s.text) for s in sentences(text)}
    for name, clause in policy.clauses.items():
        if gone := sorted(clause.sentences - set(found)):
            yield name, f"claims sentences that the text has not: {', '.join(gone)}"
        elif not any(normal(clause.quote) in found[digest] for digest in clause.sentences):
            yield name, "its quote stands in none of the sentences that it claims"
    if gone := sorted(policy.text.no_rule - set(found)):
        yield "text", f"marks sentences as no rule that the text has not: {', '.join(gone)}"
    in_order = sentences(text)
    for start in policy.text.no_rule_from:
        stretch = _stretch(policy, start, in_order)
        if not _silenced(policy, start, in_order):
            now = short_digest(*(s.text for s in stretch)) if stretch else "it has no beginning or no end"
            yield "text", f"the stretch from {start} has changed: look at it again; its digest now: {now}"
    for claim in claims(policy, text):
        if claim.is_hole:
            begins = " ".join(claim.sentence.text.split()[:_FIRST_WORDS])
            says = f"{claim.sentence.hash} is claimed by no clause: “{begins} …”"
            yield f"sentence {claim.sentence.number}", says
