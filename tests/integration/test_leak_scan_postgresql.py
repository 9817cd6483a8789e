"""State and keys in PostgreSQL are searched as files are: table by table, column by column."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from flows.check_leaks import check_leaks
from flows.wiring import Home, Settings
from pseudonymize import no_progress
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import new_home, take

if TYPE_CHECKING:  # pytest wants to load its plugins itself
    from tests.support.postgresql import PostgreSql

pytest_plugins = ["tests.support.postgresql"]
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("postgresql")]


@pytest.fixture
def home(postgresql: "PostgreSql", tmp_path: Path) -> Home:
    made = postgresql.home_like(new_home(tmp_path / "home"))
    home = Home(replace(made.settings, prefect=tmp_path / "none"), made.clock)
    export = write_export(tmp_path / "answers.csv", [answer(number) for number in range(1000, 1020)])
    take(home, export, write_mapping(tmp_path / "mapping.yaml"))
    export.unlink()
    return home


def test_a_clean_database_is_clean(home: Home) -> None:
    report = check_leaks(home, "sectra", (), no_progress)
    assert report.is_clean, report
    assert report.people == 20


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "'Förnamn1003 Efternamn1003'"),
        ("bytea", "convert_to('person1004@example.com', 'LATIN1')"),
        ("jsonb", """'{"id": "R-01005"}'"""),
        ("text[]", "ARRAY['p-01006']"),
    ],
)
def test_somebody_is_found_by_table_and_column(home: Home, column: str, value: str) -> None:
    with home.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA notes"))
        connection.execute(text(f'CREATE TABLE notes.more (number int, "some note" {column})'))
        connection.execute(text(f"INSERT INTO notes.more VALUES (1, {value}), (2, NULL)"))  # noqa: S608
    report = check_leaks(home, "sectra", (), no_progress)
    (found,) = report.leaks
    assert found.place == "state database: more.some note"
    assert found.address + found.id + found.name == 1
    assert not report.unreadable


@pytest.mark.parametrize(
    "name", ["PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL"]
)
def test_the_database_of_prefect_on_a_server_is_searched(
    home: Home, postgresql: "PostgreSql", name: str
) -> None:
    postgresql.run(f"CREATE DATABASE {name.lower()}")
    url = postgresql.url(name.lower())
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE log (message text)"))
        connection.execute(text("INSERT INTO log VALUES ('no score for person1004@example.com')"))
    engine.dispose()
    of_prefect = {name: f"{url.replace('+psycopg', '+asyncpg')}&ssl=prefer&prepared_statement_cache_size=0"}
    settings = Settings.read(of_prefect, home.settings.home)
    home = Home(replace(home.settings, prefect_database=settings.prefect_database), home.clock)
    (found,) = check_leaks(home, "sectra", (), no_progress).leaks
    assert (found.place, found.address) == ("prefect database: log.message", 1)


def test_a_name_of_two_columns_is_found(home: Home) -> None:
    with home.keys_engine.begin() as connection:
        connection.execute(text("CREATE TABLE people (first text, last text, age int)"))
        connection.execute(
            text("INSERT INTO people VALUES ('Förnamn1003', 'Efternamn1003', 7), ('x', NULL, 1)")
        )
    (found,) = check_leaks(home, "sectra", (), no_progress).leaks
    assert (found.place, found.name) == ("keys database: people.*", 1)
