"""The sentences of the `phrases.*.yaml` files, by language."""

from dataclasses import dataclass, fields
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Phrases:
    """What people write in one language. `personal` and `signature` hold personal data on purpose."""

    parts: tuple[str, ...]
    whens: tuple[str, ...]
    praise: tuple[str, ...]
    mixed: tuple[str, ...]
    complaint: tuple[str, ...]
    personal: tuple[str, ...]
    signature: tuple[str, ...]
    short: tuple[str, ...]
    odd: tuple[str, ...]


def _phrases(blocks: dict[str, str]) -> Phrases:
    return Phrases(
        **{
            field.name: tuple(line.replace("\\n", "\n") for line in blocks[field.name].splitlines())
            for field in fields(Phrases)
        }
    )


def _load(language: str) -> Phrases:
    text = Path(__file__).with_name(f"phrases.{language}.yaml").read_text("utf-8")
    return _phrases(yaml.safe_load(text))


PHRASES = {language: _load(language) for language in ("en", "sv", "no", "da", "de")}
