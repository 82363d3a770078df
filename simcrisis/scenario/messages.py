"""pydantic's findings in words that say what would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simcrisis.scenario.nouns import Scenario
from simcrisis.scenario.references import suggestion
from simcrisis.scenario.text import Path, Source
from simcrisis.scenario.words import CLOCK_PATTERN, LINE_PATTERN, NAME_PATTERN, TEXT_PATTERN
from simcrisis.spec import Spec
from simcrisis.units import format_duration

_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list, such as [a, b]",
    "dict_type": "a mapping, such as {a: b}",
    "mapping_type": "a mapping, such as {a: b}",
    "is_instance_of": "a mapping, such as {a: b}",
    "model_type": "a mapping, such as {a: b}",
    "model_attributes_type": "a mapping, such as {a: b}",
    "datetime_type": "a date, such as 2026-03-02T08:00:00+01:00",
    "datetime_from_date_parsing": "a date, such as 2026-03-02T08:00:00+01:00",
    "datetime_parsing": "a date, such as 2026-03-02T08:00:00+01:00",
    "datetime_object_invalid": "a date, such as 2026-03-02T08:00:00+01:00",
    "int_from_float": "a whole number",
}
_PATTERNS = {
    NAME_PATTERN: "cannot be a name; leave out dots, slashes, bars, asterisks and control characters",
    LINE_PATTERN: "should stand on one line; leave out line breaks and control characters",
    CLOCK_PATTERN: "should be a time of day, such as 09:30",
    TEXT_PATTERN: "holds a control character; leave it out",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def report_validation(error: ValidationError, source: Source) -> None:
    """Report every finding of pydantic that concerns something the file says."""
    for details in error.errors(include_url=False):
        path = _path(details["loc"])
        kind = details["type"]
        if source.reported(path):
            continue
        if kind == "extra_forbidden":
            source.report(path, f"unknown key{suggestion(str(path[-1]), allowed_keys(path[:-1]))}", key=True)
        elif kind == "missing":
            source.report(path[:-1], f"the key '{path[-1]}' is missing")
        elif _is_said(path, source.data):
            source.report(path, _message(details))


def _path(loc: tuple[int | str, ...]) -> Path:
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _is_said(path: Path, data: Any) -> bool:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _message(details: ErrorDetails) -> str:
    kind, given = details["type"], details["input"]
    context: Mapping[str, Any] = details.get("ctx") or {}
    if kind == "value_error":
        return str(context["error"])
    if kind in _TYPES:
        return f"{_shown(given)} should be {_TYPES[kind]}"
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return f"{_shown(given)} should be {words} {_bound(context[name], given)}"
    if kind in {"enum", "literal_error"}:
        known = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        return f"{_shown(given)} is not known here{suggestion(str(given), known)}"
    if kind in {"too_long", "too_short", "string_too_long", "string_too_short"}:
        least = context.get("min_length")
        if "long" in kind:
            return f"too long; at most {context['max_length']}"
        return f"too short; at least {least}" if least else "too short"
    if kind == "string_pattern_mismatch":
        return f"{_shown(given)} {_PATTERNS[context['pattern']]}"
    return details["msg"][:200]


def _shown(given: Any) -> str:
    if isinstance(given, Mapping):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    text = str(given)
    return f"'{text[:40]}{'...' if len(text) > 40 else ''}'"


def _bound(bound: Any, given: Any) -> str:
    if isinstance(given, str) and isinstance(bound, int):
        return format_duration(bound) if bound else "nothing"
    return f"{bound:g}" if isinstance(bound, int | float) else str(bound)


def allowed_keys(path: Path) -> list[str]:
    """Return the keys that a mapping at this path of a scenario may have."""
    types: list[Any] = [Scenario]
    for step in path:
        types = [inner for outer in types for inner in _inside(outer, step)]
    return [
        field.alias or name
        for each in types
        if isinstance(each, type) and issubclass(each, Spec)
        for name, field in each.model_fields.items()
    ]


def _inside(outer: Any, step: int | str) -> Iterator[Any]:
    if isinstance(outer, type) and issubclass(outer, Spec):
        for name, field in outer.model_fields.items():
            if step in {name, field.alias}:
                yield from _bare(field.annotation)
    else:
        for inner in get_args(outer):
            yield from _bare(inner)


def _bare(annotation: Any) -> Iterator[Any]:
    """Yield the classes and containers behind Annotated and unions."""
    if isinstance(annotation, type) or get_origin(annotation) in {tuple, dict, Mapping}:
        yield annotation
    else:
        for inner in get_args(annotation):
            if isinstance(inner, type) or get_args(inner):
                yield from _bare(inner)
