"""From pages to entries: columns found by their headings, a row for each decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simcrisis.exercise.back.cells import Cell, Page, as_typed
from simcrisis.exercise.back.spoken import HEADS, printed_columns, simple
from simcrisis.exercise.back.values import Reader
from simcrisis.exercise.documents.decisions import TYPED

_TEXTS = tuple(name for name in TYPED if name != "belief")
_GIVEN = ("number", "time", "story_time", "matter")
"""Columns that a sheet brings along."""
_HEAD_WITHIN = 20
"""Rows among which the headings are looked for."""


@dataclass(frozen=True)
class Entry:
    """What one row says: which card, and what was made of each of its cells."""

    where: str
    number: int | None
    time: str
    step: int | None
    belief: float | None
    minute: int | None
    texts: Mapping[str, str | None]
    cells: Mapping[str, Cell]
    """By column: those in which something was typed."""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.cells


def entries(page: Page, reader: Reader) -> Iterator[Entry] | None:
    """Return what the rows of a page say; None where it is no decision sheet."""
    head = _head(page, reader)
    if head is None:
        return None
    row, columns = head
    _tell_of_others(page, row, columns, reader)
    return (_entry(cells, columns, reader) for cells in page.rows[row + 1 :] if any(not cell.empty for cell in cells))


def _head(page: Page, reader: Reader) -> tuple[int, dict[str, int]] | None:
    """Return the row of headings (-1: there is none, columns stand as printed), and which column is where."""
    for n, row in enumerate(page.rows[:_HEAD_WITHIN]):
        columns: dict[str, int] = {}
        for m, cell in enumerate(row):
            name = reader.spoken.heads.get(simple(as_typed(cell.value)))
            if name is not None and name not in columns:
                columns[name] = m
        if "rung" in columns and {"number", "time"} & columns.keys():
            return n, columns
        if "number" in columns and len(columns) > len(_GIVEN):
            reader.told.wrong(page.where, f"there is no column '{_shown(reader, 'rung')}'; put its heading back")
            return n, columns
    first = next((row for row in page.rows if any(not cell.empty for cell in row)), None)
    columns = {name: n for n, name in enumerate(printed_columns())}
    if first is not None and len(first) >= columns["rung"] + 1 and _starts_like_a_row(first):
        reader.told.mended(page.where, "has no headings; its columns were read as a sheet has them")
        return -1, columns
    return None


def _starts_like_a_row(row: Sequence[Cell]) -> bool:
    return as_typed(row[0].value).isdigit() and ":" in as_typed(row[1].value)


def _shown(reader: Reader, column: str) -> str:
    return next(head for head, name in reader.spoken.heads.items() if name == column)


def _tell_of_others(page: Page, head: int, columns: Mapping[str, int], reader: Reader) -> None:
    """Say which columns are there and not read, or moved, or gone."""
    if head < 0:
        return
    places = [columns[name] for name in printed_columns() if name in columns]
    if places != sorted(places):
        reader.told.mended(page.where, "columns were moved; they were found by their headings")
    for name in HEADS:
        if name not in columns and name not in _GIVEN and name != "rung":
            reader.told.mended(page.where, f"the column '{_shown(reader, name)}' is gone; nothing was read for it")
    known = set(columns.values())
    for m, cell in enumerate(page.rows[head]):
        filled = any(m < len(row) and not row[m].empty for row in page.rows[head:])
        if m not in known and filled:
            reader.told.mended(cell.where, "a column that no sheet has; it was not read")


def _entry(row: Sequence[Cell], columns: Mapping[str, int], reader: Reader) -> Entry:
    where = row[0].where

    def at(name: str) -> Cell:
        place = columns.get(name, len(row))
        return row[place] if place < len(row) else Cell(where)

    cells = {name: at(name) for name in (*HEADS,) if name not in _GIVEN and not at(name).empty}
    return Entry(
        where=where if at("number").empty else at("number").where,
        number=reader.number(at("number")),
        time=as_typed(at("time").value),
        step=reader.step(at("rung")),
        belief=reader.belief(at("belief")),
        minute=reader.minute(at("decided_at")),
        texts={name: reader.text(at(name)) for name in _TEXTS},
        cells=cells,
    )
