"""What people see of a policy on a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from flows import show
from governance.draft import Proposal
from governance.explain import Explained
from governance.policy import Policy
from governance.policy_check import FORBIDDEN, WARNING, Checked
from governance.policy_diff import Change
from governance.policy_impact import Impact
from governance.sentences import Sentence

_STYLE = {"enforced": "green", "pending": "red", "by hand": "yellow", "out of scope": "dim"}


def checked(policy: Policy, found: Checked) -> None:
    """How many clauses are kept in which way, and everything that is wrong."""
    show.line(f"{policy.name}, policy of {policy.published}, version {policy.version}")
    table = show.table("Clauses", "how kept", "n")
    for state, style in _STYLE.items():
        if count := found.states.get(state):
            table.add_row(state, f"{count:,}", style=style)
    show.out.print(table)
    for title, warning in (("To put right", False), ("To know", True)):
        some = [finding for finding in found.findings if (finding.code == WARNING) is warning]
        if some:
            listed = show.table(f"{title}: {len(some)}", "where", "what")
            for finding in some:
                style = "bold red" if finding.code == FORBIDDEN else "red" if finding.code else "yellow"
                listed.add_row(finding.place, finding.says, style=style)
            show.out.print(listed)
    show.line(_VERDICTS[found.exit_code])


_VERDICTS = {
    0: "The policy is kept, as far as its controls exist; what is pending is refused.",
    4: "The policy may not be followed as it is.",
    6: "A promise stands without what keeps or proves it.",
}


def clauses(policy: Policy, found: Sequence[Explained]) -> None:
    """One line for each clause."""
    table = show.table(
        f"{policy.name}, version {policy.version}", "clause", "promise", "state", "kept by", "proof"
    )
    for one in found:
        wrong = [proof for proof in one.proofs if proof.problem]
        proof = f"{len(wrong)} of {len(one.proofs)} not proven" if wrong else f"{len(one.proofs)} tests"
        table.add_row(
            one.clause,
            one.quote,
            one.state,
            ", ".join(one.controls) or one.note,
            proof if one.proofs else "",
            style="red" if wrong else _STYLE[one.state],
        )
    show.out.print(table)
    show.line("One clause whole: tillit policy explain CLAUSE. As a page: --output policy.html --text FILE")


def clause(one: Explained) -> None:
    """One clause whole."""
    show.line(f"{one.clause}: “{one.quote}”")
    table = show.table(one.state, "what", "which")
    for place in one.rules:
        table.add_row("rule", place)
    for name, control in one.controls.items():
        table.add_row("control", f"{name}: {control.says}")
        for function in control.by:
            table.add_row("  by", function)
        if control.waits_for:
            table.add_row("  waits for", control.waits_for, style="red")
    if one.note:
        table.add_row(one.state, one.note)
    for proof in one.proofs:
        ended = proof.problem or f"passed {proof.passed_at}"
        table.add_row("test", f"{proof.test}: {ended}", style="red" if proof.problem else "")
    for entry in one.evidence:
        table.add_row("last evidence", f"entry {entry.number}, {entry.kind}, {show.moment(entry.at)}")
    show.out.print(table)


def changed(found: Sequence[Change]) -> None:
    """Every difference of two versions."""
    if not found:
        show.line("The two policies say the same.")
        return
    adverse = sum(change.adverse for change in found)
    show.line(f"{len(found)} changes, {adverse} of them adverse")
    table = Table.grid(padding=(0, 2))
    for change in found:
        style = "bold red" if change.adverse else "green" if change.holds_for == "all answers" else "bold"
        table.add_row()
        table.add_row("adverse" if change.adverse else "", change.place, style=style)
        kind = f"{change.kind}; holds for {change.holds_for}"
        for name, text in (("", kind), ("was", change.was), ("becomes", change.becomes)):
            table.add_row(name, text)
    show.out.print(table)
    show.line("")
    if adverse:
        show.line("What is adverse has to be told to people before it holds (GDPR Art. 13(3)).")


def impact(found: Impact | str) -> None:
    """What of that which a home keeps and has told the new version forbids, or why nobody could look."""
    if isinstance(found, str):
        show.line(f"What this means for answers that are kept could not be looked at: {found}.")
        return
    columns = ("becomes", "store", "clause", "why", "n", "people")
    table = show.table(f"Of {found.total:,} things that are kept now", *columns)
    table.add_column("of unknown", justify="right")
    for becomes, side in (("over-kept", found.over_kept), ("without recipient", found.lose_recipient)):
        for row in side.rows:
            numbers = (f"{number:,}" for number in (row.count, row.people, row.of_nobody_known))
            table.add_row(becomes, row.store, row.clause, row.says, *numbers)
    if not table.rows:
        show.line(f"The new policy forbids none of the {found.total:,} things that are kept now.")
        return
    show.out.print(table)
    kept, told = found.over_kept.people, found.lose_recipient.people
    show.line(f"People: {kept:,} with something over-kept, {told:,} whose scores must leave the CRM.")


def plain_impact(found: Impact | str) -> Mapping[str, Any]:
    """An impact for machines."""
    return {"could_not_look": found} if isinstance(found, str) else asdict(found)


def terms(policy: Policy, found: Mapping[str, str]) -> None:
    """What a policy comes down to."""
    table = show.table(f"What the policy of {policy.name} says", "term", "what")
    for term, says in found.items():
        table.add_row(term, says)
    show.out.print(table)


def proposed(published: Sequence[Sentence], found: Sequence[Proposal]) -> None:
    """Every sentence of a published text, numbered, with what was found in it."""
    by_number = {proposal.sentence.number: proposal for proposal in found}
    table = show.table(
        f"{len(published)} sentences, {len(found)} clauses proposed", "number", "sentence", "clause", "found"
    )
    for sentence in published:
        proposal = by_number.get(sentence.number)
        cells = (proposal.clause, proposal.found) if proposal else ("", "")
        style = "bold" if sentence.is_heading else "" if proposal else "dim"
        table.add_row(str(sentence.number), sentence.text, *cells, style=style)
    show.out.print(table)
    show.line(
        "Fill in what is undecided, settle what is open; then `tillit policy check --text` says what is left."
    )


def plain(one: Explained) -> Mapping[str, Any]:
    """A clause for machines."""
    controls = {name: control.model_dump() for name, control in one.controls.items()}
    return {
        "clause": one.clause,
        "quote": one.quote,
        "state": one.state,
        "proven": one.proven,
        "rules": list(one.rules),
        "controls": controls,
        "proofs": [asdict(proof) for proof in one.proofs],
        "evidence": [asdict(entry) for entry in one.evidence],
        "note": one.note,
    }
