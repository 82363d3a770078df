"""What every declared noun shares: frozen, strict, no unknown keys, docstrings as help texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from simcrisis import units


class Spec(BaseModel):
    """Base of everything that is declared in a scenario file or in the catalogue."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
    )


_DURATION_SCHEMA = {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*[a-z]+\s*)+$", "examples": ["36 h", "2 days"]}

Duration = Annotated[
    int,
    BeforeValidator(units.parse_duration, json_schema_input_type=str),
    PlainSerializer(units.format_duration),
    WithJsonSchema(_DURATION_SCHEMA),
]
"""Milliseconds inside; text with a unit, such as `36 h`, in a file."""

PositiveDuration = Annotated[Duration, Field(gt=0)]

DelayLaw = Annotated[
    units.Delay,
    PlainValidator(units.parse_delay),
    PlainSerializer(lambda law: law.to_data()),
    WithJsonSchema(
        {
            "anyOf": [
                _DURATION_SCHEMA,
                {
                    "type": "object",
                    "properties": {"median": _DURATION_SCHEMA, "spread": {"type": "number", "minimum": 1}},
                    "required": ["median", "spread"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": dict.fromkeys(("low", "mode", "high"), _DURATION_SCHEMA),
                    "required": ["low", "mode", "high"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""A delay law: a duration, a lognormal by median and geometric standard deviation, or a triangular one."""

Probability = Annotated[float, Field(ge=0, le=1)]
NonNegative = Annotated[float, Field(ge=0, le=1e6)]
Factor = Annotated[float, Field(ge=0.01, le=100)]
Finite = Annotated[float, Field(ge=-1e6, le=1e6)]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a scenario: so long after its start, or a date."""

    after_start: int | None
    instant: datetime | None

    def offset(self, start: datetime) -> int:
        """Return ms from `start`; a date without a zone is read in the zone of `start`."""
        if self.after_start is not None:
            return self.after_start
        assert self.instant is not None
        instant = self.instant if self.instant.tzinfo else self.instant.replace(tzinfo=start.tzinfo)
        return (instant - start) // timedelta(milliseconds=1)

    def to_data(self) -> str:
        """Return the form that a scenario file holds."""
        if self.after_start is not None:
            return units.format_duration(self.after_start)
        assert self.instant is not None
        return self.instant.isoformat()


def parse_moment(data: Any) -> Moment:
    """Return the moment that a value of a scenario file stands for; ValueError when it is none."""
    if isinstance(data, Moment):
        return data
    if isinstance(data, str):
        try:
            return Moment(None, datetime.combine(date.fromisoformat(data), time()))
        except ValueError:
            pass
        try:
            return Moment(None, datetime.fromisoformat(data))
        except ValueError:
            pass
        try:
            return Moment(units.parse_duration(data), None)
        except ValueError:
            pass
    raise ValueError("write a time after the start, such as '36 h', or a date, such as 2026-03-03T20:00:00+01:00")


MomentField = Annotated[
    Moment,
    PlainValidator(parse_moment),
    PlainSerializer(lambda moment: moment.to_data()),
    WithJsonSchema({"type": "string", "examples": ["36 h", "2026-03-03T20:00:00+01:00"]}),
]
