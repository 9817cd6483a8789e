"""The mapping of one survey's export: which column is what. A closed schema, read from YAML."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from data.errors import PolicyForbids, UsageError
from data.records import Scale, is_label
from governance.policy import Policy
from governance.rules import Kept
from governance.yaml_files import Closed, read_yaml
from pseudonymize.encodings import Encoding

FieldName = Literal[
    "response_id",
    "respondent_id",
    "answered_at",
    "modified_at",
    "score",
    "text",
    "name",
    "first_name",
    "last_name",
    "email",
    "crm_reference",
    "language",
    "job_title",
    "workplace",
    "country",
    "cycle",
]

#: Every name that a mapping may give a column.
FIELD_NAMES: tuple[FieldName, ...] = get_args(FieldName)
_NEEDED: tuple[FieldName, ...] = ("response_id", "answered_at", "score")


def _label(text: str) -> str:
    if not is_label(text):
        raise ValueError("up to 40 letters, digits, dots and dashes are allowed")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("not a time zone of the IANA database, for example Europe/Stockholm") from None
    return name


Label = Annotated[str, AfterValidator(_label)]


class Format(Closed):
    """How the file is written. `header_rows` rows stand above the answers; the first names the columns."""

    kind: Literal["csv", "xlsx", "parquet"]
    encoding: Encoding = "utf-8"
    delimiter: Literal[",", ";", "\t"] = ","
    sheet: str = ""
    header_rows: int = Field(default=1, ge=1, le=5)


class SkippedTimeError(ValueError):
    """A local time that a clock change skipped."""


class Times(Closed):
    """How times are written, and the zone of those that carry none."""

    zone: Annotated[str, AfterValidator(_zone)]
    pattern: str = "%Y-%m-%d %H:%M:%S"

    def parse(self, text: str) -> datetime:
        """The moment in UTC. Raises ValueError for another form, or a time that a clock change skips.

        A time that a clock change repeats is taken as its first occurrence.
        """
        return self.in_utc(datetime.strptime(text, self.pattern))  # noqa: DTZ007 - see in_utc

    def in_utc(self, moment: datetime) -> datetime:
        """A moment in UTC; one without a zone is local. Raises `SkippedTimeError`."""
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        zone = ZoneInfo(self.zone)
        utc = moment.replace(tzinfo=zone).astimezone(UTC)
        if utc.astimezone(zone).replace(tzinfo=None) != moment:
            raise SkippedTimeError("this local time was skipped by a clock change")
        return utc


class ScaleOfScore(Closed):
    """The range that the survey's question offered."""

    minimum: int = Field(ge=0, le=10)
    maximum: int = Field(ge=0, le=10)


class Cycle(Closed):
    """Which survey cycle an answer belongs to: a column says so, or the calendar does."""

    column: str = ""
    every: Literal["", "month", "quarter", "half-year", "year"] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.column) == bool(self.every):
            raise ValueError("give either column or every")
        return self

    def of(self, label: str, local: datetime) -> str:
        """The cycle's label: `label` as the column has it, or made from the local date of the answer."""
        match self.every:
            case "month":
                return f"{local.year}-{local.month:02}"
            case "quarter":
                return f"{local.year}-Q{(local.month + 2) // 3}"
            case "half-year":
                return f"{local.year}-H{(local.month + 5) // 6}"
            case "year":
                return f"{local.year}"
        return label


class Mapping(Closed):
    """One survey's export, described. Column names are those of the header, to the letter."""

    mapping: Literal[1]
    controller: str
    vendor: Label
    survey: Label
    format: Format
    times: Times
    scale: ScaleOfScore
    cycle: Cycle
    columns: dict[FieldName, str]
    drop: tuple[str, ...] = ()

    def moment(self, text: str) -> datetime:
        """A time of the export in UTC. Formats that have times write them as ISO 8601, with a T."""
        if self.format.kind != "csv" and text[10:11] == "T":
            return self.times.in_utc(datetime.fromisoformat(text))
        return self.times.parse(text)

    @property
    def survey_scale(self) -> Scale:
        """The scale as a record."""
        return Scale(self.scale.minimum, self.scale.maximum)

    @property
    def named(self) -> dict[FieldName, str]:
        """Column name by field, the cycle's included."""
        named = dict(self.columns)
        if self.cycle.column:
            named["cycle"] = self.cycle.column
        return named

    @property
    def by_name(self) -> dict[str, str]:
        """The same, as it is kept with a row that could not be taken in."""
        return {str(name): column for name, column in self.named.items()}

    @model_validator(mode="after")
    def _columns_make_sense(self) -> Self:
        missing = [name for name in _NEEDED if name not in self.columns]
        if missing:
            raise ValueError(f"columns must name {', '.join(missing)}")
        names = [*self.named.values(), *self.drop]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"{twice!r} stands twice among columns, cycle and drop")
        if self.scale.minimum >= self.scale.maximum:
            raise ValueError("the scale's minimum must be below its maximum")
        return self


_LAYOUT = re.compile(r"%[A-Za-z%]")
_HINT = "see docs/sources.md"


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises `UsageError` that says what to mend."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"the mapping {path} cannot be read: {error.strerror}", hint=_HINT) from None
    except UnicodeDecodeError:
        raise UsageError(f"the mapping {path} is not UTF-8: save it as such", hint=_HINT) from None
    mapping = read_yaml(text, path.name, Mapping)
    if not _LAYOUT.search(mapping.times.pattern):
        raise UsageError(
            f"{path.name}: times.pattern has no %-fields, for example %Y-%m-%d %H:%M:%S", hint=_HINT
        )
    return mapping


#: How the pipeline keeps each field; a policy that says otherwise cannot be kept by it.
_KEEPS: dict[FieldName, Kept] = {
    "response_id": "vault",
    "respondent_id": "vault",
    "name": "vault",
    "first_name": "vault",
    "last_name": "vault",
    "email": "vault",
    "crm_reference": "vault",
    "answered_at": "responses",
    "modified_at": "responses",
    "cycle": "responses",
    "score": "responses",
    "text": "redacted",
    "job_title": "category",
    "workplace": "category",
    "country": "category",
    "language": "passing",
}


def check_against_policy(mapping: Mapping, policy: Policy) -> None:
    """Refuse a mapping that takes what the policy does not name, or another scale than it promises.

    Raises `PolicyForbids` also where the policy wants a field kept in a form that is not ours.
    """
    for name in mapping.named:
        rule = policy.fields.get(name)
        if rule is None:
            raise PolicyForbids(
                f"the policy of {policy.name} does not allow the field {name}", hint="drop its column"
            )
        if rule.kept != _KEEPS[name]:
            raise PolicyForbids(
                f"{rule.clause} wants {name} kept as {rule.kept!r}, the pipeline keeps it {_KEEPS[name]!r}",
                hint="drop its column, or correct the policy",
            )
    if mapping.survey_scale != policy.scale.scale:
        raise PolicyForbids(
            f"the mapping's scale {mapping.survey_scale} is not the policy's "
            f"{policy.scale.scale} ({policy.scale.clause})",
            hint="correct scale in the mapping; answers on another scale need a policy that says so",
        )
