"""What stands on the papers of an exercise, as texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simcrisis.batch.run import Run
from simcrisis.exercise.blocks import Block, Bullets, Card, Document, Grid, Heading, Lines, NewPage, Picture, Text
from simcrisis.exercise.documents.briefing import briefing
from simcrisis.exercise.documents.cbm_cards import cbm_cards
from simcrisis.exercise.documents.contact_sheet import contact_sheet
from simcrisis.exercise.documents.decision_sheet import decision_sheet
from simcrisis.exercise.documents.decisions import decisions
from simcrisis.exercise.documents.forms import forms
from simcrisis.exercise.documents.inject_cards import inject_cards
from simcrisis.exercise.documents.situation_manual import situation_manual
from simcrisis.exercise.files.xlsx import Sheet
from simcrisis.exercise.injects import injects
from simcrisis.exercise.language import language
from simcrisis.exercise.material import Public, Sealed, Table, sealed
from simcrisis.exercise.phrases import display_names
from simcrisis.exercise.story import Candidate, Wish
from simcrisis.scenario.exercise import Exercise


def exercise_for(run: Run, states: Sequence[str]) -> Exercise:
    """Return the exercise part of a run's scenario with only these States, by name, at tables."""
    words = {name: word for word, name in display_names(run).items()}
    assert run.scenario.exercise is not None
    return run.scenario.exercise.model_copy(update={"tables": tuple(words[state] for state in states)})


def played(run: Run, states: Sequence[str]) -> Sealed:
    """Return the material of a run that is played by some States; raises ExerciseError where it cannot be."""
    of = exercise_for(run, states)
    candidate = Candidate(run, injects(run, states, of))
    return sealed(candidate, [candidate], Wish.MEDIAN, of, language())


def of_table(table: Table) -> list[str]:
    """Return everything that a table alone is given."""
    documents = (briefing(table), inject_cards(table), decision_sheet(table))
    return [text for each in (*documents, decisions(table)) for text in texts(each)]


def of_everybody(public: Public) -> list[str]:
    """Return everything that everybody is given, but for the picture of the poster."""
    documents = (situation_manual(public), cbm_cards(public), forms(public), contact_sheet(public))
    told = [text for each in documents for text in texts(each)]
    return [*told, repr(public.nodes.to_dicts()), repr(public.lines.to_dicts()), repr(public.marks("GREEN"))]


def texts(paper: Document | Sheet) -> Iterator[str]:
    """Yield every text of a document or worksheet, in order."""
    if isinstance(paper, Sheet):
        yield from (paper.name, *(column.head for column in paper.columns))
        yield from (str(value) for row in paper.rows for value in row if value is not None)
        return
    yield from (paper.name, paper.title)
    for block in paper.blocks:
        yield from _of_block(block)


def _of_block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text) | Text(text):
            yield text
        case Bullets(items):
            yield from items
        case Grid(head, rows):
            yield from head
            yield from (cell for row in rows for cell in row)
        case Card(title, aside, blocks):
            yield from (title, aside)
            for each in blocks:
                yield from _of_block(each)
        case Picture(_, alt):
            yield alt
        case Lines() | NewPage():
            pass
