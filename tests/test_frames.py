"""Tables of logs: names by arm, hours, what is not there."""

from __future__ import annotations

from itertools import count

from simcrisis.events import NOBODY, EventLog, Kind, Names, Row
from simcrisis.frames import Sheet
from simcrisis.units import to_hours

STATES = ("Alderland", "Brevia")


def row(at: int, line: int = NOBODY, incident: int = NOBODY) -> Row:
    return (at, Kind.INQUIRY, 0, 1, line, incident, NOBODY, NOBODY, None, "")


def test_each_arm_has_its_own_lines_and_may_have_none() -> None:
    names = {"none": ((), ()), "one": (("first",), ("blackout",)), "more": (("other", "first"), ("blackout",))}
    sheet = Sheet({arm: Names(STATES, lines, incidents) for arm, (lines, incidents) in names.items()})
    for arm in ("more", "none", "one"):
        sheet.add(arm, 7, EventLog([row(0, 0, 0), row(1, 1, 1), row(2)]))
    events = sheet.events()
    assert events["arm"].to_list() == ["more"] * 3 + ["none"] * 3 + ["one"] * 3
    assert events["line"].to_list() == ["other", "first", None, None, None, None, "first", "first", None]
    counted = "counter-operation 1", "counter-operation 2"
    assert events["incident"].to_list() == ["blackout", counted[0], None, *counted, None, "blackout", counted[0], None]
    assert events["seq"].to_list() == [0, 1, 2] * 3
    assert set(events["replication"]) == {7}
    assert events["case"].null_count() == events["value"].null_count() == 9


def test_hours_are_those_of_the_log_to_the_last_digit() -> None:
    sheet = Sheet({"a": Names(STATES, (), ())})
    log = EventLog([row(at) for at in range(0, 400 * 3_600_000, 1_234_567)])
    sheet.add("a", 0, log)
    assert sheet.events()["hour"].to_list() == [to_hours(record.at) for record in log.records]


def test_no_logs_make_no_rows() -> None:
    sheet = Sheet({"a": Names(STATES, (), ())})
    empty, filled = sheet.events(), Sheet({"a": Names(STATES, ("x",), ("y",))})
    filled.add("a", 0, EventLog([row(3, 0, 0)]))
    assert len(empty) == len(sheet.decisions()) == 0
    assert empty.schema == filled.events().schema


def test_many_rows_are_taken_apart_as_few_are() -> None:
    few, many = (Sheet({"a": Names(STATES, (), ())}) for _ in range(2))
    numbers = count()
    logs = [EventLog([row(next(numbers)) for _ in range(size)]) for size in (150, 150, 1, 0, 450)]
    for replication, log in enumerate(logs):
        many.add("a", replication, log)
        few.add("a", replication, log)
        few._records.settle()
    assert many.events().equals(few.events())
