"""Durations: text with a unit for people, integer milliseconds for the engine."""

from __future__ import annotations

import re

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_UNITS = {
    **dict.fromkeys(("ms",), 1),
    **dict.fromkeys(("s", "second", "seconds"), SECOND),
    **dict.fromkeys(("min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), WEEK),
}
_PART = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]+)\s*", re.ASCII)
_LONGEST = 100 * 366 * DAY


def parse_duration(text: object) -> int:
    """Return the milliseconds that a text such as `36 h`, `2 days` or `1 d 12 h` stands for.

    Raises ValueError when the text is no duration, carries no unit or is longer than a century.
    """
    if isinstance(text, bool) or not isinstance(text, str):
        hint = f"write '{text} h' or '{text} days'" if isinstance(text, int) else "write for example '36 h'"
        raise ValueError(f"a duration is a number with its unit; {hint}")
    total, position = 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part[2] not in _UNITS:
            raise ValueError(f"'{text[:40]}' is no duration; write for example '36 h', '2 days' or '30 min'")
        total += float(part[1]) * _UNITS[part[2]]
        position = part.end()
    if not text.strip():
        raise ValueError("an empty text is no duration; write for example '36 h'")
    if total > _LONGEST:
        raise ValueError("a duration is at most a hundred years")
    return round(total)


def format_duration(milliseconds: int) -> str:
    """Return the shortest exact text of a duration, such as `36 h`; `parse_duration` reads it back."""
    for unit, length in (("h", HOUR), ("min", MINUTE), ("s", SECOND)):
        if milliseconds % length == 0:
            whole = milliseconds // length
            if unit == "h" and whole and whole % 24 == 0 and whole > 72:
                return f"{whole // 24} days"
            return f"{whole} {unit}"
    return f"{milliseconds} ms"


def to_hours(milliseconds: float) -> float:
    """Return hours (people's unit) for milliseconds (the engine's)."""
    return milliseconds / HOUR
