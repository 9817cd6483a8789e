"""Invented workplaces by country, with the titles, languages and streets that go with them."""

import re
from dataclasses import dataclass

_FOLD = str.maketrans(
    {"å": "a", "ä": "a", "ö": "o", "ø": "o", "æ": "ae", "ü": "u", "ß": "ss", "é": "e", "è": "e", "ë": "e"}
    | {"í": "i", "ó": "o", "á": "a", "ñ": "n"}
)
_RESERVED = ("example.org", "example.com", "example.net")


@dataclass(frozen=True)
class Workplace:
    """An invented organisation and the reserved domain of its addresses."""

    name: str
    country: str
    domain: str


def fold(text: str) -> str:
    """The text in lower-case ASCII, fit for an address: "Åsa O'Brien" becomes "asa-obrien"."""
    letters = text.lower().translate(_FOLD).replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


_WORKPLACES = {
    "Sweden": """
        Region Norrvik; Region Mellanbygden; Region Östervik; Region Kustlandet; Region Sjöbygd
        Region Västermark; Norrviks universitetssjukhus; Mellanbygdens lasarett; Östervik lasarett
        Sankt Görels sjukhus; Sankt Olof University Hospital; Fjällbrinks sjukhus
        Länssjukhuset Granvik; Kustlandets röntgenklinik; Lövängens bröstklinik
        Bildmedicin Söderlid AB; Vårdhuset Almgården; Norrviks universitet
        Tekniska högskolan Västermark; Vårdmyndigheten Nord; Granviks ortopedklinik
        Stjärnhems barnsjukhus; Mammografi Björkdal AB; Patologicentrum Sjöbygd; Karolinska Demo
        Älvtuna närsjukhus
        """,
    "United Kingdom": """
        St Elwyn's Hospital NHS Trust; Northmoor General Hospital; Ashcombe University Hospital
        Penbrook Infirmary; Harrowfield Imaging Ltd; Westmere Breast Centre
        Kingsholt Health Board; Tarnside Community Hospital; University of Eastmere
        Fenwick Park Orthopaedics
        """,
    "United States": """
        Cedar Hollow Medical Center; Lakemont Health System; Prairie Fork Regional Hospital
        Bayridge Radiology Group; Stonebrook Children's Hospital; University of North Alder
        Silver Creek Imaging LLC; Redwater Oncology
        """,
    "Netherlands": """
        Ziekenhuis Oosterdal; Medisch Centrum Waterveen; Kliniek de Linde
        Universiteit Noorderkade
        """,
    "Finland": """
        Pohjanlahden sairaala; Koivurannan keskussairaala; Järvilän yliopisto
        Kuvantaminen Hopealehto Oy
        """,
    "Norway": """
        Fjordvik sykehus; Helse Nordlys; Bjørkeli universitetssykehus; Solhaug Røntgen AS
        """,
    "Denmark": """
        Region Østkyst; Strandby Hospital; Bøgelund Universitetshospital
        Røntgenklinikken Havnen ApS
        """,
    "Germany": """
        Klinikum Grünental; Universitätsklinik Falkenau; Radiologie am Lindenhof
        St. Hedwig Krankenhaus Auental
        """,
}

_TITLES = {
    "en": """
        Radiologist; Consultant radiologist; Radiographer; Lead radiographer; PACS administrator
        PACS manager; Procurement manager; Medical physicist; CIO; IT manager
        Imaging informatics lead; Pathologist; Orthopaedic surgeon; Nurse; Head of radiology
        Research coordinator; Integration engineer
        """,
    "sv": """
        Radiolog; Överläkare; Specialistläkare; PACS-administratör; IT-chef; Sjuksköterska
        Röntgensjuksköterska; Verksamhetschef; Sjukhusfysiker; Systemförvaltare; Upphandlare
        Objektägare; Patolog; Ortoped; Enhetschef; Medicinsk sekreterare; Biomedicinsk analytiker
        IT-arkitekt
        """,
    "no": """
        Radiolog; Overlege; Radiograf; PACS-ansvarlig; IT-sjef; Avdelingsleder; Sykepleier
        Medisinsk fysiker
        """,
    "da": """
        Radiolog; Overlæge; Radiograf; PACS-administrator; IT-chef; Afdelingsleder; Sygeplejerske
        Indkøber
        """,
    "de": """
        Radiologe; Oberärztin; Chefarzt; MTRA; PACS-Administrator; IT-Leiterin; Einkäufer
        Medizinphysikerin
        """,
}

# How the languages of answers fall within a country; together about half English and two fifths Swedish.
COUNTRY_SHARES = {
    "Sweden": 50.0,
    "United Kingdom": 17.0,
    "United States": 10.0,
    "Netherlands": 6.0,
    "Finland": 4.0,
    "Norway": 5.0,
    "Denmark": 4.0,
    "Germany": 4.0,
}
LANGUAGE_SHARES = {
    "Sweden": {"sv": 79.0, "en": 21.0},
    "United Kingdom": {"en": 1.0},
    "United States": {"en": 1.0},
    "Netherlands": {"en": 1.0},
    "Finland": {"en": 80.0, "sv": 20.0},
    "Norway": {"no": 75.0, "en": 25.0},
    "Denmark": {"da": 80.0, "en": 20.0},
    "Germany": {"de": 80.0, "en": 20.0},
}
STREETS = {
    "sv": (
        "Storgatan {n}, Norrvik",
        "Björkvägen {n}, Granvik",
        "Östra Hamngatan {n} B, Östervik",
        "Ängsstigen {n}",
    ),
    "en": (
        "{n} Harbour Road, Northmoor",
        "{n} Mill Lane",
        "{n} Cedar Hollow Drive, Lakemont",
        "{n}b Station Street",
    ),
    "no": ("Fjordveien {n}, Fjordvik", "Kirkegata {n}"),
    "da": ("Strandvejen {n}, Strandby", "Nørregade {n}, 2. tv"),
    "de": ("Lindenstraße {n}, Grünental", "Am Bahnhof {n}"),
}


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in re.split(r"[;\n]", text) if item.strip())


def _workplaces() -> dict[str, tuple[Workplace, ...]]:
    return {
        country: tuple(
            Workplace(name, country, f"{fold(name)}.{_RESERVED[place % 3]}")
            for place, name in enumerate(_items(names))
        )
        for country, names in _WORKPLACES.items()
    }


WORKPLACES = _workplaces()
TITLES = {language: _items(titles) for language, titles in _TITLES.items()}
