"""The page of a package that a person can read, Swedish or English. No script, no outside address."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

_PAGES = Environment(
    loader=PackageLoader("pseudonymize", "package"), autoescape=True, undefined=StrictUndefined
)
#: A period as a policy writes it.
_PERIOD = re.compile(r"(\d+) (day|month|year)s?")
LANGUAGES = ("en", "sv")


def page(content: Mapping[str, Any], language: str) -> str:
    """The page; `content` is as `schema.json` says. Times are told in this machine's zone, with the zone."""
    words = _words()

    def say(key: str) -> str:
        known = words.get(key)
        return str(known[language]) if known else key.replace("_", " ")

    def period(text: str) -> str:
        match = _PERIOD.fullmatch(text)
        if match is None:
            return say(text)
        unit = match[2] if match[1] == "1" else f"{match[2]}s"
        return f"{match[1]} {say(unit)}"

    return _PAGES.get_template("page.html").render(
        **{"set_aside": [], "events": [], "scores": [], **content},
        language=language,
        say=say,
        period=period,
        moment=_moment,
    )


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M %Z")


@cache
def _words() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load(
        (files("pseudonymize.package") / "words.yaml").read_text("utf-8")
    )
    return content
