"""People who do not exist and cannot be mistaken: where one of their words turns up, something has leaked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from stdnum import luhn

from tests.support.exports import COLUMNS, answer, write_export

Row = dict[str, str]

#: Stands in the texts of rows that must not pass, so that no word of such a row may be anywhere.
SECRET = "kvastsopning"


@dataclass(frozen=True)
class Canary:
    """One person with everything that an export can hold of a person, and more."""

    first: str
    last: str
    email: str
    phone: str
    birthday: str
    reference: str
    job_title: str
    workplace: str
    street: str
    ip: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def personnummer(self) -> str:
        """A number of the right form, with the right check digit."""
        digits = f"{self.birthday[2:]}989"
        return f"{self.birthday}-989{luhn.calc_check_digit(digits)}"

    @property
    def respondent_id(self) -> str:
        return f"PID-{self.birthday}-canary"

    @property
    def local_phone(self) -> str:
        return self.phone.replace("+46", "0").replace(" ", "")

    @property
    def ascii_email(self) -> str:
        """The address as it travels."""
        local, domain = self.email.split("@")
        return f"{local}@{domain.encode('idna').decode()}"

    def response_id(self, number: int) -> str:
        return f"RID-{self.birthday}-canary-{number}"

    @property
    def words(self) -> list[str]:
        """All that may be nowhere."""
        ten_digits = self.personnummer[2:].replace("-", "")
        return [
            *(self.first, *self.last.split("-"), self.email, self.ascii_email, self.email.split("@")[0]),
            *(self.phone, self.phone[4:], self.local_phone, self.local_phone[1:]),
            *(self.personnummer, self.personnummer[2:], ten_digits),
            *(self.respondent_id, self.response_id(1)[:-2], self.ip),
            *(self.job_title.split(",")[0], self.workplace.split()[0], self.street.split()[0]),
        ]


CANARIES = [
    Canary(
        *("Zebulonia", "Kvastborg-Qvintus", "zebulonia.kvastborg@canary-region.example", "+46 70 174 06 05"),
        *("19440229", "ca4a7e00-dead-4bee-8bad-000000000001", "Kvastmästarinna, röntgenläkare"),
        *("Kvastborgska universitetssjukhuset", "Kvastborgsgatan 12", "198.51.100.177"),
    ),
    Canary(
        *(
            "Åsgårdine",
            "Öxnehäll-Ängqvistare",
            "asgardine.oxnehall+enkat@kanarie.example",
            "+46 70 174 06 17",
        ),
        *("19511130", "ca4a7e00-dead-4bee-8bad-000000000002", "Äggkläckningschef"),
        *("Öxnehällska lasarettet", "Öxnehällsvägen 7", "198.51.100.178"),
    ),
    Canary(
        *("Xaverianus", "Wråkhjelmsson", "xaverianus@wråkhjelm.example", "+46 70 174 06 29"),
        *("19680704", "ca4a7e00-dead-4bee-8bad-000000000003", "PACS-kanarieförvaltare"),
        *("Wråkhjelmskliniken AB", "Wråkhjelmsgränd 3", "198.51.100.179"),
    ),
]

WORDS = sorted({word.casefold() for canary in CANARIES for word in canary.words} | {SECRET})
REFERENCES = [canary.reference for canary in CANARIES]

ENGLISH = (
    "My name is {c.name} and the viewer is slow when the support team is busy. Call me on {c.phone} or "
    "write to {c.email}. My personal number is {c.personnummer} and I live at {c.street}, regards {c.first}"
)
SWEDISH = (
    "Jag heter {c.name} och tycker att systemet är långsamt på eftermiddagarna. Ring {c.local_phone} eller "
    "skriv till {c.email}. Mitt personnummer är {c.personnummer}, jag bor på {c.street}. Hälsningar {c.first}"
)
NUMBERS = (
    "Please answer to {c.ascii_email} or call {c.local_phone}, the id in your form should be "
    "{digits} and was typed from the computer with the address {c.ip}, thank you, {c.last}"
)
OF_OTHERS = "The support is good, but ask my colleague on {c.phone} or {c.email} about the new release."


def row(canary: Canary, number: int, **changes: str) -> Row:
    """A good row of a canary; `changes` by field name."""
    own = {
        "response_id": canary.response_id(number),
        "respondent_id": canary.respondent_id,
        "first_name": canary.first,
        "last_name": canary.last,
        "email": canary.email,
        "crm_reference": canary.reference,
        "job_title": canary.job_title,
        "workplace": canary.workplace,
        "ip": canary.ip,
    }
    return answer(number, **{**own, **changes})


def good_rows() -> Iterator[Row]:
    """Answers of all canaries in English and Swedish, in two cycles, and one about somebody else."""
    for canary, other in zip(CANARIES, [*CANARIES[1:], CANARIES[0]], strict=True):
        yield row(canary, 1, text=ENGLISH.format(c=canary))
        yield row(canary, 2, text=SWEDISH.format(c=canary), language="sv", cycle="2026-Q2")
        yield row(canary, 3, text=ENGLISH.format(c=canary).upper(), cycle="2026-Q1")
        yield row(
            canary,
            4,
            text=NUMBERS.format(c=canary, digits=canary.personnummer[2:].replace("-", "")),
            cycle="2025-Q4",
        )
        yield row(canary, 5, text=OF_OTHERS.format(c=other), cycle="2025-Q3")


#: Why a row must not pass, and what is wrong with it.
FAULTS: dict[str, Row] = {
    "the score is a name": {"score": CANARIES[0].first},
    "the score is off its scale": {"score": "17"},
    "the address has no @": {"email": CANARIES[0].email.replace("@", " (at) ")},
    "the time is a name": {"answered_at": CANARIES[0].name},
    "the other time is an address": {"modified_at": CANARIES[0].email},
    "a clock change skipped the time": {"answered_at": "2026-03-29 02:30:00"},
    "the name is an error of the spreadsheet": {"last_name": "#N/A"},
    "the reference is a name": {"crm_reference": CANARIES[0].name},
    "the cycle is a name": {"cycle": CANARIES[0].name},
    "the cycle is a surname": {"cycle": CANARIES[0].last},
    "the reference is a surname": {"crm_reference": CANARIES[0].last},
    "there is no response id": {"response_id": ""},
    "the text is too long": {"text": f"{SECRET} {CANARIES[0].name} " * 1000},
    "the name is too long": {"first_name": CANARIES[0].first * 60},
    "the name has a control character": {"last_name": f"{CANARIES[0].last}\x07"},
    "the text holds what no redactor takes out": {"text": f"{SECRET}, see {CANARIES[0].reference}"},
}


def bad_rows() -> Iterator[Row]:
    """A row for each fault, and two versions of one answer that contradict each other."""
    text = f"{SECRET}! " + ENGLISH.format(c=CANARIES[0])
    for number, fault in enumerate(FAULTS.values(), start=100):
        yield row(CANARIES[0], number, **{"text": text, **fault})
    yield row(CANARIES[1], 150, text=text, score="1")
    yield row(CANARIES[1], 150, text=text, score="2")


def ragged_line() -> str:
    """A row with a cell too many."""
    cells = row(CANARIES[2], 160, text=SECRET)
    return ",".join([*(cells[name].replace(",", "") for name in COLUMNS), CANARIES[2].name]) + "\r\n"


BAD = len(FAULTS) + 2 + 1
_PLAIN = 340 + 80  # enough people without a secret that the bad rows are less than a twentieth


def write_answers(path: Path) -> int:
    """An export with good rows, bad rows, and other people's; returns how many good ones."""
    good = [*good_rows(), *(answer(number) for number in range(1000, 1000 + _PLAIN))]
    write_export(path, [*good, *bad_rows()])
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(ragged_line())
    return len(good)


def write_many_cycles(path: Path) -> None:
    """An export of many small cycles, hence of many files, which take their time to write."""
    text = ENGLISH.format(c=CANARIES[0])
    write_export(path, [row(CANARIES[0], n, cycle=f"wave-{n}", text=text) for n in range(500, 800)])


def write_refused(folder: Path) -> None:
    """Exports that must be refused whole, each in another way."""
    good = list(good_rows())
    mostly_bad = [row(canary, 9, score=canary.first) for canary in CANARIES * 4]
    headless = write_export(folder / "headless.csv", good)
    headless.write_bytes(headless.read_bytes().split(b"\r\n", 1)[1])
    unknown = write_export(folder / "unknown-column.csv", good)
    unknown.write_text(unknown.read_text("utf-8").replace("Job Title", CANARIES[0].name), "utf-8")
    write_export(folder / "mostly-bad.csv", mostly_bad)
    write_export(folder / "other-encoding.csv", good, encoding="windows-1252")


def write_workbook(path: Path) -> None:
    """A workbook with a person's number in a cell that should be a date, and a formula of names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS.values()))
    for canary in CANARIES:
        sheet.append([row(canary, 20)[name] for name in COLUMNS])
    date = sheet.cell(2, list(COLUMNS).index("modified_at") + 1)
    date.value, date.number_format = int(CANARIES[0].personnummer.replace("-", "")), "yyyy-mm-dd"
    sheet.cell(4, 1).value = f'="{CANARIES[1].name}"'
    book.save(path)


def write_undecodable(path: Path) -> None:
    """A Parquet export whose names are not the UTF-8 that the file claims: a value that no reader expects."""
    rows = list(good_rows())
    columns = {COLUMNS[name]: _text([r[name] for r in rows]) for name in COLUMNS}
    spoilt = pa.array([r["last_name"].encode("windows-1252") for r in rows], pa.binary())
    columns[COLUMNS["last_name"]] = pa.Array.from_buffers(pa.string(), len(rows), spoilt.buffers())
    pq.write_table(pa.table(columns), path)


def write_contacts(path: Path, references: Iterable[str]) -> Path:
    """A file of contacts for the embedded CRM."""
    path.write_text("\n".join(["Contact", *references, ""]), "utf-8")
    return path


def write_sources(path: Path, sources: Mapping[str, tuple[Path, Path]]) -> None:
    """The file of sources: an inbox and a mapping for each name."""
    lines = (
        f"  {name}: {{kind: file, inbox: {inbox}, mapping: {m}}}" for name, (inbox, m) in sources.items()
    )
    path.write_text("\n".join(["sources:", *lines, ""]), "utf-8")


def _text(values: list[str]) -> pa.Array:
    return pa.array(values, pa.string())
