"""Writes the committed sample files again: `python -m data.samples`."""

from datetime import date
from pathlib import Path

from data.samples.files import write_crm_contacts, write_csv, write_windows_1252, write_xlsx
from data.samples.generator import Sample, generate

RESPONDENTS = 1100
SEED = 20261101
AS_OF = date(2026, 11, 1)


def default_sample() -> Sample:
    """The sample that is committed."""
    return generate(RESPONDENTS, SEED, AS_OF)


def main(folder: Path) -> None:
    """Writes the committed files into `folder`."""
    sample = default_sample()
    write_csv(sample, folder / "csat.csv")
    write_windows_1252(sample, folder / "csat.windows-1252.csv")
    write_xlsx(sample, folder / "csat.xlsx")
    write_crm_contacts(sample, folder / "crm-contacts.csv")


if __name__ == "__main__":
    main(Path(__file__).parent)
