"""What an export shows that the survey tool has, although it may not, or cannot, be taken in."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from data.stores.vendor_copies import VendorCopy
from pseudonymize.derive import Derivation
from pseudonymize.guess import Unread, response_id_of
from pseudonymize.raw import Raw, RawRow
from pseudonymize.validate import Validator


@dataclass(slots=True, repr=False)
class AtVendor(Raw):
    """The answers of rows that stay outside, by response key: what is known of each, and the vendor's id.

    `kept_out` are those that should not be at the vendor any more, by why; of `unnamed` many more of them
    the row cannot tell the id. `moment` (UTC) is that of the import.
    """

    derivation: Derivation
    validate: Validator
    moment: datetime
    copies: dict[str, VendorCopy] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    kept_out: dict[str, set[str]] = field(default_factory=dict)
    unnamed: Counter[str] = field(default_factory=Counter)

    def keep_out(self, why: str, row: RawRow, response_id: str = "") -> str:
        """Note a row that may not come in; returns why. A good row gives its id."""
        keys = self.kept_out.setdefault(why, set())
        if key := self.note(row, response_id):
            keys.add(key)
        else:
            self.unnamed[why] += 1
        return why

    def note(self, row: RawRow, response_id: str = "") -> str:
        """Note the answer of a row; returns its key, empty where the row cannot tell it."""
        mapping = self.validate.mapping
        response_id = response_id or response_id_of(
            Unread(row, mapping.vendor, mapping.survey, mapping.by_name)
        )
        if not response_id:
            return ""
        key, at = self.derivation.key_of(response_id), self.validate.answered_at(row)
        known = self.copies.get(key)
        # Of two versions the one that falls due first.
        if known is None or (at and (known.answered_at is None or at < known.answered_at)):
            cycle = self.validate.cycle(row, at) if at else ""
            seen = None if at else self.moment
            self.copies[key] = VendorCopy(key, mapping.survey, cycle, at, seen)
            self.ids[key] = f"{mapping.survey} {response_id}"
        return key
