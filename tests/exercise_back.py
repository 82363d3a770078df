"""Packs whose sheets are filled in by program, as tables would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

import simcrisis as sc
from simcrisis.events import Decision
from simcrisis.exercise.back.answers import Answers, write_answers
from simcrisis.exercise.back.reading import read_pack
from simcrisis.exercise.build import Request, build_pack
from simcrisis.exercise.documents.decisions import decisions
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.language import language
from simcrisis.exercise.material import Sealed, exercise_of, sealed
from simcrisis.exercise.pack import folder_names, sheet_file
from simcrisis.exercise.saved import PACK, pack_in, record_of, written
from simcrisis.exercise.story import Candidate, playable

COLUMNS = {"number": 1, "time": 2, "matter": 4, "rung": 5, "channel": 6, "belief": 7, "reasons": 8, "change": 9,
           "dissent": 10, "decided_at": 11}  # fmt: skip
"""Where the columns of a sheet stand, from 1."""
Says = Callable[[Inject, Decision], Mapping[str, Any]]


def build(folder: Path) -> Path:
    """Build a pack of the shipped workshop in a livelier run."""
    build_pack(Request(sc.load("belgrade_2015"), arm="both", replication=192), folder)
    return folder


def bare(folder: Path, replication: int = 192, named: str = "en") -> Path:
    """Make of a pack only what the way back needs: what it was made from, and the sheets."""
    scenario, words = sc.load("belgrade_2015"), language(named)
    run = sc.run(scenario, "both", 1, replication)
    of = exercise_of(scenario, words)
    candidate = Candidate(run, playable(run, of))
    material = sealed(candidate, [candidate], None, of, words)
    record = record_of(material)
    names = folder_names(material.public.tables)
    files = {PACK: written(record)}
    for table in material.tables():
        inside = f"tables/{names[table.state]}"
        sheet = sheet_file(decisions(table), material.public.marks("AMBER"), record["id"], inside)
        files[f"{inside}/decisions.xlsx"] = sheet
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def sheet_of(folder: Path, state: str) -> Path:
    """Return the decision sheet of a table."""
    return folder / "tables" / state / "decisions.xlsx"


def decisions_of(material: Sealed) -> dict[int, tuple[Inject, Decision]]:
    """Return the cards that ask for a decision, by number, each with what the run decided."""
    decided = {decision.seq: decision for decision in material.run.log.decisions}
    return {i.number: (i, decided[i.lead.seq]) for i in material.chosen.injects if i.is_decision}


def as_the_run(inject: Inject, decision: Decision) -> Mapping[str, Any]:
    """Fill in what the run decided, and believed."""
    return {"rung": decision.act, "belief": round(100 * decision.belief, 2)}


def fill(folder: Path, says: Says = as_the_run) -> Sealed:
    """Fill in the sheets of all tables; return the material of the pack."""
    material = pack_in(folder)[1]
    asked = decisions_of(material)
    for name in folder_names(material.public.tables).values():
        book = load_workbook(sheet_of(folder, name))
        for row in book.worksheets[0].iter_rows(min_row=2):
            for column, value in says(*asked[int(str(row[0].value))]).items():
                row[COLUMNS[column] - 1].value = value
        book.save(sheet_of(folder, name))
    return material


def answered(folder: Path) -> Answers:
    """Read the sheets of a pack, and keep what they say."""
    answers = read_pack(folder)
    write_answers(answers, folder)
    return answers
