"""Score the redactor on the labelled answers and write the table into docs/redaction.md.

    python benchmarks/labelled.py

The held-out files are scored with the others; none of their texts is printed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "redaction.md"
BEGIN, END = "<!-- scores: make bench writes these lines -->", "<!-- end of scores -->"
FILES = {
    "sv": "Swedish",
    "sv_second": "Swedish, full of look-alikes",
    "sv_third": "Swedish, formerly held out",
    "sv_fourth": "Swedish, names and numbers hard to see",
    "sv_held_out": "Swedish, held out",
    "en": "English",
    "en_second": "English, full of look-alikes",
    "en_third": "English, formerly held out",
    "en_fourth": "English, mostly about nobody",
    "en_fifth": "English, numbers and addresses",
    "en_sixth": "English, codes and accounts hard to see",
    "en_held_out": "English, held out",
    "en_web_held_out": "English of the web, full of look-alikes, held out",
}
NUMBERS = (
    "EMAIL",
    "PHONE",
    "NATIONAL_ID",
    "URL",
    "IP_ADDRESS",
    "PATIENT_ID",
    "IBAN",
    "CREDIT_CARD",
    "DATE_OF_BIRTH",
)


def _row(name: str) -> str:
    from pseudonymize.redact import Redactor
    from pseudonymize.redaction.people import Answer
    from tests.support.labelled import read, score

    answers = read(name)
    redacted = Redactor().redact([Answer(answer.text, name[:2]) for answer in answers])
    found = score(answers, [result.text for result in redacted])
    figures = (
        f"{len(answers)}",
        f"{found.spans.total()}",
        f"{found.leak:.3f}",
        f"{found.recall('PERSON'):.3f}",
        f"{found.recall(*NUMBERS):.3f}",
        f"{found.recall('ADDRESS', 'USERNAME'):.3f}",
        f"{found.over_redacted:.3f}",
        f"{found.characters_removed:.4f}",
    )
    return f"| {FILES[name]} | {' | '.join(figures)} |"


def _main() -> None:
    header = (
        "| set | answers | personal spans | leak | recall of PERSON | of numbers and addresses on the net "
        "| of ADDRESS and USERNAME | impersonal answers changed | their characters removed |"
    )
    table = "\n".join([header, "|---" * 9 + "|", *map(_row, FILES)])
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")
    print(table)


if __name__ == "__main__":
    _main()
