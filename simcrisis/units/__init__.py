"""Durations, delays and calendars: everything that turns words about time into integer milliseconds."""

from simcrisis.units.calendar import Calendar, WorkingHours
from simcrisis.units.delays import Delay, Fixed, Lognormal, Triangular, normal_cdf, parse_delay
from simcrisis.units.durations import DAY, HOUR, MINUTE, format_duration, parse_duration, to_hours

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "Calendar",
    "Delay",
    "Fixed",
    "Lognormal",
    "Triangular",
    "WorkingHours",
    "format_duration",
    "normal_cdf",
    "parse_delay",
    "parse_duration",
    "to_hours",
]
