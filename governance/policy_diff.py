"""What changed from one version of a policy to the next, and what of it is worse for people. Pure.

Every difference of the two compiled policies is found and classified; what is worse for the people
whose data it is, or may be, is adverse: they need to be told (GDPR Art. 13(3)), and answers given under
the old version stay under it. A stricter rule holds for all. What nobody has judged is adverse.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from governance.policy import Policy

_STRICTER = "stricter"
#: A period of months is longer in one year than in another: four years are looked at.
_STARTS = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(4 * 365 + 1)]
_ASSURANCE = ("address on file", "any proof", "signed request")
_KEPT = ("vendor", "passing", "vault", "category", "redacted", "responses")
_END = ("delete", "anonymise", "aggregate")
_OPERATORS = ("employees", "need to know")

Verdict = tuple[str, bool]
Judge = Callable[[Any, Any], Verdict]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what it was and becomes ("" where it was not, or is no more), and its kind."""

    place: str
    was: str
    becomes: str
    kind: str
    adverse: bool

    @property
    def holds_for(self) -> str:
        """Which answers it holds for: what is stricter, for all; anything else, for those given later."""
        return "all answers" if self.kind.startswith(_STRICTER) else "answers from then on"


def changes(old: Policy, new: Policy) -> list[Change]:
    """Every difference, adverse ones first."""
    found = []
    for path, was, becomes in _differences((), _plain(old), _plain(new)):
        found.append(Change(".".join(path), _text(was), _text(becomes), *_verdict(path, was, becomes)))
    return sorted(found, key=lambda change: not change.adverse)


def _plain(value: Any) -> Any:
    """Rules as mappings; periods stay what they are."""
    if isinstance(value, BaseModel | Mapping):
        items = value.items() if isinstance(value, Mapping) else value
        return {str(name): _plain(part) for name, part in items}
    return frozenset(value) if isinstance(value, tuple) else value


def _differences(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences((*path, key), old.get(key), new.get(key))
    elif isinstance(old, frozenset) and isinstance(new, frozenset):
        for word in sorted(old ^ new):
            yield (*path, word), word if word in old else None, word if word in new else None
    else:
        yield path, old, new


def _verdict(path: tuple[str, ...], old: Any, new: Any) -> Verdict:
    return next((judge(old, new) for pattern, judge in _JUDGES if _fits(pattern, path)), ("changed", True))


def _fits(pattern: str, path: tuple[str, ...]) -> bool:
    *begins, last = pattern.split(".")
    wanted = [*begins, *(["*"] * (len(path) - len(begins)) if last == "**" else [last])]
    return len(wanted) == len(path) and all(w in {"*", part} for w, part in zip(wanted, path, strict=True))


def _always(kind: str, *, adverse: bool) -> Judge:
    return lambda old, new: (kind, adverse)


def _period(old: Any, new: Any) -> Verdict:
    ends = [(old.after(start), new.after(start)) for start in _STARTS]
    if any(later > earlier for earlier, later in ends):
        return "longer period", True
    shorter = any(later < earlier for earlier, later in ends)
    return (f"{_STRICTER}: shorter period", False) if shorter else ("same period", False)


def _more_or_less(more: str, less: str) -> Judge:
    """Judge something whose arrival is worse for people, and whose removal is stricter."""

    def judge(old: Any, new: Any) -> Verdict:
        if old is None:
            return more, True
        return (f"{_STRICTER}: {less}", False) if new is None else (f"other: {more}", True)

    return judge


def _promise(fewer: str, more: str) -> Judge:
    """Judge something whose removal is worse for people; another wording of it may be."""

    def judge(old: Any, new: Any) -> Verdict:
        if not new:
            return fewer, True
        return (f"other: {fewer}", True) if old else (more, False)

    return judge


def _order(strict_to_lax: tuple[str, ...], laxer: str, stricter: str) -> Judge:
    def judge(old: Any, new: Any) -> Verdict:
        worse = strict_to_lax.index(new) > strict_to_lax.index(old)
        return (laxer, True) if worse else (f"{_STRICTER}: {stricter}", False)

    return judge


def _assurance(old: Any, new: Any) -> Verdict:
    harder = _ASSURANCE.index(new) > _ASSURANCE.index(old)
    return ("harder to ask", True) if harder else ("easier to ask", False)


def _bound(old: Any, new: Any) -> Verdict:
    return (f"{_STRICTER}: bound to regions", False) if old is None else ("no longer bound to a region", True)


def _number(old: Any, new: Any) -> Verdict:
    return "company's own number", new is None or old is None or new < old  # such numbers protect


#: Places, `*` for one word of them, `**` for all that follows; the first that fits judges.
_JUDGES: list[tuple[str, Judge]] = [
    ("text.**", _always("wording", adverse=False)),
    ("translations.**", _always("wording", adverse=False)),
    ("published", _always("date", adverse=False)),
    ("schema_version", _always("form", adverse=False)),
    ("contact", _always("contact", adverse=False)),
    ("authority", _always("contact", adverse=False)),
    ("*.*.clause", _always("other clause", adverse=False)),
    ("*.clause", _always("other clause", adverse=False)),
    ("categories.**", _always("words of categories", adverse=False)),
    ("cap.period", _period),
    ("stores.*.period", _period),
    ("cap.clock", _always("other start of a period", adverse=True)),
    ("stores.*.clock", _always("other start of a period", adverse=True)),
    ("stores.*.end", _order(_END, "kept in another form", "deleted")),
    ("stores.*.region", _always("other region", adverse=True)),
    ("recipients.*.region", _always("other region", adverse=True)),
    ("recipients.*.operators", _order(_OPERATORS, "more people at work", "fewer people at work")),
    ("recipients.*.agreements.*", _promise("an agreement less", "an agreement more")),
    ("recipients.*", _more_or_less("new recipient, or more for one", "less for a recipient")),
    ("recipients.*.*", _more_or_less("new recipient, or more for one", "less for a recipient")),
    ("recipients.*.*.*", _more_or_less("new recipient, or more for one", "less for a recipient")),
    ("stores.*", _more_or_less("new store, or more in one", "less in a store")),
    ("stores.*.fields.*", _more_or_less("new store, or more in one", "less in a store")),
    ("regions", _bound),
    ("regions.*.*", _more_or_less("more regions", "fewer regions")),
    ("agreements.**", _promise("an agreement less", "an agreement more")),
    ("purposes.*", _more_or_less("new purpose", "fewer purposes")),
    ("purposes.*.swedish", _always("wording", adverse=False)),
    ("purposes.*.*", _always("other purpose or basis", adverse=True)),
    ("fields.*", _more_or_less("more data", "less data")),
    ("fields.*.kept", _order(_KEPT, "laxer form", "stricter form")),
    ("rights.*", _promise("fewer rights", "more rights")),
    ("rights.*.condition", _always("other condition", adverse=True)),
    ("identity.assurance", _assurance),
    ("reidentification", _more_or_less("names shown by the answer", "no names shown by the answer")),
    ("reidentification.purposes.*", _more_or_less("names shown for more", "names shown for less")),
    ("clauses.*", _promise("fewer promises", "more promises")),
    ("clauses.*.allows", _more_or_less("allows more", "allows less")),
    ("clauses.*.controls.*", _promise("a control less", "a control more")),
    ("clauses.*.**", _always("other wording of a promise", adverse=True)),
    ("decisions.*", _promise("a decision less", "a decision more")),
    ("decisions.*.reading", _always("other reading", adverse=True)),
    ("decisions.*.**", _always("record of a decision", adverse=False)),
    ("own_rules.*", _promise("an own rule less", "an own rule more")),
    ("own_rules.*.number", _number),
    ("special_categories.*", _order(("withhold", "keep"), "kept from now on", "withheld from now on")),
]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        said = {name: part for name, part in value.items() if part or part == 0}
        return ", ".join(f"{name} {_text(part)}" for name, part in said.items())
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return f"{value:g}" if isinstance(value, float) else str(value)
