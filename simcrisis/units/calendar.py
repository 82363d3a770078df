"""When an office is open, in milliseconds from the start of a run, daylight-saving time included."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from simcrisis.units.durations import DAY

_MARGIN = 60 * DAY
"""Windows are laid out so far past the horizon: what is still unread then is never read."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A working week in local time: weekdays (0 is Monday), opening and closing minute of the day."""

    weekdays: tuple[int, ...]
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The windows, in ms from the start of the run, in which an office is open; ascending, disjoint."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]

    def next_open(self, at: int) -> float:
        """Return the first instant not before `at` when the office is open (ms); infinite if none is known."""
        after = bisect_right(self.closes, at)
        return max(at, self.opens[after]) if after < len(self.opens) else math.inf


@lru_cache(maxsize=512)
def office_calendar(start: datetime, horizon: int, zone: str, hours: WorkingHours) -> Calendar:
    """Return the open windows of an office from a day before `start` to well past the horizon (ms)."""
    local = ZoneInfo(zone)
    first_day = (start.astimezone(local) - timedelta(days=1)).date()
    opens: list[int] = []
    closes: list[int] = []
    for n in range((horizon + _MARGIN) // DAY + 3):
        day = first_day + timedelta(days=n)
        if day.weekday() in hours.weekdays:
            opens.append(_offset(datetime.combine(day, time(), local), hours.opens, start))
            closes.append(_offset(datetime.combine(day, time(), local), hours.closes, start))
    return Calendar(tuple(opens), tuple(closes))


def _offset(midnight: datetime, minute: int, start: datetime) -> int:
    """Return ms from `start` to a minute of the local day (wall-clock minutes, as offices keep them)."""
    wall = midnight + timedelta(minutes=minute)
    return (wall.astimezone(UTC) - start.astimezone(UTC)) // timedelta(milliseconds=1)
