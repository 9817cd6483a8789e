"""What is wrong with a header is said by column, and never with a cell of somebody's answer."""

import pytest

from data.errors import InputRefused
from governance.yaml_files import read_yaml
from pseudonymize.mapping import Mapping
from pseudonymize.sources.header import check_header
from tests.support.exports import COLUMNS, answer, mapping_text

MAPPING = read_yaml(mapping_text(), "mapping.yaml", Mapping)
HEADER = list(COLUMNS.values())
DATA = list(answer(1).values())


def without(*names: str) -> list[str]:
    return [name for name in HEADER if name not in names]


BAD: dict[str, tuple[list[str], str, str]] = {
    "nothing": ([], "the first row is not the header", "header_rows"),
    "one cell": ([";".join(HEADER)], "the first row is not the header", "separated by semicolons"),
    "one cell with tabs": (["\t".join(HEADER)], "the first row is not the header", "separated by tabs"),
    "somebody's answer": (DATA, "none of the 15 mapped columns is among its 16 cells", "header_rows"),
    "only a dropped column": (["IP Address", *DATA[1:]], "the first row is not the header", "header_rows"),
    "a missing column": (without("Score"), "lacks 'Score'", "export the survey again"),
    "two missing columns": (without("Score", "Why?"), "lacks 'Score', 'Why?'", "export the survey again"),
    "a missing dropped column": (without("IP Address"), "lacks 'IP Address'", "export the survey again"),
    "another case": (
        [name.replace("Email", "EMAIL") for name in HEADER],
        "lacks 'Email'",
        "export the survey again",
    ),
    "a space after a name": (
        [name.replace("Email", "Email ") for name in HEADER],
        "lacks 'Email'",
        "export the survey again",
    ),
    "an unknown column": ([*HEADER, "Ålder"], "does not know 'Ålder'", "drop"),
    "a nameless column": ([*HEADER, " "], "does not know column 17", "drop"),
    "a repeated column": ([*HEADER, "Email"], "names 'Email' more than once", ""),
    "a repeated nameless column": ([*HEADER, "", ""], "names column 17 more than once", ""),
    "an address as a name": ([*HEADER, "anna@norrvik.se"], "does not know column 17", "drop"),
    "a number as a name": ([*HEADER, "Ring 0701740605"], "does not know column 17", "drop"),
    "a number with spaces as a name": ([*HEADER, "Ring 070-174 06 05"], "does not know column 17", "drop"),
    "a name of a whole answer": ([*HEADER, "Jag är nöjd " * 20], "does not know column 17", "drop"),
}


@pytest.mark.parametrize(("header", "says", "hint"), BAD.values(), ids=BAD.keys())
def test_a_header_that_is_not_the_mappings_is_refused(header, says, hint):
    with pytest.raises(InputRefused) as refusal:
        check_header("enkät.csv", header, MAPPING)
    assert str(refusal.value).startswith("enkät.csv: ")
    assert says in str(refusal.value)
    assert hint in refusal.value.hint


@pytest.mark.parametrize("header", [DATA, [*DATA, DATA[-1]], ["Score", *DATA, *DATA], [*HEADER, *DATA]])
def test_no_cell_of_an_answer_is_told(header):
    with pytest.raises(InputRefused) as refusal:
        check_header("enkät.csv", header, MAPPING)
    told = f"{refusal.value} {refusal.value.hint}"
    assert [cell for cell in DATA if len(cell) > 4 and cell in told] == []


@pytest.mark.parametrize("header", [HEADER, HEADER[::-1]], ids=["as mapped", "backwards"])
def test_columns_may_come_in_any_order(header):
    assert check_header("enkät.csv", header, MAPPING) is None
