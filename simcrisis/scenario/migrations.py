"""Scenario files of older formats, brought to the one that is read (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simcrisis.scenario.text import Source

FORMAT = 1
"""The format that is read: the value of the key `simcrisis`."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Mapping[int, Migration] = {}
"""Format -> what brings plain data of it to the next one. A new format is a new entry; none is ever taken out."""


def migrate(source: Source) -> None:
    """Bring the data of a source to the present format; report a format that cannot be read."""
    if not isinstance(source.data, Mapping):
        return
    found = source.data.get("simcrisis")
    if isinstance(found, bool) or not isinstance(found, int) or found == FORMAT:
        return
    if found > FORMAT:
        message = f"format {found} is newer than {FORMAT}, which this simcrisis reads; install a newer simcrisis"
        source.report(("simcrisis",), message)
        return
    data = dict(source.data)
    for old in range(found, FORMAT):
        if old not in MIGRATIONS:
            source.report(("simcrisis",), f"there is no format {found}; the present one is {FORMAT}")
            return
        data = {**MIGRATIONS[old](data), "simcrisis": old + 1}
    source.data = data
