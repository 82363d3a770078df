"""`exercise debrief`: the report, made from a pack and what came back of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.alternatives import REPLICATIONS, Progress, alternatives
from simcrisis.exercise.back.answers import read_answers
from simcrisis.exercise.back.notes import read_notes
from simcrisis.exercise.back.questionnaire import read_questionnaire
from simcrisis.exercise.back.talk import talk_of
from simcrisis.exercise.blocks import Document
from simcrisis.exercise.debrief.decided import decisions
from simcrisis.exercise.debrief.lessons import annexes, lessons
from simcrisis.exercise.debrief.material import Debriefing
from simcrisis.exercise.debrief.overview import happened, objectives, overview
from simcrisis.exercise.debrief.talked import communication
from simcrisis.exercise.files.docx import docx
from simcrisis.exercise.files.html import html
from simcrisis.exercise.saved import pack_in
from simcrisis.files import aside

FOLDER, NAME = "debrief", "report"
_ALL = "all"
_SECTIONS = (overview, objectives, happened, decisions, communication, lessons, annexes)
"""In the order that is customary: HSEEP's after-action report and improvement plan (FEMA, 2020)."""


def tables_named(folder: Path, names: Sequence[str]) -> list[str]:
    """Return tables of a pack by name, `all` for every one; raises ExerciseError for one that is not there."""
    tables = pack_in(folder)[1].public.tables
    wanted = {name.casefold() for name in names}
    unknown = [name for name in names if name.casefold() not in {_ALL, *map(str.casefold, tables)}]
    if unknown:
        raise ExerciseError(f"table: there is no '{unknown[0][:80]}'; there are {', '.join(tables)}, or {_ALL}")
    return [table for table in tables if not wanted.isdisjoint({_ALL, table.casefold()})]


def debriefing(
    folder: Path, tables: Sequence[str] = (), replications: int = REPLICATIONS, progress: Progress | None = None
) -> Debriefing:
    """Return what the report of a pack is made of; `tables`: those that want to see their alternative courses.

    Raises ExerciseError where the pack was not read yet, a State has no table, or notes cannot be read.
    """
    pack, material = pack_in(folder)
    answers = read_answers(folder, pack)
    notes, questionnaire = read_notes(folder), read_questionnaire(folder)
    courses = alternatives(material, answers, tables, replications, progress)
    return Debriefing(pack, material, answers, talk_of(material), courses, notes, questionnaire, tables)


def report(of: Debriefing) -> Document:
    """Return the report."""
    blocks = [block for section in _SECTIONS for block in section(of)]
    return Document(NAME, of.text("title"), "GREEN", blocks)


def write_report(of: Debriefing, folder: Path) -> list[Path]:
    """Write the report into a pack as DOCX and HTML; return the files.

    Raises ExerciseError where they cannot be written: neither is, where the DOCX is open in another program.
    """
    document, into = report(of), folder / FOLDER
    marks = of.public.marks(document.tlp)
    made = {into / f"{NAME}.docx": docx(document, marks), into / f"{NAME}.html": html(document, marks)}
    try:
        into.mkdir(exist_ok=True)
        with ExitStack() as both:
            for path, content in reversed(made.items()):  # what is entered last takes its place first
                both.enter_context(aside(path)).write_bytes(content)
    except OSError as error:
        raise ExerciseError(f"{error.filename or into}: {error.strerror}") from None
    return list(made)
