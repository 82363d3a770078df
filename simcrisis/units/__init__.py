"""Durations, delays and calendars: everything that turns words about time into integer milliseconds."""

from simcrisis.units.calendar import Calendar, WorkingHours
from simcrisis.units.delays import (
    Delay,
    Fixed,
    Lognormal,
    Occasional,
    Triangular,
    normal_cdf,
    occasionally,
    parse_delay,
    scaled,
)
from simcrisis.units.durations import DAY, HOUR, MINUTE, format_duration, parse_duration, to_hours

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "Calendar",
    "Delay",
    "Fixed",
    "Lognormal",
    "Occasional",
    "Triangular",
    "WorkingHours",
    "format_duration",
    "normal_cdf",
    "occasionally",
    "parse_delay",
    "parse_duration",
    "scaled",
    "to_hours",
]
