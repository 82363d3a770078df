from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcrisis.units import HOUR, WorkingHours, format_duration, parse_delay, parse_duration
from simcrisis.units.calendar import office_calendar

OFFICE = WorkingHours((0, 1, 2, 3, 4), 9 * 60, 17 * 60)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("36 h", 36), ("2 days", 48), ("30 min", 0.5), ("1.5 d", 36), ("1 d 12 h", 36), ("2 weeks", 336), ("0 h", 0)],
)
def test_durations(text: str, hours: float) -> None:
    assert parse_duration(text) == hours * HOUR


@pytest.mark.parametrize(
    "text", ["36", "h", "-1 h", "1 month", "", " ", "1 h h", "1e9 h", "٣ h", 36, 1.5, None, True, [1]]
)
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match=r"duration|text"):
        parse_duration(text)


@given(st.integers(0, 10**12))
def test_a_duration_survives_a_round_trip(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    "data",
    [{"median": "6 h"}, {"median": "6 h", "spread": 0.5}, {"low": "2 h", "mode": "1 h", "high": "3 h"}, {}, 6, []],
)
def test_what_is_no_delay(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_delay(data)


def hours_open(start: str, zone: str, at: float) -> float:
    """Return the first office hour (hours from the start) not before `at`."""
    calendar = office_calendar(datetime.fromisoformat(start), 60 * 24 * HOUR, zone, OFFICE)
    return calendar.next_open(round(at * HOUR)) / HOUR


def test_an_office_opens_in_its_own_zone() -> None:
    monday = "2026-03-02T08:00:00+01:00"
    assert hours_open(monday, "Europe/Vienna", 0) == 1
    assert hours_open(monday, "Europe/Vienna", 5) == 5
    assert hours_open(monday, "Europe/Vienna", 9) == 25
    assert hours_open(monday, "Asia/Tbilisi", 0) == 0
    assert hours_open(monday, "America/New_York", 0) == 7


def test_an_office_is_closed_at_the_weekend() -> None:
    assert hours_open("2026-03-06T18:00:00+01:00", "Europe/Vienna", 0) == 63


def test_an_office_keeps_wall_clock_time_when_clocks_change() -> None:
    """Clocks went forward in Vienna in the night to Sunday 29 March 2026: Monday's nine o'clock comes an hour early."""
    assert hours_open("2026-03-27T17:00:00+01:00", "Europe/Vienna", 0) == 63
    assert hours_open("2026-03-20T17:00:00+01:00", "Europe/Vienna", 0) == 64


def test_closing_time_is_closed() -> None:
    assert hours_open("2026-03-02T09:00:00+01:00", "Europe/Vienna", 8) == 24
