"""The information barrier between the tables of an exercise, from two sides.

Non-interference: a State that received the same is given the same, whatever else is otherwise. Trace: what a State is
told stands in the log, in a record of which it may know, and not before it may know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

import simcrisis as sc
from simcrisis.batch.run import Run
from simcrisis.errors import ExerciseError
from simcrisis.events import NOBODY, EventLog, Kind, Record
from simcrisis.exercise.blocks import Picture
from simcrisis.exercise.documents.network_poster import network_poster
from simcrisis.exercise.knowledge import Known, Matter, received
from simcrisis.exercise.language import language
from simcrisis.exercise.phrases import display_names, phrases_of
from simcrisis.scenario.happenings import Incident, IncidentKind
from tests.exercise_elsewhere import elsewhere, hidden
from tests.exercise_hearing import ARRIVES, BETWEEN, NOBODY_HEARS, OWN, PUBLIC, UNSEEN, hearing
from tests.exercise_papers import of_everybody, of_table, played
from tests.exercise_runs import CASES, HIDDEN, SEEDS, run_of, runs, scenario_of

EVERY_CASE = pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{name}-{arm}" for name, arm, _ in CASES])
WORDS = language()
_KIND_OF = {
    "own_operation": Kind.STRIKE, "detection": Kind.DETECTION, "detection_spread": Kind.DETECTION,
    "detection_forces": Kind.DETECTION, "first_thoughts": Kind.CASE_OPENED, "finding": Kind.BRIEFING,
    "technical_answered": Kind.TECHNICAL_ANSWER, "technical_answer": Kind.TECHNICAL_BRIEFING,
    "inquiry_sent": Kind.INQUIRY, "inquiry": Kind.INQUIRY_READ, "help_sent": Kind.HELP_OFFERED,
    "help_offered": Kind.HELP_OFFERED, "explained": Kind.EXPLANATION, "explanation": Kind.EXPLANATION,
    "decision": Kind.DECISION, "decision_again": Kind.DECISION, "decision_act": Kind.DECISION,
    "decision_forces": Kind.DECISION,
    **{f"{side}_{name}": kind for side in ("own", "against", "others")
       for name, kind in (("act", Kind.ACT), ("joined", Kind.JOINED), ("withdrawn", Kind.WITHDRAWN))},
}  # fmt: skip


def test_every_kind_of_record_is_told_to_somebody_or_to_nobody() -> None:
    groups = (OWN | {Kind.STRIKE}, ARRIVES, BETWEEN, PUBLIC, NOBODY_HEARS)
    assert sorted(kind for group in groups for kind in group) == sorted(Kind)


def test_the_runs_hold_every_kind_of_record() -> None:
    seen = {record.kind for case in range(len(CASES)) for run in runs(case) for record in run.log.records}
    assert seen == set(Kind)


def _seen(known: Known) -> tuple[Any, ...]:
    """Return what there is to a thing that a State knows; a name only finds what is seen of an incident."""
    facts = {name: fact for name, fact in known.facts.items() if name != "name"}
    return known.state, known.seq, known.at, known.sort, known.case, facts


def _told(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    return {state: [_seen(known) for known in told] for state, told in received(run).items()}


def _given(run: Run, state: str) -> list[tuple[Any, ...]]:
    """Return what a State is told, with the words in which it is."""
    say = phrases_of(run, WORDS).say
    return [(*_seen(known), say(known)) for known in received(run)[state]]


def _papers(run: Run, state: str) -> list[str] | str:
    try:
        material = played(run, [state])
    except ExerciseError as error:
        return str(error)
    (table,) = material.tables()
    return [*of_table(table), *of_everybody(material.public)]


def _check_non_interference(case: int, replications: Iterator[Run], seed: int) -> None:
    for number, run in enumerate(replications):
        names = run.world.names.states
        for turn in (0, 1):
            state = (case + number + turn) % len(names)
            other = elsewhere(run, state, seed)
            assert _given(other, names[state]) == _given(run, names[state])
            if turn == 0 and number % 3 == 0:
                assert _papers(other, names[state]) == _papers(run, names[state])


@EVERY_CASE
def test_what_a_state_did_not_receive_changes_nothing_that_its_table_is_given(case: int) -> None:
    _check_non_interference(case, runs(case), seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 5))
@EVERY_CASE
def test_it_changes_nothing_in_more_runs(case: int, seed: int) -> None:
    _check_non_interference(case, (run_of(case, 100 * seed + n) for n in range(30)), seed)


@EVERY_CASE
def test_nothing_is_told_before_it_has_happened(case: int) -> None:
    for number, run in enumerate(runs(case)):
        whole = _told(run)
        records = run.log.records
        until = records[len(records) * (1 + number % 5) // 6].at
        cut = [record for record in records if record.at <= until]
        rows = [d if d.at <= until else d._replace(belief=0.5, act=0, silence=0.0) for d in run.log.decisions]
        for state, told in _told(replace(run, log=EventLog([*cut], rows))).items():
            assert [each for each in told if each[2] <= until] == [each for each in whole[state] if each[2] <= until]


@EVERY_CASE
def test_what_is_told_stands_in_the_log_and_comes_when_it_is_heard(case: int) -> None:
    for run in runs(case):
        records, names, log = run.log.records, run.world.names.states, _Log(run)
        heard = hearing(records, len(names))
        told = {(known.seq, known.state): known for state in received(run).values() for known in state}
        for known in told.values():
            record = records[known.seq]
            assert _kind(known.sort) is record.kind
            if record.kind is Kind.DETECTION:
                struck = log.strikes[record.incident].counterpart == record.actor
                sort = "detection" if struck else "detection_spread"
                assert known.sort == ("detection_forces" if log.is_activity(record.incident) else sort)
            assert known.at == heard[known.seq][names.index(known.state)]
            whose = log.opened[record.case].actor if record.case != NOBODY else NOBODY
            assert known.case == (record.case if log.state(whose) == known.state else NOBODY)
        untold = {
            (seq, names[state])
            for seq, (record, hears) in enumerate(zip(records, heard, strict=True))
            for state in hears
            if not log.told_by_other_means(record)
        }
        assert told.keys() == untold


def _kind(sort: str) -> Kind:
    return _KIND_OF[sort] if sort in _KIND_OF else Kind[sort.upper()]


class _Log:
    """A log with what single records of it say, as the model page has it."""

    def __init__(self, run: Run) -> None:
        self.run, self.records = run, run.log.records
        opened = [record for record in self.records if record.kind is Kind.CASE_OPENED]
        self.opened = {record.case: record for record in opened}
        self.case_upon = {record.cause_seq: record.case for record in opened}
        self.strikes = {record.incident: record for record in self.records if record.kind is Kind.STRIKE}
        self.rows = {row.seq: row for row in run.log.decisions}
        self.severities = {row.case: row.severity for row in run.log.decisions}
        self.words = display_names(run)
        self.specs = {spec.name: spec for spec in run.scenario.incidents}

    def state(self, number: int) -> str | None:
        return self.run.world.names.of(self.run.world.names.states, number)

    def spec(self, incident: int) -> Incident | None:
        named = self.run.world.names.incidents
        return self.specs.get(named[incident]) if incident < len(named) else None

    def about_an_act(self, opened: Record) -> bool:
        return self.records[opened.cause_seq].kind in {Kind.ACT, Kind.TAKES_UP}

    def is_activity(self, incident: int) -> bool:
        spec = self.spec(incident)
        return spec is not None and spec.kind is IncidentKind.MILITARY_ACTIVITY

    def told_by_other_means(self, record: Record) -> bool:
        """Return whether the State that hears of a record is told of the same by another one."""
        if record.kind is Kind.ACT:
            return record.value == UNSEEN  # its STRIKE
        opened = record.kind is Kind.CASE_OPENED
        return opened and (self.about_an_act(record) or self.is_activity(record.incident))

    def fact(self, fact: str, known: Known) -> Any:
        """Return what a fact about a record should be."""
        record = self.records[known.seq]
        if fact in {"weight", "hours", "rung", "met", "heard"}:
            return record.value
        if fact in {"service", "report", "reply"}:
            return record.detail
        return getattr(self, fact)(known, record)

    def procedure(self, known: Known, record: Record) -> str:
        return record.detail.split(" of ")[0]

    def line(self, known: Known, record: Record) -> str:
        return self.run.world.lines[record.line].kind

    def belief(self, known: Known, record: Record) -> float:
        row = self.rows[known.seq]
        assert self.state(row.actor) == known.state
        return row.belief

    def severity(self, known: Known, record: Record) -> float | None:
        """Return how grave the State reads an incident to be: rows of decisions have it, and nothing else in a log."""
        return self.severities.get(self.case_upon[known.seq])

    def name(self, known: Known, record: Record) -> str | None:
        """Return the name under which the scenario says what is seen: by the State that was struck, and no other."""
        spec = self.spec(record.incident)
        return spec.name if spec is not None and self.words[spec.victim] == known.state else None

    def matter(self, known: Known, record: Record) -> Matter:
        opened = self.opened.get(record.case)
        if opened is not None and self.about_an_act(opened):
            act = self.records[opened.cause_seq]
            act = self.records[act.cause_seq] if act.kind is Kind.TAKES_UP else act
            return Matter(str(self.state(act.actor)), rung=int(act.value or 0))
        spec = self.spec(record.incident)
        if spec is not None and spec.kind is IncidentKind.MILITARY_ACTIVITY:
            return Matter(self.words[spec.appears_from[0]], forces=True)
        if spec is not None:
            return Matter(self.words[spec.victim], str(spec.sector), nth=self.nth(known, record))
        answered = self.strikes[record.incident]
        while answered.cause_seq != NOBODY:
            answered = self.strikes[self.records[answered.cause_seq].incident]
        first = self.spec(answered.incident)
        victim = self.state(self.strikes[record.incident].counterpart)
        return Matter(str(victim), str(first.sector) if first is not None else None, nth=self.nth(known, record))

    def sector(self, incident: int) -> str | None:
        """Return the sector that an incident strikes: a counter-operation strikes that of what it answers."""
        strike = self.strikes[incident]
        while strike.cause_seq != NOBODY:
            strike = self.strikes[self.records[strike.cause_seq].incident]
        spec = self.spec(strike.incident)
        return str(spec.sector) if spec is not None else None

    def nth(self, known: Known, record: Record) -> int:
        """Return as which one in its sector the State that was struck noticed an incident; to others it is one."""
        struck = self.strikes[record.incident].counterpart
        if self.state(struck) != known.state:
            return 1
        seen = [r for r in self.records if r.kind is Kind.DETECTION and r.actor == struck and r.at <= record.at]
        mine = [r.incident for r in seen if self.strikes[r.incident].counterpart == struck]
        alike = [incident for incident in mine if self.sector(incident) == self.sector(record.incident)]
        return alike.index(record.incident) + 1 if record.incident in alike else 1


@EVERY_CASE
def test_facts_are_those_of_the_record_and_no_others(case: int) -> None:
    for run in runs(case):
        suspects, log = _suspects_when_asked(run), _Log(run)
        for state, told in received(run).items():
            for known in told:
                record = run.log.records[known.seq]
                sides = {log.state(record.actor), log.state(record.counterpart)} - {state}
                for fact, value in known.facts.items():
                    if fact in {"other", "sender"}:
                        assert value in sides or value is None
                    elif fact == "suspect":
                        assert value == suspects[known.seq]
                    else:
                        assert value == log.fact(fact, known), (known, record)


def _suspects_when_asked(run: Run) -> dict[int, str | None]:
    """Return for each answer of a CERT, once briefed, whom the asker suspected when it asked."""
    now: dict[int, int] = {}
    asked: dict[int, int] = {}
    found: dict[int, str | None] = {}
    for seq, record in enumerate(run.log.records):
        if record.kind in {Kind.CASE_OPENED, Kind.SUSPECT_NAMED}:
            now[record.case] = record.counterpart
        elif record.kind is Kind.SUSPECT_CLEARED:
            now[record.case] = NOBODY
        elif record.kind is Kind.TECHNICAL_REQUEST:
            asked[seq] = now[record.case]
        elif record.kind is Kind.TECHNICAL_BRIEFING:
            answer = run.log.records[record.cause_seq]
            found[seq] = run.world.names.of(run.world.names.states, asked[answer.cause_seq])
    return found


@EVERY_CASE
def test_every_decision_is_one_of_the_state_and_what_it_chose_comes_after(case: int) -> None:
    for run in runs(case):
        records = run.log.records
        for state, told in received(run).items():
            place = {known.seq: n for n, known in enumerate(told)}
            for n, known in enumerate(told):
                if known.sort.startswith("decision"):
                    record = records[known.seq]
                    assert record.kind is Kind.DECISION
                    assert run.world.names.states[record.actor] == state
                    assert known.case == record.case
                    assert known.facts.keys() <= {"matter", "other", "belief"}
                elif known.sort in {"own_act", "confers", "own_withdrawn"}:
                    assert place[records[known.seq].cause_seq] < n


def _everything(papers: Sequence[str]) -> str:
    return "\n".join(papers).casefold()


@EVERY_CASE
def test_no_paper_holds_what_only_the_author_of_the_scenario_knows(case: int) -> None:
    run = run_of(case, 1)
    secret = hidden(scenario_of(case))
    renamed = elsewhere(run, 0).world.names
    run = replace(run, scenario=secret, world=replace(run.world, names=renamed))
    for state in run.world.names.states:
        papers = _papers(run, state)
        assert HIDDEN not in _everything([papers] if isinstance(papers, str) else papers)


@pytest.mark.parametrize("practice", ["on paper", {"since": "0 h", "practice": 0.3}])
def test_nobody_sees_who_does_not_keep_what_it_has_promised(practice: Any) -> None:
    promised = scenario_of(0)
    kept = {"arms.both.cbms": {number: {"all": practice} for number in (2, 8)}}
    one, other = (sc.run(scenario, "both", 1, 1) for scenario in (promised, promised.with_(kept)))
    other = replace(other, log=one.log, world=one.world)
    pictures = []
    for run in (one, other):
        public = played(run, ["Alderland"]).public
        (poster,) = (block for block in network_poster(public).blocks if isinstance(block, Picture))
        pictures.append(poster.png)
    assert pictures[0] == pictures[1]
    assert _papers(one, "Alderland") == _papers(other, "Alderland")


@EVERY_CASE
def test_no_text_says_none_or_leaves_a_brace_open(case: int) -> None:
    for run in runs(case, 3):
        say = phrases_of(run, WORDS)
        for told in received(run).values():
            for known in told:
                said = say.say(known)
                assert "None" not in said
                assert not {"{", "}"} & set(said)


def test_there_are_two_hundred_runs() -> None:
    assert len(CASES) * SEEDS == 200
