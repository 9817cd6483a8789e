"""The page of a package that a person can read, Swedish or English. No script, no outside address."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from governance.spoken import Language, say, say_period

_PAGES = Environment(
    loader=PackageLoader("pseudonymize", "package"), autoescape=True, undefined=StrictUndefined
)


def page(content: Mapping[str, Any], language: Language) -> str:
    """The page; `content` is as `schema.json` says. Times are told in this machine's zone, with the zone."""
    return _PAGES.get_template("page.html").render(
        **{"set_aside": [], "events": [], "scores": [], "named": [], **content},
        language=language,
        say=partial(say, language=language),
        period=partial(say_period, language=language),
        moment=_moment,
    )


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M %Z")
