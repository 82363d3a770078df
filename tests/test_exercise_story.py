"""Which run is played: what a wish asks for, worked out once more from the runs themselves."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import simcrisis as sc
from simcrisis.batch.typical import TYPICAL_BY
from simcrisis.errors import ExerciseError
from simcrisis.events import Kind
from simcrisis.exercise.build import Request, build_pack
from simcrisis.exercise.language import language
from simcrisis.exercise.material import exercise_of
from simcrisis.exercise.story import CANDIDATES, Candidate, Wish, _turned_by_silence, candidates, playable, tables_of
from simcrisis.scenario import Scenario

RUNS = 30


@cache
def _candidates(name: str, arm: str, wish: Wish) -> list[Candidate]:
    scenario = sc.load(name)
    return candidates(scenario, exercise_of(scenario, language()), wish, arm=arm, replications=RUNS)


@cache
def _outcomes(name: str, arm: str) -> pl.DataFrame:
    """Return the runs among which one is chosen: those that do not end in war, nor probably so."""
    runs = sc.run_batch(sc.load(name), RUNS, 1, arms=[arm], workers=1).runs
    return runs.filter(pl.col("peak_rung") < 10, pl.col("chance_10") < 0.5)


def _can_be_played(name: str, arm: str, replication: int) -> bool:
    scenario = sc.load(name)
    try:
        playable(sc.run(scenario, arm, 1, replication), exercise_of(scenario, language()))
    except ExerciseError:
        return False
    return True


def _nearest_that_can_be_played(name: str, arm: str, away: dict[int, float]) -> list[float]:
    nearest = sorted(away, key=lambda replication: (away[replication], replication))
    return [away[n] for n in islice((n for n in nearest if _can_be_played(name, arm, n)), CANDIDATES)]


def test_median_is_the_run_nearest_to_the_middle_of_its_arm() -> None:
    name, arm = "belgrade_2015", "both"
    runs = _outcomes(name, arm)
    values = np.array([[float(row[measure] or 0) for measure in TYPICAL_BY] for row in runs.to_dicts()])
    apart = np.quantile(values, 0.75, axis=0) - np.quantile(values, 0.25, axis=0)
    away = (np.abs(values - np.median(values, axis=0)) / np.where(apart == 0, 1, apart)).sum(axis=1)
    found = dict(zip(runs["replication"].to_list(), away.tolist(), strict=True))
    chosen = [found[candidate.replication] for candidate in _candidates(name, arm, Wish.MEDIAN)]
    assert chosen == pytest.approx(_nearest_that_can_be_played(name, arm, found))


def test_p90_goes_further_than_nine_in_ten() -> None:
    name, arm = "hotline_down", "hotlines"
    rows = sorted(_outcomes(name, arm).to_dicts(), key=lambda r: (r["peak_rung"], r["rung_hours"], r["replication"]))
    away = {row["replication"]: abs(rank - 0.9 * (len(rows) - 1)) for rank, row in enumerate(rows)}
    chosen = [away[candidate.replication] for candidate in _candidates(name, arm, Wish.P90)]
    assert chosen == pytest.approx(_nearest_that_can_be_played(name, arm, away))
    typical = _candidates(name, arm, Wish.MEDIAN)[0].run.outcome["peak_rung"][0]
    assert _candidates(name, arm, Wish.P90)[0].run.outcome["peak_rung"][0] >= typical


def test_line_down_lets_a_table_find_a_line_down() -> None:
    for candidate in _candidates("hotline_down", "hotlines", Wish.LINE_DOWN):
        told = {known.seq for inject in candidate.injects for known in inject.known}
        down = {seq for seq, record in enumerate(candidate.run.log.records) if record.kind is Kind.LINE_DOWN}
        assert told & down


@pytest.mark.parametrize(("name", "arm"), [("belgrade_2015", "untested"), ("energy_grid", "both")])
def test_unanswered_turns_a_decision_upon_a_question_without_an_answer(name: str, arm: str) -> None:
    found = _candidates(name, arm, Wish.UNANSWERED)
    for candidate in found:
        run = candidate.run
        without = sc.run(run.scenario, run.scenario.reference, run.seed, run.replication)
        decision = _first_that_differs(run, without)
        assert decision is not None
        case = [r for r in run.log.records[: decision.seq] if r.case == decision.case]
        kinds = [record.kind for record in case]
        assert Kind.INQUIRY in kinds
        assert not {Kind.ASSURANCE, Kind.FORMULAIC} & set(kinds)
        assert decision.silence > 0
        assert any(known.seq == decision.seq for inject in candidate.injects for known in inject.known)


@pytest.mark.parametrize(("name", "arm"), [("belgrade_2015", "untested"), ("hotline_down", "hotlines")])
def test_silence_turns_no_decision_that_was_taken_without_it(name: str, arm: str) -> None:
    scenario = sc.load(name)
    found = set()
    for replication in range(25):
        run, without = (sc.run(scenario, each, 1, replication) for each in (arm, scenario.reference))
        first = _first_that_differs(run, without)
        turned = False
        if first is not None:
            kinds = {record.kind for record in run.log.records[: first.seq] if record.case == first.case}
            answered = bool({Kind.ASSURANCE, Kind.FORMULAIC} & kinds)
            turned = first.silence > 0 and Kind.INQUIRY in kinds and not answered
            found.add((first.silence > 0, Kind.INQUIRY in kinds, answered))
        assert bool(_turned_by_silence(run, without)) == turned
    assert len(found) > 2


def _first_that_differs(run: sc.Run, without: sc.Run) -> sc.events.Decision | None:
    """Return the first decision that the State would not have taken so about this incident in the other arm."""

    def about(of: sc.Run, decision: sc.events.Decision) -> tuple[int, int, bool]:
        return decision.actor, of.log.records[decision.seq].incident, decision.of_incident

    for n, decision in enumerate(run.log.decisions):
        nth = sum(about(run, each) == about(run, decision) for each in run.log.decisions[:n])
        others = [each.act for each in without.log.decisions if about(without, each) == about(run, decision)]
        if nth >= len(others) or others[nth] != decision.act:
            return decision
    return None


@pytest.mark.parametrize("wish", [Wish.MEDIAN, Wish.P90, Wish.LINE_DOWN])
def test_no_run_is_played_in_which_war_is_inevitable(wish: Wish) -> None:
    for candidate in _candidates("hotline_down", "hotlines", wish):
        decisions = candidate.run.log.decisions
        assert all(decision.act < 10 for decision in decisions)
        assert sum(decision.chances[-1] for decision in decisions) < 0.5


def _always(rung: int) -> Scenario:
    return sc.load("belgrade_2015").with_({"model.rule": "scripted", "model.script": [{"rung": rung}]})


def test_where_all_runs_end_in_war_none_is_played() -> None:
    scenario = _always(10)
    with pytest.raises(ExerciseError, match="wish: 'median': of 8 runs of arm 'both', none fits it"):
        candidates(scenario, exercise_of(scenario, language()), Wish.MEDIAN, arm="both", replications=8)
    with pytest.raises(ExerciseError, match="replication 3: it ends in war"):
        playable(sc.run(scenario, "both", 1, 3), exercise_of(scenario, language()))


@pytest.mark.parametrize(
    ("wish", "arm", "why"),
    [
        (Wish.LINE_DOWN, "both", "none fits it"),
        (Wish.UNANSWERED, "none", "none fits it"),
    ],
)
def test_a_wish_that_no_run_fits_is_said(wish: Wish, arm: str, why: str) -> None:
    scenario = sc.load("belgrade_2015")
    with pytest.raises(ExerciseError, match=f"wish: '{wish}': of 12 runs of arm '{arm}', {why}"):
        candidates(scenario, exercise_of(scenario, language()), wish, arm=arm, replications=12)


def test_a_line_that_is_down_for_nobody_at_a_table_is_none() -> None:
    part = {"title": "A day", "situation": "", "moves": 1, "tables": ["Orvend", "Mirenia"]}
    scenario = sc.load("energy_grid").with_({"exercise": part})  # in which only Halvania finds lines down
    with pytest.raises(ExerciseError, match=r"cannot be played \(no table would hear of what was wished for\)"):
        candidates(scenario, exercise_of(scenario, language()), Wish.LINE_DOWN, arm="both", replications=12)


@pytest.mark.parametrize("replication", [None, 3])
def test_a_scenario_that_shows_aggregates_only_is_refused(replication: int | None, tmp_path: Path) -> None:
    scenario = sc.load("belgrade_2015").with_({"aggregates_only": True})
    with pytest.raises(ExerciseError, match="common to many runs only"):
        build_pack(Request(scenario, replication=replication, replications=4), tmp_path / "pack")


def test_tables_are_those_that_the_scenario_names_or_those_to_which_most_happens() -> None:
    run = sc.run(sc.load("belgrade_2015"), "both", 1, 3)
    of = exercise_of(run.scenario, language())
    assert tables_of(run, of) == ["Alderland", "Brevia", "Corvania", "Dunmere"]
    assert tables_of(run, of.model_copy(update={"tables": ("Dunmere",)})) == ["Dunmere"]
    run = sc.run(sc.load("sixteen_measures"), "all", 1, 0)
    found = tables_of(run, exercise_of(run.scenario, language()))
    assert len(found) <= 4
    decided = {run.world.names.states[decision.actor] for decision in run.log.decisions}
    assert decided & set(found)


def test_candidates_are_the_same_again_and_hang_on_the_seed() -> None:
    scenario = sc.load("belgrade_2015")
    of = exercise_of(scenario, language())
    found = [[c.replication for c in candidates(scenario, of, Wish.MEDIAN, seed=s, replications=20)] for s in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0] != found[2]
