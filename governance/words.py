"""Words by which what a published text promises is found, in English and Swedish."""

import re
from collections.abc import Iterator
from functools import cache

from governance.yaml_files import Closed, packaged

_UNITS = {"day": "days", "dag": "days", "month": "months", "månad": "months", "year": "years", "år": "years"}


class Vocabulary(Closed):
    """Words by which promises are found; see `governance/words.yaml`."""

    systems: dict[str, list[str]]
    agreements: dict[str, list[str]]
    void: list[str]
    rights: dict[str, list[str]]
    promises: dict[str, list[str]]
    numbers: dict[str, int]

    def periods(self, plain: str) -> Iterator[str]:
        """Every length of time in a text of small letters, its number in digits or in words."""
        numbers = "|".join([r"\d{1,3}", *self.numbers])
        for number, unit in re.findall(
            rf"(?<![\d,.–-])\b({numbers}) ({'|'.join(_UNITS)})(?:s|ar|er)?\b", plain
        ):
            yield f"{self.numbers.get(number, number)} {_UNITS[unit]}"


@cache
def known_words() -> Vocabulary:
    """The words of `governance/words.yaml`."""
    return packaged("words.yaml", Vocabulary)
