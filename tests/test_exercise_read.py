"""Decision sheets that come back in every state: read, repaired and said, or refused with file, sheet and cell."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner, Result

from simcrisis.cli.app import app
from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import FILE, Answer, Status, read_answers, write_answers
from simcrisis.exercise.back.cells import pages
from simcrisis.exercise.back.persons import names_somebody
from simcrisis.exercise.back.reading import read_pack
from simcrisis.exercise.back.rows import entries
from simcrisis.exercise.back.spoken import HEADS, printed_columns, spoken
from simcrisis.exercise.back.values import Reader, Told
from simcrisis.exercise.language import language
from simcrisis.exercise.saved import PACK, pack_in
from tests.exercise_back import COLUMNS, bare, decisions_of, fill, sheet_of

SHEET = "tables/Brevia/decisions.xlsx: 'Decision sheet of Brevia'"
CARDS = (11, 37, 40)
"""Cards that ask Brevia, in the rows 2 to 4."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare(tmp_path_factory.mktemp("built") / "pack")


@pytest.fixture(scope="module")
def filled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "pack"
    shutil.copytree(built, folder)
    fill(folder)
    return folder


@pytest.fixture
def pack(filled: Path, tmp_path: Path) -> Path:
    """A pack of which only one table's sheet is there, filled in as the run decided."""
    for name in ("controllers/pack.json", "tables/Brevia/decisions.xlsx"):
        (tmp_path / "pack" / name).parent.mkdir(parents=True)
        shutil.copy(filled / name, tmp_path / "pack" / name)
    return tmp_path / "pack"


def change(pack: Path, how: Callable[[Worksheet], object]) -> None:
    book = load_workbook(sheet_of(pack, "Brevia"))
    how(book.worksheets[0])
    book.save(sheet_of(pack, "Brevia"))


def put(column: str, value: Any, row: int = 2, form: str | None = None) -> Callable[[Worksheet], object]:
    def how(sheet: Worksheet) -> None:
        cell = sheet.cell(row, COLUMNS[column])
        cell.value = value
        if form:
            cell.number_format = form

    return how


def problems(pack: Path) -> list[str]:
    with pytest.raises(ExerciseError) as raised:
        read_pack(pack)
    return str(raised.value).split("\n")


def brevia(pack: Path) -> tuple[dict[int, Answer], list[str]]:
    found = read_pack(pack)
    return {each.number: each for each in found.of("Brevia")}, [line for line in found.said if "Brevia" in line]


def test_every_decision_of_every_table_is_read_as_it_was_filled_in(filled: Path) -> None:
    pack, material = pack_in(filled)
    found = read_pack(filled)
    asked = decisions_of(material)
    assert [each.number for each in found.decisions] == list(asked)
    assert found.said == ()
    for each in found.decisions:
        inject, decision = asked[each.number]
        assert (each.table, each.move, each.seq) == (inject.state, inject.move, decision.seq)
        assert (each.status, each.step) == (Status.GIVEN, decision.act)
        assert each.belief == pytest.approx(100 * decision.belief, abs=0.01)
        assert each.typed["rung"].text == str(decision.act)
    write_answers(found, filled)
    assert read_answers(filled, pack) == found
    shutil.rmtree(filled / "answers")


def test_an_empty_pack_has_only_missing_decisions_and_says_so(built: Path) -> None:
    found = read_pack(built)
    assert {each.status for each in found.decisions} == {Status.MISSING}
    assert len(found.said) == len(found.decisions)


REPAIRED: list[tuple[str, Any, str | None, str, Any, str]] = [
    ("rung", "4", None, "step", 4, ""),
    ("rung", 4.0, None, "step", 4, ""),
    ("rung", " 4 ", None, "step", 4, ""),
    ("rung", "4,0", None, "step", 4, "!E2: '4,0' was read as step 4"),
    ("rung", "Rung 4", None, "step", 4, "!E2: 'Rung 4' was read as step 4"),
    ("rung", "STEP 10", None, "step", 10, "!E2: 'STEP 10' was read as step 10"),
    ("rung", "4: attribute it in public, protest and deliver a demarche", None, "step", 4, "was read as step 4"),
    ("rung", "  Expel  or recall DIPLOMATS.", None, "step", 5, "was read as step 5"),
    ("rung", "Expulser ou rappeler des diplomates", None, "step", 5, "was read as step 5"),
    ("rung", "\u00c9chelon 6", None, "step", 6, "was read as step 6"),
    ("rung", "echelon 6", None, "step", 6, "was read as step 6"),
    ("belief", "70", None, "belief", 70.0, ""),
    ("belief", "70,5", None, "belief", 70.5, "!G2: '70,5' was read as 70.5 per cent"),
    ("belief", "70 %", None, "belief", 70.0, "!G2: '70 %' was read as 70 per cent"),
    ("belief", 0.7, "0%", "belief", 70.0, "!G2: '0.7' was read as 70 per cent"),
    ("belief", 0, None, "belief", 0.0, ""),
    ("belief", "~ 70", None, "belief", 70.0, "was read as 70 per cent"),
    ("belief", "ca. 70 %", None, "belief", 70.0, "was read as 70 per cent"),
    ("belief", "0,5 %", None, "belief", 0.5, "was read as 0.5 per cent"),
    ("decided_at", time(10, 5), None, "decided_at", "10:05", ""),
    ("decided_at", datetime(2026, 3, 2, 10, 5), None, "decided_at", "10:05", ""),
    ("decided_at", "10h05", None, "decided_at", "10:05", ""),
    ("decided_at", 0.4201388889, None, "decided_at", "10:05", ""),
    ("reasons", "=TRUE()&\"x\"", None, "reasons", None, "is a formula without a result; left out"),
    ("reasons", "#REF!", None, "reasons", None, "shows an error; left out"),
    ("reasons", "Trust\nin our CERT", None, "reasons", "Trust\nin our CERT", ""),
    ("reasons", 12, None, "reasons", "12", ""),
    ("reasons", "Call John at +41 79 123 45 67", None, "reasons", None, "!H2: looks like a person's name or address"),
    ("change", "ask j.smith@example.org", None, "change", None, "!I2: looks like a person's name or address"),
    ("dissent", "Name: Smith was against", None, "dissent", None, "!J2: looks like a person's name or address"),
]  # fmt: skip


_READS = {"rung": "step", "belief": "belief", "decided_at": "minute", "number": "number", "reasons": "text",
          "change": "text", "dissent": "text"}  # fmt: skip


def _read_cells(path: Path, cells: list[tuple[str, Any, str | None]]) -> list[tuple[Any, Told]]:
    """Write cells beneath each other, and return what was read of each, and said."""
    book = Workbook()
    sheet = book.worksheets[0]
    for n, (_, value, form) in enumerate(cells, 1):
        sheet.cell(n, 1).value = value
        if form:
            sheet.cell(n, 1).number_format = form
    book.save(path)
    (page,) = pages(path, "file")
    known, found = spoken(language()), []
    for (column, *_), (cell,) in zip(cells, page.rows, strict=True):
        told = Told()
        found.append((getattr(Reader(known, told), _READS[column])(cell), told))
    return found


def test_what_can_be_meant_in_one_way_only_is_read_and_said(tmp_path: Path) -> None:
    found = _read_cells(tmp_path / "cells.xlsx", [(column, typed, form) for column, typed, form, *_ in REPAIRED])
    for n, ((column, typed, _, _, value, said), (read, told)) in enumerate(zip(REPAIRED, found, strict=True), 1):
        if column == "decided_at":
            value = 605
        assert read == value, typed
        assert told.problems == []
        assert len(told.repairs) == bool(said), typed
        if said:
            assert told.repairs[0].startswith(f"file: Sheet!A{n}: ")
            assert re.sub(r"^![A-Z]2: ", "", said) in told.repairs[0]


WRONG: list[tuple[str, Any, str]] = [
    ("rung", "perhaps", "'perhaps' should be a step from 0 to 10, or its words as on the sheet"),
    ("rung", 11, "'11' should be a step"),
    ("rung", -4, "'-4' should be a step"),
    ("rung", "\u22124", "'\u22124' should be a step"),
    ("rung", 4.5, "'4.5' should be a step"),
    ("rung", "4,5", "'4,5' should be a step"),
    ("rung", "4 or 5", "'4 or 5' should be a step"),
    ("rung", "4: go to war", "'4: go to war' should be a step"),
    ("rung", True, "holds TRUE; type a step"),
    ("rung", datetime(2026, 5, 4), "holds a date or time (2026-05-04 00:00); type a step"),
    ("rung", "=4+1", "a formula without a result; type a step"),
    ("rung", "#REF!", "shows #REF!; type a step"),
    ("belief", "high", "'high' should be a number from 0 to 100"),
    ("belief", "60-70", "'60-70' should be a number from 0 to 100"),
    ("belief", 170, "170 should be a number from 0 to 100"),
    ("belief", -1, "-1 should be a number"),
    ("belief", "-70", "'-70' should be a number"),
    ("belief", "\u221270", "'\u221270' should be a number"),
    ("belief", "> 70", "'> 70' should be a number"),
    ("belief", 0.7, "0.7: a share or per cent? type 70 or '0.7 %'"),
    ("belief", "0,7", "0,7: a share or per cent?"),
    ("belief", False, "holds FALSE"),
    ("decided_at", "noon", "'noon' should be a time such as 11:05"),
    ("decided_at", "25:10", "'25:10' should be a time"),
]


def test_what_is_wrong_is_said_with_its_cell(tmp_path: Path) -> None:
    found = _read_cells(tmp_path / "cells.xlsx", [(column, typed, None) for column, typed, _ in WRONG])
    for n, ((_, typed, problem), (read, told)) in enumerate(zip(WRONG, found, strict=True), 1):
        assert read is None, typed
        (line,) = told.problems
        assert line.startswith(f"file: Sheet!A{n}: {problem}")


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (12, "no card 12 asks this table for a decision; there are: 11, 37, 40"),
        ("eleven", "a step without the number of its card; there are: 11, 37, 40"),
    ],
)
def test_a_row_that_belongs_to_no_card_is_said(pack: Path, number: Any, problem: str) -> None:
    change(pack, put("time", "around noon"))
    change(pack, put("number", number))
    assert problems(pack) == [f"{SHEET}!A2: {problem}"]


def test_a_row_without_a_number_is_found_by_its_time(pack: Path) -> None:
    change(pack, put("number", None))
    found, told = brevia(pack)
    assert found[11].status is Status.GIVEN
    assert told == [f"{SHEET}!A2: has no number; by its time it is card 11"]


def test_all_problems_are_told_at_once_and_nothing_is_written(pack: Path) -> None:
    for n, (column, value) in enumerate((("rung", "?"), ("belief", "?"), ("decided_at", "?"))):
        change(pack, put(column, value, row=2 + n))
    found = _call("read", str(pack))
    assert found.exit_code == 2
    assert [line.partition("!")[2][:3] for line in found.stderr.strip().split("\n")] == ["E2:", "G3:", "K4:"]
    assert not (pack / "answers").exists()


def test_a_formula_with_a_result_is_read_as_its_result_and_said(pack: Path) -> None:
    change(pack, put("rung", 9))
    _edit(sheet_of(pack, "Brevia"), "xl/worksheets/sheet1.xml", lambda x: x.replace("<v>9</v>", "<f>4+5</f><v>9</v>"))
    found, told = brevia(pack)
    assert found[CARDS[0]].step == 9
    assert told == [f"{SHEET}!E2: holds a formula; its result 9 was read"]


def _edit(path: Path, name: str, how: Callable[[str], str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            if each == name:
                changed = how(content.decode())
                assert changed != content.decode()
                content = changed.encode()
            new.writestr(each, content)
    path.write_bytes(stream.getvalue())


def test_the_number_of_a_card_that_is_infinite_is_said(pack: Path) -> None:
    _edit(sheet_of(pack, "Brevia"), "xl/worksheets/sheet1.xml", lambda x: x.replace("<v>11</v>", "<v>1E999</v>", 1))
    found, told = brevia(pack)
    assert found[11].status is Status.GIVEN
    assert told == [f"{SHEET}!A2: has no number; by its time it is card 11"]


def test_files_that_may_be_sheets_and_are_not_read_are_named(pack: Path) -> None:
    sheet = sheet_of(pack, "Brevia")
    shutil.copy(sheet, sheet.with_name("Copy of decisions.xlsx"))
    sheet.with_name("decisions.ods").write_bytes(b"PK")
    sheet.with_name("briefing.pdf").write_bytes(b"%PDF")
    sheet.rename(sheet.with_name("Decisions.xlsx"))
    found, told = brevia(pack)
    assert all(each.status is Status.GIVEN for each in found.values())
    assert told == [
        "tables/Brevia/Copy of decisions.xlsx: was not read; save it as decisions.xlsx",
        "tables/Brevia/decisions.ods: was not read; save it as decisions.xlsx",
    ]


def test_macros_are_ignored_and_said(pack: Path) -> None:
    path = sheet_of(pack, "Brevia")
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 never run")
    path.rename(path.with_suffix(".xlsm"))
    found, told = brevia(pack)
    assert all(each.status is Status.GIVEN for each in found.values())
    assert told == ["tables/Brevia/decisions.xlsm: holds macros; they were ignored"]


def test_extra_and_moved_columns_are_said_and_not_kept(pack: Path) -> None:
    def how(sheet: Worksheet) -> None:
        sheet.insert_cols(1)
        sheet.cell(1, 1).value, sheet.cell(2, 1).value = "Typed by", "J. Smith"
        sheet.move_range("F1:F9", cols=10)

    change(pack, how)
    found, told = brevia(pack)
    assert all(each.status is Status.GIVEN for each in found.values())
    assert told == [
        f"{SHEET}: columns were moved; they were found by their headings",
        f"{SHEET}!A1: a column that no sheet has; it was not read",
    ]
    assert "Smith" not in repr(found)


def test_persons_stand_nowhere_in_what_is_kept(pack: Path) -> None:
    change(pack, put("reasons", "ask j.smith@example.org"))
    found = read_pack(pack)
    assert found.of("Brevia")[0].reasons is None
    assert "smith" not in found.model_dump_json()


def test_headings_of_another_language_are_known(pack: Path) -> None:
    words = language("fr")

    def how(sheet: Worksheet) -> None:
        for column, key in (("number", "columns.number"), ("rung", "columns.rung"), ("time", "columns.time")):
            sheet.cell(1, COLUMNS[column]).value = words.text(key).upper()

    change(pack, how)
    found, told = brevia(pack)
    assert [each.status for each in found.values()] == [Status.GIVEN] * 3
    assert told == []


def test_a_heading_that_is_gone_is_an_error_or_said(pack: Path) -> None:
    change(pack, put("reasons", None, row=1))
    assert any("the column 'our reasons' is gone" in line for line in brevia(pack)[1])
    change(pack, put("rung", "Whatever", row=1))
    assert problems(pack) == [f"{SHEET}: there is no column 'rung'; put its heading back"]


def test_rows_that_are_gone_are_missing_and_named(pack: Path) -> None:
    change(pack, lambda sheet: sheet.delete_rows(3))
    found, told = brevia(pack)
    assert [each.status for each in found.values()] == [Status.GIVEN, Status.MISSING, Status.GIVEN]
    assert told == ["Brevia, card 37: has no row; it is missing"]


def test_a_sheet_that_is_gone_is_said_and_its_decisions_are_missing(pack: Path) -> None:
    sheet_of(pack, "Brevia").unlink()
    found, told = brevia(pack)
    assert {each.status for each in found.values()} == {Status.MISSING}
    assert told[0] == "tables/Brevia: there is no decision sheet; its decisions count as missing"


def test_without_a_step_it_is_missing_and_what_else_was_typed_is_kept(pack: Path) -> None:
    change(pack, put("rung", None))
    change(pack, put("reasons", "We could not agree."))
    found, told = brevia(pack)
    assert (found[11].status, found[11].step, found[11].reasons) == (Status.MISSING, None, "We could not agree.")
    assert told == [f"{SHEET}!A2: Brevia, card 11: no step was typed; it counts as missing"]


def test_a_decision_after_the_end_of_its_move_is_late_and_counts(pack: Path) -> None:
    change(pack, put("decided_at", "23:10"))
    found, told = brevia(pack)
    assert (found[11].status, found[11].counts) == (Status.LATE, True)
    assert told == [f"{SHEET}!K2: Brevia, card 11: decided after the end of its move; it counts as late"]


def test_two_rows_with_two_steps_contradict_each_other_and_do_not_count(pack: Path) -> None:
    def how(sheet: Worksheet) -> None:
        row = [cell.value for cell in sheet[2]]
        row[COLUMNS["rung"] - 1] = 1 + int(str(row[COLUMNS["rung"] - 1]))
        sheet.append(row)

    change(pack, how)
    found, told = brevia(pack)
    assert (found[11].status, found[11].step, found[11].counts) == (Status.CONTRADICTORY, None, False)
    assert told == [f"{SHEET}!A2 and {SHEET}!A5: Brevia, card 11: two rows, and two steps; keep one, and read again"]


def test_two_rows_with_one_step_are_read_once_and_said(pack: Path) -> None:
    change(pack, lambda sheet: sheet.append([cell.value for cell in sheet[2]]))
    found, told = brevia(pack)
    assert found[11].status is Status.GIVEN
    assert told == [f"{SHEET}!A5: a second row for card 11; the first with a step was read"]


@pytest.mark.parametrize(
    ("rung", "channel", "fits"),
    [
        (2, "Public statement", False),
        (2, "public statement, in the evening", False),
        (5, "Inside the State", False),
        (5, "Public statement", True),
        (2, "CERT line (CBM 2)", True),
        (7, "Public statement", False),
        (7, "inside the State", True),
        (2, "communiqu\u00e9 public", True),
    ],
)
def test_a_step_and_a_channel_that_do_not_fit_are_contradictory(
    pack: Path, rung: int, channel: str, fits: bool
) -> None:
    change(pack, put("rung", rung))
    change(pack, put("channel", channel))
    found, told = brevia(pack)
    if "communiqu" in channel:
        fits = spoken(language()).at_odds(rung, channel) is False
    assert (found[11].status is Status.GIVEN) is fits
    if not fits:
        assert told[0].startswith(f"{SHEET}!E2 and {SHEET}!F2: Brevia, card 11: the step and the channel do not fit")


def test_a_sheet_of_another_table_or_pack_is_refused(filled: Path, pack: Path, tmp_path: Path) -> None:
    shutil.copy(sheet_of(filled, "Alderland"), sheet_of(pack, "Brevia"))
    line = problems(pack)[0]
    assert line.startswith("tables/Brevia/decisions.xlsx: 'Decision sheet of Alderland': was made for tables/Alderland")
    record = json.loads((pack / PACK).read_text())
    (pack / PACK).write_text(json.dumps({**record, "id": "0" * 12}))
    shutil.copy(sheet_of(filled, "Brevia"), sheet_of(pack, "Brevia"))
    assert problems(pack) == [f"{SHEET}: was made for another pack; take the sheet of this one"]


def test_a_sheet_that_was_made_anew_needs_no_mark(pack: Path) -> None:
    old = load_workbook(sheet_of(pack, "Brevia")).worksheets[0]
    book = Workbook()
    sheet = book.worksheets[0]
    book.create_sheet("Notes").append(["not a sheet"])
    for row in old.iter_rows(values_only=True):
        sheet.append(row)
    book.save(sheet_of(pack, "Brevia"))
    found, told = brevia(pack)
    assert all(each.status is Status.GIVEN for each in found.values())
    assert told == ["tables/Brevia/decisions.xlsx: Notes: is no decision sheet; it was not read"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no XLSX workbook; save it as .xlsx, without a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old or encrypted", "is no XLSX workbook"),
        (b"PK\x05\x06" + b"\x00" * 18, "cannot be read as a workbook"),
    ],
)
def test_files_that_are_no_workbooks_are_refused(pack: Path, content: bytes, problem: str) -> None:
    sheet_of(pack, "Brevia").write_bytes(content)
    (line,) = problems(pack)
    assert line.startswith(f"tables/Brevia/decisions.xlsx: {problem}")


def test_a_workbook_that_unpacks_to_too_much_is_refused(pack: Path) -> None:
    with zipfile.ZipFile(sheet_of(pack, "Brevia"), "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/bomb.xml", b" " * 210_000_000)
    assert problems(pack) == ["tables/Brevia/decisions.xlsx: is too large once it is unpacked; nothing of it was read"]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
@pytest.mark.parametrize("quoted", [False, True])
def test_pasted_text_is_read_as_a_sheet(pack: Path, tmp_path: Path, delimiter: str, quoted: bool) -> None:
    sheet_of(pack, "Brevia").unlink()
    rows = [("No.", "Rung", "Our reasons"), ("11", " 4 ", "trust"), ("37", "Expel or recall diplomats", "")]
    lines = ["Dear all, here is ours:", "", *map(delimiter.join, rows), "Kind regards"]
    text = "\n".join(f"> {line}" if quoted else line for line in lines)
    (tmp_path / "mail.txt").write_text(text, encoding="utf-8")
    found = {each.number: each for each in read_pack(pack, [tmp_path / "mail.txt"]).of("Brevia")}
    assert [found[n].step for n in CARDS] == [4, 5, None]
    assert found[11].reasons == "trust"
    assert found[11].typed["rung"].cell.endswith("mail.txt: line 4, column 2")


def test_pasted_rows_without_headings_stand_as_printed(pack: Path, tmp_path: Path) -> None:
    rows = ["\t".join("" if c is None else str(c) for c in row) for row in
            load_workbook(sheet_of(pack, "Brevia")).worksheets[0].iter_rows(min_row=2, values_only=True)]  # fmt: skip
    sheet_of(pack, "Brevia").rename(tmp_path / "away.xlsx")
    (pack / "tables/Brevia/decisions.txt").write_text("\n".join(rows), encoding="utf-16")
    found, told = brevia(pack)
    assert [each.status for each in found.values()] == [Status.GIVEN] * 3
    assert told == ["tables/Brevia/decisions.txt: has no headings; its columns were read as a sheet has them"]


def test_pasted_problems_have_line_and_column(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_text("No.;Rung\n11;4 or 5\n99;3\n", encoding="utf-8")
    with pytest.raises(ExerciseError) as raised:
        read_pack(pack, [tmp_path / "mail.csv"])
    file = tmp_path / "mail.csv"
    assert str(raised.value).split("\n") == [
        f"{file}: line 2, column 2: '4 or 5' should be a step from 0 to 10, or its words as on the sheet",
        f"{file}: line 3, column 1: no card 99 asks this table for a decision; there are: "
        "6, 11, 19, 28, 34, 37, 40, 50",
    ]


def test_text_in_the_code_page_of_windows_is_read_and_said(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes("No.;Rung;Our reasons\n6;4;d\u00e9j\u00e0 vu\n".encode("cp1252"))
    found = read_pack(pack, [tmp_path / "old.csv"])
    assert found.of("Alderland")[0].reasons == "d\u00e9j\u00e0 vu"
    assert any("is not in UTF-8; it was read as Windows text" in line for line in found.said)


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (lambda p: (p / PACK).unlink(), "is not there; name the folder that `simcrisis exercise build` made"),
        (lambda p: (p / PACK).write_text("{"), "is not what `simcrisis exercise build` wrote"),
        (lambda p: (p / PACK).write_text("[]"), "is of another format than 1"),
        (lambda p: _with(p, log="x"), "plays the same run otherwise: install the version that it was made with"),
        (lambda p: _with(p, arm="bth"), "it was changed, and no pack can be made from it"),
        (lambda p: _with(p, scenario=3), "it was changed, and no pack can be made from it"),
        (lambda p: _with(p, words="tlh"), "language: there is no 'tlh'"),
        (lambda p: _with(p, replication=-1), "it was changed, and no pack can be made from it"),
    ],
)
def test_a_folder_that_is_no_pack_is_one_line(pack: Path, how: Callable[[Path], object], problem: str) -> None:
    how(pack)
    found = _call("read", str(pack))
    assert found.exit_code == 2
    assert problem in found.stderr
    assert "Traceback" not in found.stderr


def _with(pack: Path, **changes: Any) -> None:
    record = json.loads((pack / PACK).read_text())
    (pack / PACK).write_text(json.dumps({**record, **changes}))


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, ["exercise", *words])


def test_the_command_writes_prints_and_is_quiet(filled: Path) -> None:
    found = _call("read", str(filled))
    assert found.exit_code == 0
    assert "given" in found.stdout
    assert str(filled / FILE) in found.stderr
    document = json.loads(_call("read", str(filled), "--json", "--quiet").stdout)
    assert len(document["decisions"]) == 8
    quiet = _call("read", str(filled), "--quiet")
    assert (quiet.stdout, quiet.stderr) == ("", "")
    shutil.rmtree(filled / "answers")


def test_answers_of_another_pack_or_changed_by_hand_are_refused(filled: Path) -> None:
    pack, _ = pack_in(filled)
    with pytest.raises(ExerciseError, match="is not there; run `simcrisis exercise read"):
        read_answers(filled, pack)
    write_answers(read_pack(filled), filled)
    with pytest.raises(ExerciseError, match="belongs to another pack"):
        read_answers(filled, "other")
    sheet = sheet_of(filled, "Brevia")
    content = sheet.read_bytes()
    change(filled, put("rung", "4 or 5"))
    assert _call("read", str(filled)).exit_code == 2
    with pytest.raises(ExerciseError, match="sheets were changed since; run `simcrisis exercise read"):
        read_answers(filled, pack)
    sheet.write_bytes(content)
    assert read_answers(filled, pack).pack == pack
    (filled / FILE).write_text('{"pack": 3}')
    with pytest.raises(ExerciseError, match="was changed"):
        read_answers(filled, pack)
    shutil.rmtree(filled / "answers")


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("a@b.org", True), ("write to john.smith@mfa.example", True), ("+41 79 123 45 67", True),
        ("0041791234567", True),
        ("tel. 12345", True), ("Name: Smith", True), ("Nom : Dupont", True), ("Dr. Smith disagreed", True),
        ("M. Dupont", True), ("Mme Durand", True), ("signed: us", True),
        ("Ambassador Kovacs spoke", True), ("Minister Novak", True), ("Colonel Petrov", True), ("H.E. Kovacs", True),
        ("Signed by Anna Kovacs", True), ("moderator: Anna K.", True), ("Madame Dupont", True), ("Dr. kim", True),
        ("G\u00e9n\u00e9ral Durand", True), ("sign\u00e9 par Anna", True),
        ("the minister was told", False), ("it was signed by the minister", False), ("5 ms late", False),
        ("We trust our CERT", False), ("10/11/2026 at 09:30", False), ("2026-11-10", False),
        ("70 % sure, 3 of 4", False),
        ("the name of the State", False), ("CBM 8, then CBM 2", False),
        ("1,000 to 2,000 households", False), ("", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_person(text: str, person: bool) -> None:
    assert names_somebody(text) is person


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 200), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30), st.datetimes(), st.times(),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(ANYTHING, min_size=11, max_size=11), min_size=3, max_size=6), head=st.booleans())
def test_whatever_is_typed_is_read_or_refused_with_its_cell(tmp_path: Path, rows: list[list[Any]], head: bool) -> None:
    sheet = Workbook().worksheets[0]
    words, told = language(), Told()
    if head:
        sheet.append([words.text(HEADS[column]) for column in printed_columns()])
    for row in rows:
        sheet.append([11, "09:30", *row[2:]])
    assert sheet.parent is not None
    sheet.parent.save(tmp_path / "any.xlsx")
    found = entries(pages(tmp_path / "any.xlsx", "any.xlsx")[0], Reader(spoken(words), told))
    for each in found or ():
        assert each.number == 11
        assert each.step is None or 0 <= each.step <= 10
        assert each.belief is None or 0 <= each.belief <= 100
        assert each.minute is None or 0 <= each.minute < 24 * 60 + 1
    assert all(line.startswith("any.xlsx: Sheet") for line in (*told.problems, *told.repairs))


def test_steps_by_their_words_are_those_of_the_ladder_in_every_language() -> None:
    known = spoken(language())
    for code in ("en", "fr"):
        words = language(code)
        for rung in range(11):
            said = words.text(f"ladder.{rung}")
            for text in (said, said.upper(), f"{rung} - {said}", f"{rung}. {said} !"):
                assert known.step(text) == rung
