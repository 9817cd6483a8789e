"""Job titles, workplaces and countries become one of a few words; nothing else of them stays."""

import pytest

from governance.policy import load_policy
from pseudonymize.generalize import Generalizer

CATEGORIES = load_policy("sectra").categories
CHOOSE = Generalizer(CATEGORIES)

ROLES = {
    "Verksamhetschef": "management",
    "Chief Medical Officer": "management",
    "Head of Radiology": "management",
    "IT-chef": "management",
    "CIO": "management",
    "VD": "management",
    "Röntgensjuksköterska": "radiology",
    "röntgenläkare": "radiology",
    "RADIOLOG": "radiology",
    "Radiologist": "radiology",
    "Consultant radiologist": "radiology",
    "Överläkare": "physician",
    "ST-läkare": "physician",
    "Consultant surgeon": "physician",
    "Patolog": "physician",
    "Sjuksköterska": "nursing",
    "Nurse": "nursing",
    "IT-samordnare": "it",
    "Systemförvaltare": "it",
    "PACS administrator": "it",
    "Medicinteknisk ingenjör": "it",
    "Medical physicist": "physics",
    "MR-fysiker": "physics",
    "Inköpare": "purchasing",
    "Head nurse": "management",
    "Konditor": "other",
    "College lecturer": "other",
    "Kollega": "other",
    "Item writer": "other",
    "Recital pianist": "other",
    "Anna Svensson": "other",
    "anna.svensson@norrvik.se": "other",
    "": "unknown",
}
COMPOUND_ROLES = {
    "Enhetschef": "management",
    "Avdelningschef": "management",
    "Specialistläkare": "physician",
    "Distriktsläkare": "physician",
    "Barnsjuksköterska": "nursing",
    "Distriktssköterska": "nursing",
    "Sjukhusfysiker": "physics",
    "Strategisk inköpare": "purchasing",
    "Systemutvecklare": "it",
}
WORKPLACES = {
    "Norrviks universitetssjukhus": "university hospital",
    "Karolinska Universitetssjukhuset": "university hospital",
    "University Hospital of Norrvik": "university hospital",
    "Södra älvens lasarett": "hospital",
    "Norrvik Hospital": "hospital",
    "Sankt Eriks sjukhus": "hospital",
    "Norrviks vårdcentral": "clinic",
    "Röntgenkliniken i Norrvik": "clinic",
    "Region Norrvik": "region",
    "Norrvik NHS Trust": "region",
    "Norrviks universitet": "university",
    "Norrvik University": "university",
    "Tekniska högskolan": "university",
    "Läkemedelsverket": "authority",
    "Myndigheten för vård": "authority",
    "Norrvik Röntgen AB": "clinic",
    "Norrvik AB": "company",
    "Norrvik GmbH": "company",
    "Abbey Road 3": "other",
    "Fysiologi samt patologi": "other",
    "Norrvik Hospitality": "other",
    "Hemma hos Anna Svensson": "other",
    "": "unknown",
}
COMPOUND_WORKPLACES = {
    "Centralsjukhuset i Norrvik": "hospital",
    "Länssjukhuset Norrvik": "hospital",
    "Norrsjukhuset": "hospital",
    "Ögonkliniken": "clinic",
    "Regionsjukhuset Norrvik": "hospital",
}
COUNTRIES = {
    "Sverige": "SE",
    "Sweden": "SE",
    "SE": "SE",
    "Kingdom of Sweden": "SE",
    "Norge": "NO",
    "Danmark": "DK",
    "Suomi": "FI",
    "Deutschland": "DE",
    "The Netherlands": "NL",
    "Nederländerna": "NL",
    "UK": "GB",
    "United Kingdom": "GB",
    "Skottland": "other",
    "USA": "US",
    "Österrike": "other",
    "Swedenborg": "other",
    "Republic of Usambara": "other",
    "Santiago de Chile": "other",
    "Vet ej, se min adress": "other",
    "Storgatan 5, 582 23 Norrvik": "other",
    "": "unknown",
}


@pytest.mark.parametrize(("title", "role"), ROLES.items())
def test_a_job_title_becomes_a_role(title, role):
    assert CHOOSE.role(title) == role


@pytest.mark.parametrize(("title", "role"), COMPOUND_ROLES.items())
def test_a_swedish_job_title_is_known_by_the_end_of_its_compound(title, role):
    assert CHOOSE.role(title) == role


@pytest.mark.parametrize(("cell", "workplace"), WORKPLACES.items())
def test_a_workplace_becomes_a_kind_of_workplace(cell, workplace):
    assert CHOOSE.workplace(cell) == workplace


@pytest.mark.parametrize(("cell", "workplace"), COMPOUND_WORKPLACES.items())
def test_a_swedish_workplace_is_known_by_the_end_of_its_compound(cell, workplace):
    assert CHOOSE.workplace(cell) == workplace


@pytest.mark.parametrize(("cell", "country"), COUNTRIES.items())
def test_a_country_becomes_its_code(cell, country):
    assert CHOOSE.country(cell) == country


@pytest.mark.parametrize("column", ["role", "workplace", "country"])
@pytest.mark.parametrize(
    "cell",
    [*ROLES, *WORKPLACES, *COUNTRIES, "19640823-3234", "(.*)", "\\b", "nöjd, mycket nöjd", "läkare" * 80],
)
def test_what_leaves_is_always_a_word_of_the_policy(column, cell):
    allowed = {*getattr(CATEGORIES, column), "other", "unknown"}
    assert getattr(CHOOSE, column)(cell) in allowed
