"""When things are handed out: the day, its moves, and where a story is cut into them."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import simcrisis as sc
from simcrisis.batch.run import Run
from simcrisis.errors import ExerciseError
from simcrisis.exercise.injects import MOST_A_MOVE, Inject, injects, sorts
from simcrisis.exercise.knowledge import Known, received
from simcrisis.exercise.programme import Part, Slot, clock, cut, programme, spread
from simcrisis.exercise.story import tables_of
from simcrisis.scenario.exercise import Exercise
from simcrisis.units import HOUR
from tests.exercise_runs import CASES, runs

DAYS = st.builds(
    Exercise,
    title=st.just("A day"),
    situation=st.just(""),
    moves=st.integers(1, 6),
    opening=st.integers(0, 60),
    move=st.integers(15, 240),
    hot_wash=st.integers(0, 40),
    rest=st.integers(0, 40),
    plenary=st.integers(0, 90),
    begins=st.sampled_from(("00:00", "09:30", "23:45")),
)
STORIES = st.lists(st.tuples(st.integers(0, 60 * 24 * HOUR), st.sampled_from((1.0, 3.0))), min_size=1, max_size=60).map(
    sorted
)


@given(DAYS)
def test_the_day_has_no_gap_and_every_move_its_place(of: Exercise) -> None:
    slots = programme(of)
    assert all(before.ends == after.begins for before, after in pairwise(slots))
    assert clock(slots[0].begins) == of.begins
    assert [slot.number for slot in slots if slot.part is Part.MOVE] == list(range(1, of.moves + 1))
    assert all(slot.minutes > 0 for slot in slots)
    lasting = {Part.OPENING: of.opening, Part.MOVE: of.moves * of.move, Part.HOT_WASH: of.moves * of.hot_wash,
               Part.REST: of.rest * (of.moves > 1), Part.PLENARY: of.plenary}  # fmt: skip
    found = Counter[Part]()
    for slot in slots:
        found[slot.part] += slot.minutes
    assert found == Counter(lasting)


@given(DAYS)
def test_a_break_has_moves_on_both_sides(of: Exercise) -> None:
    parts = [slot.part for slot in programme(of)]
    if Part.REST in parts:
        place = parts.index(Part.REST)
        before, after = parts[:place].count(Part.MOVE), parts[place:].count(Part.MOVE)
        assert 0 <= before - after <= 1
        assert after > 0


@given(STORIES, st.integers(1, 6))
def test_a_story_is_cut_between_different_times_in_order(story: list[tuple[int, float]], moves: int) -> None:
    times, weights = [time for time, _ in story], [weight for _, weight in story]
    if len(set(times)) < moves:
        with pytest.raises(ValueError, match="too little happens"):
            cut(times, weights, moves)
        return
    cuts = cut(times, weights, moves)
    assert len(cuts) == moves - 1
    assert all(one < other for one, other in pairwise([0, *cuts, len(times)]))
    assert all(times[place] > times[place - 1] for place in cuts)


@given(STORIES, st.integers(2, 4))
def test_the_first_cut_is_the_longest_quiet_near_an_even_share(story: list[tuple[int, float]], moves: int) -> None:
    times, weights = [time for time, _ in story], [weight for _, weight in story]
    assume(len(set(times)) >= moves)
    first = cut(times, weights, moves)[0]
    before = [sum(weights[:n]) / sum(weights) for n in range(len(times))]
    room = [n for n in range(1, len(times)) if times[n] > times[n - 1] and len(set(times[n:])) >= moves - 1]
    near = [n for n in room if abs(before[n] - 1 / moves) <= 0.35 / moves]
    assert first in (near or room)
    if near:
        assert times[first] - times[first - 1] == max(times[n] - times[n - 1] for n in near)


@given(st.lists(st.sampled_from((1.0, 3.0)), min_size=1, max_size=40), st.integers(15, 240), st.integers(0, 1400))
def test_a_move_ends_quietly_and_a_decision_has_time(weights: list[float], minutes: int, begins: int) -> None:
    slot = Slot(Part.MOVE, 1, begins, minutes)
    times = spread(weights, slot)
    assert times[0] == begins
    assert sorted(times) == times
    quiet = begins + 0.85 * minutes
    assert all(time < quiet + 0.5 for time in times)
    before = accumulate(weights[:-1], initial=0.0)
    for time, reached in zip(times, before, strict=True):  # in whole minutes, of a move in whole minutes
        assert time == pytest.approx(begins + 0.85 * minutes * reached / sum(weights), abs=1.5)


def _found(run: Run, of: Exercise, tables: list[str]) -> list[Inject]:
    try:
        return injects(run, tables, of)
    except ExerciseError as error:
        if "happens" not in str(error):
            raise
        return []


@pytest.mark.parametrize("case", range(len(CASES)))
def test_injects_come_in_order_within_moves_and_never_too_many(case: int) -> None:
    for run in runs(case, 3):
        of = run.scenario.exercise
        assert of is not None
        tables = tables_of(run, of)
        found = _found(run, of, tables)
        slots = {slot.number: slot for slot in programme(of) if slot.part is Part.MOVE}
        assert [inject.number for inject in found] == list(range(1, len(found) + 1))
        assert all((a.at, a.move, a.minute) <= (b.at, b.move, b.minute) for a, b in pairwise(found))
        assert all(a.minute <= b.minute and a.move <= b.move for a, b in pairwise(found))
        for inject in found:
            slot = slots[inject.move]
            assert slot.begins <= inject.minute < slot.ends
            assert inject.state in tables
            assert inject.at == max(known.at for known in inject.known)
            assert {known.state for known in inject.known} == {inject.state}
            assert not inject.is_decision or len(inject.known) == 1
        assert max(Counter((i.state, i.move) for i in found).values(), default=0) <= MOST_A_MOVE
        assert not found or {inject.move for inject in found} == set(slots)


def _first_loud(inject: Inject) -> Known:
    return next(known for known in inject.known if sorts()[known.sort].loud > 1)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_nothing_that_matters_is_lost_and_nothing_is_said_twice(case: int) -> None:
    for run in runs(case, 3):
        of = run.scenario.exercise
        assert of is not None
        tables = tables_of(run, of)
        found = _found(run, of, tables)
        told = Counter((known.state, known.seq, known.sort) for inject in found for known in inject.known)
        assert max(told.values(), default=1) == 1
        known = [each for state in tables for each in received(run)[state]]
        assert set(told) <= {(each.state, each.seq, each.sort) for each in known}
        if found:
            assert {(k.state, k.seq, k.sort) for k in known if sorts()[k.sort].loud > 1} <= set(told)
            for each in known:
                if (each.state, each.seq, each.sort) not in told:
                    assert all(
                        each.at >= _first_loud(i).at for i in found if i.state == each.state and not i.is_decision
                    )


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_decision_is_asked_for_after_what_came_before_it_and_before_what_came_after(case: int) -> None:
    for run in runs(case, 3):
        of = run.scenario.exercise
        assert of is not None
        found = _found(run, of, tables_of(run, of))
        for decision in (inject for inject in found if inject.is_decision):
            now = decision.lead.at, decision.lead.seq
            for inject in (each for each in found if each.state == decision.state and each is not decision):
                sides = {(k.at, k.seq) < now for k in inject.known if sorts()[k.sort].loud > 1}
                assert sides == {inject.number < decision.number}


def test_what_is_urgent_comes_while_it_matters() -> None:
    waited = [
        inject.at - known.at
        for case in range(len(CASES))
        for run in runs(case, 3)
        for of in [run.scenario.exercise]
        if of is not None
        for inject in _found(run, of, tables_of(run, of))
        for known in inject.known
        if known.sort in {"inquiry", "inquiry_act", "against_act", "others_act", "detection"}
    ]
    assert len(waited) > 100
    assert max(waited) <= 48 * HOUR


def test_a_table_is_asked_before_the_table_that_asks_has_to_decide() -> None:
    run = sc.run(sc.load("belgrade_2015"), "untested", 1, 23)
    assert run.scenario.exercise is not None
    found = injects(run, ["Alderland", "Brevia"], run.scenario.exercise)
    asked = next(i for i in found if i.state == "Alderland" and any(k.sort == "inquiry" for k in i.known))
    decides = next(i for i in found if i.state == "Brevia" and i.is_decision)
    assert asked.number < decides.number


def test_what_a_government_did_is_handed_out_after_the_decision_was_asked_for() -> None:
    checked = 0
    for case in range(len(CASES)):
        for run in runs(case, 2):
            of = run.scenario.exercise
            assert of is not None
            numbers = {
                (known.state, known.seq): inject.number
                for inject in _found(run, of, tables_of(run, of))
                for known in inject.known
            }
            for (state, seq), number in numbers.items():
                record = run.log.records[seq]
                if record.kind.name == "ACT" and run.world.names.states[record.actor] == state:
                    checked += 1
                    assert numbers[state, record.cause_seq] < number
    assert checked > 10


def test_a_span_begins_with_the_first_thing_that_anybody_hears() -> None:
    scenario = sc.load("belgrade_2015")
    run = sc.run(scenario, "both", 1, 3)
    assert scenario.exercise is not None
    of = scenario.exercise.model_copy(update={"span": 30 * HOUR, "moves": 1})
    tables = tables_of(run, of)
    first = min(known[0].at for known in received(run).values() if known)
    assert first > 30 * HOUR
    found = injects(run, tables, of)
    assert found
    assert max(inject.at for inject in found) <= first + 30 * HOUR


def test_a_story_in_which_a_table_hears_nothing_is_refused() -> None:
    scenario = sc.load("belgrade_2015").with_({"incidents.*.at": "58 days", "model.detection_public": "30 days",
                                                "model.detection_covert": "30 days"})  # fmt: skip
    run = sc.run(scenario, "none", 1, 0)
    assert scenario.exercise is not None
    for moves in (1, 3):
        of = scenario.exercise.model_copy(update={"moves": moves})
        with pytest.raises(ExerciseError, match="nothing happens"):
            injects(run, ["Alderland"], of)


def test_too_much_for_the_moves_is_said_with_what_would_do() -> None:
    run = next(iter(runs(11)))
    of = Exercise(title="A day", situation="", moves=1)
    with pytest.raises(ExerciseError, match=r"too much happens for 1 move; take more moves, a shorter span"):
        injects(run, tables_of(run, of), of)
