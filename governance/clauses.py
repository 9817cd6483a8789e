"""The clauses of a published policy, and the decisions where the text leaves something open."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from governance.yaml_files import Closed, Words

#: What a clause may allow; refused while a control that the clause needs does not exist.
Feature = Literal["crm", "llm"]
#: The beginning of the SHA-256 of a published sentence; see `governance.sentences`.
SentenceHash = Annotated[str, StringConstraints(pattern=r"^s[0-9a-f]{11}$")]

#: Words of a quote, so that no file holds the text itself.
LONGEST_QUOTE = 12


class Clause(Closed):
    """What is promised, in a few words of the text, and what keeps it.

    A clause names controls (`governance/controls.yaml`), or says what a person does by hand, or why it
    binds no survey. `sentences` are the published sentences that it claims.
    """

    quote: Words
    sentences: frozenset[SentenceHash] = frozenset()
    controls: tuple[str, ...] = ()
    by_hand: Words | Literal[""] = ""
    out_of_scope: Words | Literal[""] = ""
    allows: Feature | None = None

    @model_validator(mode="after")
    def _short_quote(self) -> Self:
        if len(self.quote.split()) > LONGEST_QUOTE:
            raise ValueError(f"a quote has at most {LONGEST_QUOTE} words")
        return self

    @model_validator(mode="after")
    def _kept_somehow(self) -> Self:
        kept = bool(self.controls or self.by_hand)
        if kept == bool(self.out_of_scope):
            raise ValueError("name controls, or say what is done by_hand, or why it is out_of_scope")
        if self.allows and not self.controls:
            raise ValueError(f"it allows the {self.allows}: name the controls without which it is refused")
        return self


class Decision(Closed):
    """A reading where the text contradicts itself or leaves something open, who chose it, until when.

    An `open` decision does not compile. A `proposed` one counts, with a warning until somebody confirms it.
    """

    clauses: tuple[str, ...] = Field(min_length=1)
    conflict: Words
    reading: Words
    by: Words
    review: date
    state: Literal["open", "proposed", "confirmed"]


class Stretch(Closed):
    """Sentences that are no rule: up to the one before `to`, or to the `end`, and a digest of them all.

    A stretch in which anything changed is none, and its sentences have to be looked at again.
    """

    to: SentenceHash | Literal["end"]
    digest: SentenceHash


class Published(Closed):
    """The published text that the policy stands for: its language, its digest, what in it is no rule.

    `no_rule` are sentences; `no_rule_from` are stretches by their first sentence, mostly a heading.
    """

    language: str = Field(pattern="^[a-z]{2}$")
    authoritative: str = Field(pattern="^[a-z]{2}$")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    no_rule: frozenset[SentenceHash] = frozenset()
    no_rule_from: dict[SentenceHash, Stretch] = Field(default_factory=dict)


class Translation(Closed):
    """The same policy in another language: the quote of each clause there."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    quotes: dict[str, Words]
