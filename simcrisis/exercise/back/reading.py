"""`exercise read`: decision sheets to answers, every problem of every sheet at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import Answer, Answers, Status, Typed
from simcrisis.exercise.back.cells import Page, as_typed, pages
from simcrisis.exercise.back.persons import names_somebody
from simcrisis.exercise.back.rows import Entry, entries
from simcrisis.exercise.back.sheets import digest_of, sheets_in
from simcrisis.exercise.back.spoken import spoken
from simcrisis.exercise.back.values import Reader, Told
from simcrisis.exercise.documents.decisions import NAME
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.pack import MARK, TABLES, folder_names, mark_of
from simcrisis.exercise.programme import Part, clock
from simcrisis.exercise.saved import pack_in


def read_pack(folder: Path, pasted: Sequence[Path] = ()) -> Answers:
    """Return what the tables of a pack decided: from `tables/STATE/decisions.*`, and from pasted texts.

    Raises ExerciseError with every problem, a line each, located by file, worksheet and cell.
    """
    pack, material = pack_in(folder)
    told, sheets = Told(), digest_of(folder)
    reader = Reader(spoken(material.public.words), told)
    found: dict[int, list[Entry]] = defaultdict(list)
    folders = folder_names(material.public.tables)
    for state, name in folders.items():
        files = sheets_in(folder / TABLES / name)
        if not files:
            told.mended(f"{TABLES}/{name}", "there is no decision sheet; its decisions count as missing")
        for path in _unread(folder / TABLES / name):
            told.mended(f"{TABLES}/{name}/{path.name}", f"was not read; save it as {NAME}.xlsx")
        for path in files:
            asked = _asked(material, [state])
            mark = mark_of(pack, f"{TABLES}/{name}")
            for entry in _of_file(path, f"{TABLES}/{name}/{path.name}", reader, mark):
                _place(entry, asked, found, told)
    for path in pasted:
        for entry in _of_file(path, str(path), reader, mark_of(pack, "")):
            _place(entry, _asked(material, material.public.tables), found, told)
    decisions = [
        _answer(inject, found[inject.number], material, reader) for inject in _asked(material, folders).values()
    ]
    if told.problems:
        raise ExerciseError("\n".join(dict.fromkeys(told.problems)))
    return Answers(pack=pack, sheets=sheets, decisions=tuple(decisions), said=tuple(dict.fromkeys(told.repairs)))


def _unread(folder: Path) -> list[Path]:
    """Return what stands beside the decision sheets of a table and may be one; its papers are PDF."""
    if not folder.is_dir():
        return []
    there = (path for path in folder.iterdir() if path.suffix.lower() != ".pdf" and path.name[0] not in ".~")
    return sorted(set(there) - set(sheets_in(folder)))


def _asked(material: Sealed, tables: Iterable[str]) -> dict[int, Inject]:
    """Return the cards that ask some tables for a decision, by number."""
    states = set(tables)
    return {i.number: i for i in material.chosen.injects if i.is_decision and i.state in states}


def _of_file(path: Path, shown: str, reader: Reader, mark: str) -> Iterator[Entry]:
    """Yield what a file says; say where it is of another pack, or no decision sheet."""
    try:
        read = pages(path, shown)
    except ExerciseError as error:
        reader.told.problems.append(str(error))
        return
    sheets = 0
    for line in read[0].said if read else ():
        reader.told.repairs.append(line)
    for page in read:
        rows = None if _is_strange(page, mark, reader) else entries(page, reader)
        if rows is not None:
            sheets += 1
            yield from rows
        elif len(read) > 1:
            reader.told.mended(page.where, "is no decision sheet; it was not read")
    if not sheets and not any(problem.startswith(shown) for problem in reader.told.problems):
        reader.told.wrong(shown, "holds no row of headings with 'No.' and 'Rung'; copy the sheet with its headings")


def _is_strange(page: Page, mark: str, reader: Reader) -> bool:
    """Return whether a worksheet was made for another pack or table, and say so; one without a mark is welcome.

    Offices change punctuation in keywords, so that words are compared.
    """
    own, other = _words(mark), _words(page.keywords)
    if other[: len(_words(MARK))] != _words(MARK) or other[: len(own)] == own:
        return False
    pack = len(_words(MARK)) + 1
    if own[:pack] == other[:pack]:
        reader.told.wrong(page.where, f"was made for {'/'.join(other[pack:])[:80]}; put it into that folder")
    else:
        reader.told.wrong(page.where, "was made for another pack; take the sheet of this one")
    return True


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _place(entry: Entry, asked: Mapping[int, Inject], found: dict[int, list[Entry]], told: Told) -> None:
    """Put an entry to its card; where the number is gone, the time tells."""
    number = entry.number
    if number is None and entry.time:
        at = [inject.number for inject in asked.values() if clock(inject.minute) == entry.time]
        if len(at) == 1:
            number = at[0]
            told.mended(entry.where, f"has no number; by its time it is card {number}")
    if number is not None and number in asked:
        found[number].append(entry)
    elif not entry.empty:
        there = ", ".join(map(str, asked)) or "none"
        if number is not None:
            told.wrong(entry.where, f"no card {number} asks this table for a decision; there are: {there}")
        elif entry.step is not None:
            told.wrong(entry.where, f"a step without the number of its card; there are: {there}")
        else:
            told.mended(entry.where, "a row without a number and a step; it was not read")
    elif number is not None:
        told.mended(entry.where, f"no card {number} asks for a decision; the empty row was not read")


def _answer(inject: Inject, rows: Sequence[Entry], material: Sealed, reader: Reader) -> Answer:
    """Return what a table decided on a card, made of all rows that speak of it."""
    filled = [row for row in rows if not row.empty]
    steps = {row.step for row in filled if row.step is not None}
    row = next((row for row in filled if row.step is not None), filled[0] if filled else None)
    name = f"{inject.state}, card {inject.number}"
    if row is None:
        reader.told.mended(name, "no decision was typed; it counts as missing" if rows else "has no row; it is missing")
        return _made(inject, Status.MISSING, None)
    status, step = Status.GIVEN, row.step
    if len(filled) > 1 and len(steps) < 2:
        reader.told.mended(filled[1].where, f"a second row for card {inject.number}; the first with a step was read")
    if step is None:
        status = Status.MISSING
        reader.told.mended(row.where, f"{name}: no step was typed; it counts as missing")
    elif len(steps) > 1:
        status, step = Status.CONTRADICTORY, None
        where = " and ".join(each.where for each in filled if each.step is not None)
        reader.told.mended(where, f"{name}: two rows, and two steps; keep one, and read again")
    elif reader.spoken.at_odds(step, row.texts["channel"]):
        cells, step = f"{row.cells['rung'].where} and {row.cells['channel'].where}", None
        status = Status.CONTRADICTORY
        reader.told.mended(cells, f"{name}: the step and the channel do not fit; change one, and read again")
    elif row.minute is not None and row.minute > _ends(material, inject):
        status = Status.LATE
        reader.told.mended(
            row.cells["decided_at"].where, f"{name}: decided after the end of its move; it counts as late"
        )
    elif row.minute is not None and row.minute < inject.minute:
        reader.told.mended(row.cells["decided_at"].where, f"{name}: decided before its card was handed out?")
    return _made(inject, status, row, step)


def _ends(material: Sealed, inject: Inject) -> int:
    """Return when the move of a card ends (minutes after midnight)."""
    return next(s.ends for s in material.public.slots if s.part is Part.MOVE and s.number == inject.move)


def _made(inject: Inject, status: Status, row: Entry | None, step: int | None = None) -> Answer:
    table, number, move, seq = inject.state, inject.number, inject.move, inject.lead.seq
    if row is None:
        return Answer(table=table, number=number, move=move, seq=seq, status=status)
    typed = {
        name: Typed(cell=cell.where, text=as_typed(cell.value)[:200])
        for name, cell in row.cells.items()
        if not cell.broken and not names_somebody(as_typed(cell.value))
    }
    return Answer(
        table=table,
        number=number,
        move=move,
        seq=seq,
        status=status,
        step=step,
        belief=row.belief,
        decided_at=None if row.minute is None else clock(row.minute),
        typed=typed,
        channel=row.texts["channel"],
        reasons=row.texts["reasons"],
        change=row.texts["change"],
        dissent=row.texts["dissent"],
    )
