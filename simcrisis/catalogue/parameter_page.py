"""The parameter page: every parameter in the words of a scenario file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simcrisis.catalogue.cbms import How, cbms
from simcrisis.catalogue.parameters import Cert, Parameters, Policy
from simcrisis.docstrings import help_of
from simcrisis.spec import Spec


class ParameterRow(Spec):
    """A row of the parameter page; every cell in the words of a scenario file."""

    name: str
    path: str
    default: str
    unit: str
    null: str
    what: str
    source: str


def parameter_page() -> tuple[ParameterRow, ...]:
    """Return every parameter with path, default, unit, source, null and what it does."""
    places: tuple[tuple[type[Spec], str], ...] = (
        (Parameters, "model"),
        (Cert, "states.*.cert"),
        (Policy, "states.*.policy"),
    )
    return (*_of_parts(places), *_of_cbms())


def _of_cbms() -> Iterator[ParameterRow]:
    """Yield the effect sizes of the CBMs."""
    for cbm in cbms().values():
        for name, effect in cbm.effect.items():
            yield ParameterRow(
                name=f"{cbm.key}.{name}",
                path=f"effects.{cbm.key}.{name}",
                default=in_words(effect.size),
                unit="duration" if effect.how is How.AT_MOST else "-",
                null=in_words(effect.null),
                what=f"CBM {cbm.number}, {cbm.title}: {effect.what}.",
                source=effect.source,
            )


def _of_parts(places: tuple[tuple[type[Spec], str], ...]) -> Iterator[ParameterRow]:
    """Yield the parameters of the model, and of each State's CERT and desk."""
    return (
        ParameterRow(
            name=field.alias or name,
            path=f"{path}.{field.alias or name}",
            default=in_words(spec().model_dump(mode="json", by_alias=True)[field.alias or name]),
            unit=str(about["unit"]) or _unit(field.annotation),
            null="-" if about["null"] is None else in_words(about["null"]),
            what=help_of(spec).get(name, ""),
            source=str(about["source"]),
        )
        for spec, path in places
        for name, field in spec.model_fields.items()
        if isinstance(about := field.json_schema_extra, dict)
    )


def in_words(value: object) -> str:
    """Return a value as a scenario file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {in_words(part)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_words, value))}]"
    return "none" if value is None else str(value)


def _unit(annotation: Any) -> str:
    """Return what kind of value a parameter without a unit of its own takes."""
    if annotation is bool:
        return "switch"
    if annotation is int:
        return "duration"
    return "delay" if annotation not in {float, str, int} and "Delay" in str(annotation) else "-"
