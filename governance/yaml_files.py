"""Reading YAML written by people into a closed schema, with errors that they can mend."""

from collections.abc import Hashable
from importlib.resources import files
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from data.errors import UsageError

#: Words that say something.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Closed(BaseModel):
    """A frozen record in which an unknown word is an error, not a word that is silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


#: Policies say themselves what to do; what else people write are mappings and sources.
_HINT = "see docs/sources.md"
_DEEPEST = 100

Model = TypeVar("Model", bound=Closed)


class _NoDuplicates(yaml.CSafeLoader):
    """YAML in which a key stands once; PyYAML lets the last one win silently.

    Read by libyaml, which PyYAML's wheels bring along: a policy takes 0.02 s and not 0.2 s, in every command.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            word = str(key.value)
            if word in seen:
                raise yaml.MarkedYAMLError(problem=f"{word!r} stands twice", problem_mark=key.start_mark)
            seen.add(word)
        return super().construct_mapping(node, deep)


def read_yaml(text: str, origin: str, model: type[Model]) -> Model:
    """Read `text` as a `model`; `origin` is named in errors.

    Raises `UsageError` that lists every mistake with its place and the valid words.
    """
    return validated(load_yaml(text, origin), origin, model)


def packaged(name: str, model: type[Model]) -> Model:
    """A list that comes with the package `governance`."""
    return read_yaml((files("governance") / name).read_text("utf-8"), name, model)


def load_yaml(text: str, origin: str) -> dict[str, Any]:
    """The mapping that `text` holds, not yet checked against a schema. Raises `UsageError`."""
    try:
        if not (problem := _refused(text)):
            content = yaml.load(text, _NoDuplicates)  # noqa: S506 - derived from a safe loader
            if isinstance(content, dict):
                return content
            problem = "expected a YAML mapping"
    except (yaml.YAMLError, ValueError) as error:
        problem = _yaml_problem(error)
    raise UsageError(f"{origin}: {problem}", hint=_HINT)


def _refused(text: str) -> str:
    """What no loader should meet, or nothing: the C loader would crash, others go in circles."""
    within = list[str | None]()
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            within.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            within.pop()
        if len(within) > _DEEPEST:
            return "its lists and mappings stand too deep in one another"
        if isinstance(event, yaml.AliasEvent) and event.anchor in within:
            return f"a list or a mapping stands in itself{_near(event)}"
        if getattr(event, "tag", None):
            return f"tags (!) mean nothing here{_near(event)}"
    return ""


def _near(event: yaml.Event) -> str:
    return f" near line {event.start_mark.line + 1}" if event.start_mark else ""


def validated(content: dict[str, Any], origin: str, model: type[Model]) -> Model:
    """`content` as a `model`. Raises `UsageError` that lists every mistake with its place."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        mistakes = [_line(detail, model) for detail in error.errors()]
    raise UsageError(f"{origin}: " + "; ".join(mistakes), hint=_HINT)


def _yaml_problem(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        twice = error.problem if "stands twice" in (error.problem or "") else "not valid YAML"
        return f"{twice} near line {error.problem_mark.line + 1}"
    if isinstance(error, yaml.YAMLError):
        return "not valid YAML: it holds characters that no text has"
    return "not valid YAML: a date in it does not exist"


def _line(detail: Any, model: type[BaseModel]) -> str:
    words = [str(part) for part in detail["loc"] if part != "[key]"]
    place = ".".join(words)
    if not place:
        return str(detail["msg"].removeprefix("Value error, "))
    if detail["type"] == "extra_forbidden":
        known = ", ".join(_words(model, detail["loc"][:-1]))
        return f"{place}: unknown word; valid words here: {known}"
    if detail["type"] == "literal_error":
        return f"{place}: unknown word; valid words here: {detail['ctx']['expected']}"
    if detail["type"] == "missing":
        return f"{place}: missing"
    return f"{place}: {detail['msg'].removeprefix('Value error, ')}"


def _words(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    found: Any = model
    for part in path:
        fields = getattr(found, "model_fields", {})
        found = _innermost(fields[part].annotation if part in fields else found)
    return sorted(f.alias or name for name, f in getattr(found, "model_fields", {}).items())


def _innermost(annotation: Any) -> Any:
    parts = (annotation, *get_args(annotation))
    models = [a for a in parts if isinstance(a, type) and issubclass(a, BaseModel)]
    if models:
        return models[0]
    nested = [a for a in get_args(annotation) if get_args(a)]
    return _innermost(nested[0]) if nested else annotation
