"""Where the logs of two arms part: what makes two records the same, and the first that differs."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from simcrisis.engine.world import World
from simcrisis.events import EventLog, Kind, Record


class Content(NamedTuple):
    """What makes two records the same in two arms: lines and causes have other numbers there."""

    at: int
    kind: Kind
    actor: int
    counterpart: int
    line: str | None
    incident: int
    case: int
    value: float | None
    detail: str


class Parting(NamedTuple):
    """The first record that differs, by its number in each of two logs; None where a log has ended."""

    left: int | None
    right: int | None


class FirstDifference(NamedTuple):
    """What two runs do where they part."""

    at: int
    """When (ms)."""
    left: Kind | None
    """What the first of them records then; None: nothing that the other does not record as well."""
    right: Kind | None
    fields: tuple[str, ...]
    """In what their records differ, where both are of one kind."""


def content(world: World, record: Record) -> Content:
    """Return what makes a record of a world the same as one of another."""
    line = world.names.lines[record.line] if record.line >= 0 else None
    return Content(*record[:4], line, record.incident, record.case, record.value, record.detail)


def part(worlds: tuple[World, World], logs: tuple[EventLog, EventLog]) -> Parting | None:
    """Return where two logs part; None where they are the same to the end."""
    left, right = (log.records for log in logs)
    shorter = min(len(left), len(right))
    pairs = enumerate(zip(left, right, strict=False))
    first = next((n for n, (a, b) in pairs if content(worlds[0], a) != content(worlds[1], b)), shorter)
    if first == len(left) == len(right):
        return None
    return Parting(first if first < len(left) else None, first if first < len(right) else None)


def first_difference(worlds: tuple[World, World], logs: tuple[EventLog, EventLog]) -> FirstDifference | None:
    """Return what two runs do where they part: which of them does something first, or what each does instead.

    Where both logs go on at one instant, a record that the other log holds too, a little later in that instant, is not
    what differs. None where the logs are the same to the end.
    """
    parted = part(worlds, logs)
    if parted is None:
        return None
    rest = [log.records[seq:] if seq is not None else [] for log, seq in zip(logs, parted, strict=True)]
    at = min(records[0].at for records in rest if records)
    here, there = (
        [content(world, record) for record in takewhile(lambda record: record.at == at, records)]
        for world, records in zip(worlds, rest, strict=True)
    )
    one, other = here[0] if here else None, there[0] if there else None
    if one is not None and other is not None and (one in there) is not (other in here):
        one, other = (None, other) if one in there else (one, None)
    if one is None or other is None or one.kind is not other.kind:
        return FirstDifference(at, one.kind if one else None, other.kind if other else None, ())
    fields = tuple(name for name, a, b in zip(Content._fields, one, other, strict=True) if a != b)
    return FirstDifference(at, one.kind, other.kind, fields)
