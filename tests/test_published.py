"""docs/validation/: the pages are those that the code makes, and the studies judge by what they say they judge by."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import polars as pl
import pytest

from simcrisis import load
from simcrisis.rules.doctrines import RULES
from tests.studies.published import catalogue
from tests.studies.published.keeping import SMALL, kept
from tests.studies.published.measuring import (
    FOLDER,
    Found,
    Measured,
    by_world,
    found_in,
    measure,
    scenario_path,
    verdict,
)
from tests.studies.published.page import index, page
from tests.studies.published.statistics import answers_to_acts, backs_down, days_until_withdrawn, measured
from tests.studies.published.study import Contrast, Statistic, Study, Tables

STUDIES = catalogue.studies()
by_name = pytest.mark.parametrize("study", STUDIES.values(), ids=list(STUDIES))
EMPTY = pl.DataFrame()


@by_name
def test_a_scenario_is_valid_and_of_invented_states(study: Study) -> None:
    scenario = load(scenario_path(study))
    assert "acknowledge" not in scenario.data, "States that exist are refused without"
    for truth in study.worlds.values():
        scenario.with_(dict(truth))
    for each in study.contrasts:
        assert set(each.arms) <= set(scenario.data["arms"])
        assert math.isclose(sum(each.arms.values()), 0.0, abs_tol=1e-12)


def test_every_scenario_has_its_study_and_every_page_its_result() -> None:
    assert {path.stem for path in (FOLDER / "scenarios").glob("*.yaml")} == set(STUDIES)
    assert {path.stem for path in FOLDER.glob("*.md")} == {"README", *STUDIES}


@by_name
def test_a_study_says_what_it_expects(study: Study) -> None:
    names = {each.name for each in study.statistics}
    assert set(study.shown) <= names
    assert {each.statistic for each in study.contrasts} <= names
    assert any(each.judged for each in study.contrasts)
    assert all(each.expected for each in study.contrasts if each.judged)
    assert study.why


@by_name
def test_a_page_is_made_from_the_figures_that_are_kept(study: Study) -> None:
    assert (FOLDER / f"{study.name}.md").read_text(encoding="utf-8") == page(study, kept(study))
    assert (FOLDER / "figures" / f"{study.name}.svg").is_file()


def test_the_index_holds_every_verdict() -> None:
    found = [(study, kept(study)) for study in STUDIES.values()]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert text == index(found, catalogue.NOT_ASKED)
    for study, each in found:
        row = next(line for line in text.splitlines() if f"({study.name}.md)" in line)
        for rule in RULES:
            assert f"**{verdict(study, each.measured[rule])}**" in row


def assert_same(found: Measured, before: Measured) -> None:
    assert found.levels.keys() == before.levels.keys()
    for name, arms in found.levels.items():
        _same(list(arms.values()), [before.levels[name][arm] for arm in arms])
    _same(found.contrasts, before.contrasts)


def _same(found: Sequence[Found | None], before: Sequence[Found | None]) -> None:
    for one, other in zip(found, before, strict=True):
        assert (one is None) == (other is None)
        if one and other:
            assert one == pytest.approx(other, rel=1e-6, abs=1e-9)


@by_name
def test_the_code_still_makes_the_figures_small_version(study: Study) -> None:
    before = kept(study).small
    for rule, found in measure(study, SMALL).items():
        assert_same(found, before[rule])


@pytest.mark.long
@by_name
def test_the_code_still_makes_the_figures(study: Study) -> None:
    before = kept(study).measured
    for rule, found in measure(study).items():
        assert_same(found, before[rule])


def of(value: float, low: float, high: float, apart: int = 100) -> Found:
    return Found(value, low, high, 1000, apart)


UP, DOWN, OPEN, FEW, NONE = of(2, 1, 3), of(-2, -3, -1), of(0.5, -1, 2), of(2, 1, 3, 9), of(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ((UP, DOWN), "agrees"),
        ((UP, UP), "disagrees"),
        ((OPEN, UP), "disagrees"),
        ((DOWN, DOWN), "disagrees"),
        ((UP, OPEN), "cannot tell"),
        ((FEW, DOWN), "cannot tell"),
        ((NONE, NONE), "cannot tell"),
        ((None, DOWN), "cannot tell"),
    ],
)
def test_the_verdict_hangs_on_what_is_judged_and_on_nothing_else(found: tuple[Found | None, ...], says: str) -> None:
    contrasts = (
        Contrast("x", {"a": 1.0, "b": -1.0}, "up", +1, judged=True),
        Contrast("x", {"a": 1.0, "c": -1.0}, "down", -1, judged=True),
        Contrast("x", {"b": 1.0, "c": -1.0}, "told only", +1),
    )
    study = Study("s", "S", "", "", "", "", "", (), contrasts, ())
    assert verdict(study, Measured({}, (*found, DOWN))) == says


def decided(*rows: tuple[int, str, str | None, int, bool, bool]) -> pl.DataFrame:
    """Return decisions of (replication, actor, about, act, private, of_incident) in one arm, in their order."""
    heads = ["replication", "actor", "about", "act", "private", "of_incident"]
    table = pl.DataFrame(rows, schema=heads, orient="row")
    return table.with_columns(arm=pl.lit("a"), seq=pl.int_range(pl.len()))


def runs(n: int) -> pl.DataFrame:
    return pl.DataFrame({"arm": ["a"] * n, "replication": list(range(n))})


def test_backing_down_is_the_first_choice_below_ones_own_public_act() -> None:
    decisions = decided(
        (0, "A", "B", 5, False, True),
        (0, "B", "A", 4, False, False),
        (0, "A", "B", 4, False, False),
        (0, "A", "B", 6, False, False),
        (1, "A", "B", 4, False, True),
        (1, "A", "C", 0, True, True),
        (1, "A", None, 0, True, True),
        (1, "A", "B", 4, False, False),
        (2, "A", "B", 5, True, True),
        (2, "A", "B", 3, False, True),
        (2, "A", "B", 0, True, True),
        (3, "A", "B", 7, False, True),
        (3, "A", "B", 0, True, True),
    )
    found = backs_down(Tables(runs(4), decisions, EMPTY)).sort("replication")
    assert found.rows() == [("a", 0, 1.0), ("a", 1, 0.0)]


def test_answers_to_acts_leave_out_incidents_and_what_stays_private() -> None:
    decisions = decided(
        (0, "A", "B", 5, False, True),
        (0, "B", "A", 4, False, False),
        (0, "A", "B", 7, False, False),
        (0, "B", "A", 4, True, False),
        (0, "B", "A", 3, False, False),
    )
    assert answers_to_acts(Tables(runs(2), decisions, EMPTY)).rows() == [("a", 0, 2.0), ("a", 1, 0.0)]


def test_days_until_a_withdrawal_count_from_the_first_act_that_names() -> None:
    events = pl.DataFrame(
        [(0, 10.0, "act", 3.0), (0, 24.0, "act", 4.0), (0, 96.0, "withdrawn", 0.1), (1, 24.0, "act", 5.0)],
        schema=["replication", "hour", "kind", "value"],
        orient="row",
    ).with_columns(arm=pl.lit("a"))
    assert days_until_withdrawn(Tables(runs(2), EMPTY, events)).rows() == [("a", 0, 3.0)]


def worlds(of_arm: Callable[[str, str, int], float | None]) -> dict[str, Tables]:
    """Return the runs of two worlds, arms and replications, with a number of each as `acts`."""
    keys = [(arm, replication) for arm in ("a", "b") for replication in (0, 1)]
    return {
        world: Tables(
            pl.DataFrame([(*key, of_arm(world, *key)) for key in keys], ["arm", "replication", "acts"], orient="row"),
            EMPTY,
            EMPTY,
        )
        for world in ("culpable", "innocent")
    }


def test_a_contrast_is_taken_within_replications_and_over_worlds() -> None:
    tables = worlds(
        lambda world, arm, replication: 10.0 * replication + (arm == "b") * (3.0 if world == "culpable" else 1.0)
    )
    mean = found_in(by_world(Statistic("x", measured("acts")), tables), {"b": 1.0, "a": -1.0})
    assert mean == Found(2.0, 2.0, 2.0, 2, 2)
    apart = Statistic("x", measured("acts"), weights={"culpable": 1.0, "innocent": -1.0})
    assert found_in(by_world(apart, tables), {"b": 1.0, "a": -1.0}) == Found(2.0, 2.0, 2.0, 2, 2)
    assert found_in(by_world(apart, tables), {"a": 1.0}) == Found(0.0, 0.0, 0.0, 2, 0)
    level = found_in(by_world(Statistic("x", measured("acts")), tables), {"a": 1.0})
    assert level is not None
    assert (level.value, level.n, level.apart) == (5.0, 2, 1)


def test_a_run_without_the_number_is_left_out() -> None:
    tables = worlds(
        lambda world, arm, replication: None if (world, arm, replication) == ("innocent", "b", 0) else float(arm == "b")
    )
    statistic = Statistic("x", lambda each: measured("acts")(each).drop_nulls())
    assert found_in(by_world(statistic, tables), {"b": 1.0, "a": -1.0}) == Found(1.0, 1.0, 1.0, 2, 2)
    assert found_in(by_world(statistic, tables), {"b": 1.0, "c": -1.0}) is None
