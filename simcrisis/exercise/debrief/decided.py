"""Decisions, and the alternative courses of the tables that want to see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simcrisis.exercise.back.alternatives import PRIVATE, Courses
from simcrisis.exercise.back.answers import Answer, Status
from simcrisis.exercise.blocks import Block, Bullets, Grid, Heading, Picture, Text
from simcrisis.exercise.debrief.material import Debriefing
from simcrisis.plots.steps import Called, Course, Step, alternative_courses, steps
from simcrisis.plots.svg import as_png

_WRITTEN = ("channel", "reasons", "change", "dissent")
_WIDTHS = (1, 3.7, 3.5, 3.5, 2, 2.2)


def decisions(of: Debriefing) -> Iterator[Block]:
    """Yield what each table decided beside the story, and what could have followed."""
    yield Heading(of.text("decided.title"))
    yield Text(of.text("decided.intro"))
    if of.answers.decisions:
        yield Picture(as_png(lambda: _drawn(of)), of.text("decided.picture"))
        yield Text(of.text("decided.picture"), small=True)
    for table in of.public.tables:
        yield Heading(table, 3)
        yield from _of_table(of, table)
    yield Text(of.text("decided.late"), small=True)
    for table in of.wanted:
        yield from _courses(of, table)
    if not of.wanted:
        yield Heading(of.text("courses.title", table=of.text("courses.any")), 3)
        yield Text(of.text("courses.off"))


def _drawn(of: Debriefing) -> Any:
    rows = [
        Step(of.text("card", table=each.table, number=each.number), each.step, of.decided[each.seq].act)
        for each in of.answers.decisions
    ]
    return steps(rows, Called(*(of.text(f"decided.picture_{name}") for name in Called._fields)))


def _of_table(of: Debriefing, table: str) -> Iterator[Block]:
    answers = of.answers.of(table)
    if not answers:
        yield Text(of.text("decided.unasked"))
        return
    head = (
        of.column("number"),
        of.column("matter"),
        of.text("decided.table_step"),
        of.text("decided.story_step"),
        of.text("decided.sure"),
        of.text("decided.status"),
    )
    yield Grid(head, [_row(of, answer) for answer in answers], _WIDTHS)
    told = [
        of.text(f"decided.{name}", number=answer.number, text=said)
        for answer in answers
        for name in _WRITTEN
        if (said := getattr(answer, name))
    ]
    if told:
        yield Bullets(told)


def _row(of: Debriefing, answer: Answer) -> tuple[str, ...]:
    sure = "" if answer.belief is None else of.text("decided.sure_value", value=of.number(answer.belief))
    return (
        str(answer.number),
        of.matter(answer),
        _chosen(of, answer),
        of.step(of.decided[answer.seq].act),
        sure,
        of.text(f"status.{answer.status}"),
    )


def _chosen(of: Debriefing, answer: Answer) -> str:
    if answer.step is not None:
        return of.step(answer.step)
    return of.text("decided.none") if answer.status is Status.MISSING else ""


def _courses(of: Debriefing, table: str) -> Iterator[Block]:
    """Yield the alternative courses of a table."""
    found = [each for each in of.courses if each.answer.table == table]
    yield Heading(of.text("courses.title", table=table), 3)
    if not found:
        yield Text(of.text("courses.uncounted"))
        return
    yield Text(of.text("courses.intro", n=of.number(found[0].table["n"][0])))
    head, widths = _columns(of)
    for each in found:
        yield Text(of.text("courses.card", number=each.answer.number, matter=of.matter(each.answer)), strong=True)
        if each.closed:
            yield Text(of.text("courses.closed", step=each.answer.step, played=of.step(each.played)))
        rows = [_course(of, each, row) for row in each.table.iter_rows(named=True)]
        yield Grid([of.text(f"courses.{name}") for name in head], rows, widths)
        png = as_png(lambda each=each: _followed(of, each))  # type: ignore[misc]
        yield Picture(png, of.text("courses.picture", number=each.answer.number))
        yield Text(of.text("courses.picture", number=each.answer.number), small=True)
    yield Text(of.text("courses.note"), small=True)


def _named(of: Debriefing, courses: Courses, choice: int) -> str:
    """Return a step, and whose it was."""
    return _whose(of, courses, choice, of.text("courses.private") if choice == PRIVATE else of.step(choice))


def _whose(of: Debriefing, courses: Courses, choice: int, step: str) -> str:
    whose = {(True, True): "both", (True, False): "own", (False, True): "story"}
    key = whose.get((choice == courses.played, choice == courses.story))
    return of.text(f"courses.{key}", step=step) if key else step


def _short(of: Debriefing, courses: Courses, choice: int) -> str:
    """Return a step by its number, and whose it was."""
    step = of.text("courses.few") if choice == PRIVATE else str(choice)
    return _whose(of, courses, choice, step)


def _columns(of: Debriefing) -> tuple[Sequence[str], Sequence[float]]:
    """Return columns of alternative courses, and how wide: no absolute risk where States exist, as everywhere."""
    widths = {"step": 3.6, "risk": 2.9, "risk_change": 3.3, "later": 2.6, "later_change": 2.9}
    shown = [name for name in widths if name != "risk" or not of.real]
    return shown, [widths[name] for name in shown]


def _course(of: Debriefing, courses: Courses, row: Mapping[str, Any]) -> tuple[str, ...]:
    own = row["choice"] == courses.played
    cells = {
        "step": _named(of, courses, row["choice"]),
        "risk": _risk(of, row),
        "risk_change": "" if own else _three(of, row, "risk_change", 1, 100.0),
        "later": _three(of, row, "later", 1),
        "later_change": "" if own else _three(of, row, "later_change", 1),
    }
    return tuple(cells[name] for name in _columns(of)[0])


def _risk(of: Debriefing, row: Mapping[str, Any]) -> str:
    value, low, high = (of.number(100.0 * row[f"risk{end}"], 1) for end in ("", "_low", "_high"))
    return of.text("courses.share", value=value, low=low, high=high)


def _three(of: Debriefing, row: Mapping[str, Any], name: str, digits: int, times: float = 1.0) -> str:
    value, low, high = (of.number(times * row[f"{name}{end}"] + 0.0, digits) for end in ("", "_low", "_high"))
    return of.text("courses.value", value=value, low=low, high=high)


def _followed(of: Debriefing, courses: Courses) -> Any:
    rows = [
        Course(
            _short(of, courses, row["choice"]),
            row["later"],
            row["later_low"],
            row["later_high"],
            "" if of.real else _risk(of, row),
            row["choice"] == courses.played,
        )
        for row in courses.table.sort("choice").iter_rows(named=True)
    ]
    return alternative_courses(rows, of.text("courses.later"), "" if of.real else of.text("courses.risk"))
