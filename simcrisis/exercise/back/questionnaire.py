"""What participants answered on paper or in a form: a column an item, a row a person, whose order is not kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.cells import BOOKS, TEXTS, Cell, as_typed, pages
from simcrisis.exercise.back.persons import names_somebody
from simcrisis.exercise.back.spoken import simple

NAME = "questionnaire"
SCALE = range(1, 6)
_ADDED = frozenset({"id", "no", "n", "nr", "timestamp", "horodateur", "date"})
"""Headings of what forms add: not read."""
_WHO = frozenset(
    {"date", "time", "heure", "id", "name", "names", "surname", "forename", "firstname",
     "lastname", "fullname", "username", "nom", "noms", "prenom", "prenoms", "email", "mail", "courriel", "address",
     "adresse", "organisation", "organization", "signature", "phone", "telephone", "tel", "mobile", "portable", "age"}
)  # fmt: skip
"""Words in headings of what tells who has answered, and when: not read, unless all answers are from 1 to 5."""
_FEWEST = 3
"""Answers of an item that are shown: with fewer, who answered what could be told."""


@dataclass(frozen=True)
class Item:
    """A question that is answered from 1 to 5."""

    question: str
    counts: Sequence[int]
    """Of the answers 1 to 5."""

    @property
    def n(self) -> int:
        """Answers."""
        return sum(self.counts)

    @property
    def median(self) -> float | None:
        """The middle answer; None where too few have answered to show any."""
        if self.n < _FEWEST:
            return None
        return float(median(value for value, count in zip(SCALE, self.counts, strict=True) for _ in range(count)))


@dataclass(frozen=True)
class Questionnaire:
    """All answers of participants."""

    items: Sequence[Item]
    texts: Sequence[tuple[str, Sequence[str]]]
    """Open questions, with what was written, in alphabetical order."""
    said: Sequence[str]


def questionnaire_files(folder: Path) -> list[Path]:
    """Return the files with answers in a pack."""
    if not folder.is_dir():
        return []
    endings = (*BOOKS, *TEXTS)
    return sorted(p for p in folder.iterdir() if p.name.casefold().startswith(NAME) and p.suffix.lower() in endings)


def read_questionnaire(folder: Path) -> Questionnaire | None:
    """Return what `questionnaire.csv` or `.xlsx` in a pack holds; None where there is none.

    Raises ExerciseError with every cell of an item that is no answer from 1 to 5.
    """
    files = questionnaire_files(folder)
    said = [
        f"{path.name}: was not read; save it as {NAME}.xlsx or .csv"
        for path in sorted(folder.iterdir())
        if NAME in path.name.casefold() and path not in files and path.name[0] not in ".~"
    ]
    wrong: list[str] = []
    items: list[Item] = []
    texts: list[tuple[str, Sequence[str]]] = []
    for path in files:
        for page in pages(path, path.name)[:1]:
            said += page.said
            rows = [row for row in page.rows if any(not cell.empty for cell in row)]
            for n, head in enumerate(rows[0] if rows else ()):
                question = as_typed(head.value)
                cells = [row[n] for row in rows[1:] if n < len(row) and not row[n].empty]
                if not question or not cells:
                    continue
                where = f"{head.where}: '{question[:60]}'"
                if _tells_who(question, cells):
                    said.append(f"{head.where}: a column that tells who answered, or when; it was not read")
                elif _is_item(cells):
                    items.append(Item(question, _counts(cells, wrong)))
                elif len(cells) < _FEWEST:
                    said.append(f"{where}: fewer than {_FEWEST} answers; they are not shown")
                else:
                    said.append(f"{where}: {len(cells)} answers in words; look for names in the report")
                    texts.append((question, sorted(_texts(cells, said), key=str.casefold)))
    if wrong:
        raise ExerciseError("\n".join(wrong))
    return Questionnaire(items, texts, said) if files or said else None


def _tells_who(question: str, cells: Sequence[Cell]) -> bool:
    """Return whether a column tells who answered, by its heading; a question that is answered from 1 to 5 does not."""
    heading = simple(question)
    if heading in _ADDED or names_somebody(question):
        return True
    return not _WHO.isdisjoint(heading.split()) and not all(_number(cell) in SCALE for cell in cells)


def _is_item(cells: Sequence[Cell]) -> bool:
    """Return whether most of what stands in a column are numbers."""
    return bool(cells) and 2 * sum(_number(cell) is not None for cell in cells) > len(cells)


def _number(cell: Cell) -> float | None:
    try:
        return None if isinstance(cell.value, bool) else float(as_typed(cell.value).replace(",", "."))
    except ValueError:
        return None


def _counts(cells: Sequence[Cell], wrong: list[str]) -> list[int]:
    counts = [0] * len(SCALE)
    for cell in cells:
        value = _number(cell)
        if value is None or value not in SCALE:
            wrong.append(f"{cell.where}: '{as_typed(cell.value)[:40]}' should be an answer from 1 to 5, or empty")
        else:
            counts[int(value) - 1] += 1
    return counts


def _texts(cells: Sequence[Cell], said: list[str]) -> Iterator[str]:
    for cell in cells:
        text = as_typed(cell.value)
        if names_somebody(text):
            said.append(f"{cell.where}: looks like a person's name or address; left out (Chatham House Rule)")
        else:
            yield text
