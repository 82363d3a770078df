"""A batch over an ensemble where people look: its page, and what a notebook shows of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

import simcrisis as sc
from simcrisis.batch.batch import Batch
from simcrisis.catalogue import ensemble, ensemble_origin
from simcrisis.report.compared import set_rows
from simcrisis.report.ensemble import NOTE, NOTHING, ensemble_headline, ensemble_rows, filtered, last_held
from simcrisis.report.held import held, risks_over_sets
from simcrisis.report.page import page
from simcrisis.report.sentence import headline
from simcrisis.shown import ASSUMED
from tests.html_tree import Element, read

SETS = 4


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def batch(scenario: sc.Scenario) -> Batch:
    return sc.run_batch(scenario, 12, arms=["none", "both", "untested"], ensemble=SETS, workers=1)


@pytest.fixture(scope="module")
def root(batch: Batch) -> Element:
    return read(page(batch))


def effects(batch: Batch, **columns: float | None) -> Batch:
    """Return a batch whose ensemble has other figures."""
    assert batch.ensemble is not None
    return replace(
        batch, ensemble=batch.ensemble.with_columns(**{k: pl.lit(v, pl.Float64) for k, v in columns.items()})
    )


def test_the_answer_is_that_of_the_ensemble(batch: Batch, root: Element) -> None:
    assert headline(batch) == ensemble_headline(batch)
    assert headline(batch) in root.text
    assert f"over the middle nine tenths of {SETS} parameter sets" in headline(batch)


def test_the_page_shows_the_tables_of_the_ensemble_and_no_other(batch: Batch, root: Element) -> None:
    found = held(batch)
    assert found is not None
    assert [table.rows for table in (*risks_over_sets(batch), *found.tables)] == [
        ensemble_rows(batch, output, rung) for output, rung in (("risk", 4), ("risk", 8), ("effect", 8), ("effect", 4))
    ]
    for table in (*risks_over_sets(batch), *found.tables):
        assert ASSUMED in table.caption
        assert table.caption in root.text
        assert all(len(row) == len(table.heads) for row in table.rows)
    for of_design_points in (
        "Factors: what was varied",
        "design points: least",
        "at each design point",
        "Too few runs",
        "Holm",
    ):
        assert of_design_points not in root.text
    assert NOTE in root.text
    assert "Of the default." in root.text


def test_the_page_draws_what_arms_change_and_says_where_the_sign_holds(batch: Batch, root: Element) -> None:
    found = held(batch)
    assert found is not None
    assert [each.alt.split(" or above")[0][-6:] for each in found.pictures] == ["rung 8", "rung 4"]
    assert batch.ensemble is not None
    row = batch.ensemble.row(
        by_predicate=(pl.col("output") == "effect") & (pl.col("arm") == "untested") & (pl.col("rung") == 8), named=True
    )
    assert f"untested {100 * row['default']:+.2f} points" in found.pictures[0].alt
    told = last_held(batch)
    assert told in root.text
    assert f"changes the expected share of runs that cross the firebreak by {100 * row['default']:+.2f}" in told
    assert told.endswith(f"the sign holds in {100 * row['same_sign']:.0f} % of {SETS} parameter sets.")
    assert "the sign holds in 35 % of" in last_held(effects(batch, same_sign=0.35))
    lucky = held(effects(batch, luck_share=0.9))
    assert lucky is not None
    assert "effect with 'both' (90 %), effect with 'untested' (90 %)" in lucky.told[1]


def test_where_nothing_changes_no_sign_holds(batch: Batch) -> None:
    assert "there is no sign that could hold" in last_held(effects(batch, default=0.0))


def test_without_two_replications_at_every_set_there_is_nothing_to_draw(scenario: sc.Scenario) -> None:
    one = sc.run_batch(scenario, 1, arms=["none", "both"], ensemble=2, workers=1)
    found = held(one)
    assert found is not None
    assert (found.told, found.pictures) == ([NOTHING], [])
    assert NOTHING in read(page(one)).text


def test_a_single_arm_has_risks_and_nothing_that_could_hold(scenario: sc.Scenario) -> None:
    alone = sc.run_batch(scenario, 2, arms=["both"], ensemble=2, workers=1)
    root = read(page(alone))
    assert held(alone) is None
    assert risks_over_sets(alone)[0].caption in root.text
    assert not [each for each in root.elements if each.attributes.get("id") == "held"]


def test_of_many_arms_it_says_how_many_are_not_drawn(batch: Batch) -> None:
    assert batch.ensemble is not None
    many = [batch.ensemble.with_columns(pl.format("{} {}", "arm", pl.lit(n)).alias("arm")) for n in range(21)]
    found = held(replace(batch, ensemble=pl.concat(many)))
    assert found is not None
    assert found.pictures[0].note == "The first 20 of 42 arms."
    assert found.tables[0].left_out.startswith("2 of 42 arms are not shown")


def test_parameters_of_the_sets_are_told_from_least_to_most(batch: Batch, root: Element) -> None:
    rows = {row.path: row for row in set_rows(batch)}
    assert set(rows) == set(ensemble()[0])
    lambdas = sorted(float(one["model.lambda"]) for one in ensemble()[:SETS])
    assert rows["model.lambda"][1:3] == ("20", f"{lambdas[0]:.3g} to {lambdas[-1]:.3g}")
    hours = sorted(float(str(one["model.half_life"]).removesuffix(" h")) / 24 for one in ensemble()[:SETS])
    assert rows["model.half_life"][1:3] == ("14 days", f"{hours[0]:.3g} to {hours[-1]:.3g} days")
    assert rows["model.kappa"].what.startswith("Credibility")
    assert rows["model.lambda"].reach in root.text


def test_sets_that_were_filtered_under_another_rule_are_said_to_be(batch: Batch, scenario: sc.Scenario) -> None:
    assert filtered(batch) == ""
    other = scenario.with_({"model.rule": "threshold"})
    done = sc.run_batch(other, 2, arms=["none", "both"], ensemble=2, workers=1)
    assert "that no pattern rules out" in ensemble_headline(batch)
    assert "that no pattern rules out" not in ensemble_headline(done)
    told = filtered(done)
    assert told.startswith(f"The sets were filtered under rule {ensemble_origin()['rule']}: under another")


def test_a_notebook_shows_reach_and_sign(batch: Batch) -> None:
    root = read(batch._repr_html_())
    rows = [each.text.split() for each in root.elements if each.tag == "tr"]
    assert len(rows) == 1 + 2 * (3 + 2)
    assert ASSUMED in root.text
    assert "model.lambda" not in root.text
    assert batch.ensemble is not None
    row = batch.ensemble.row(
        by_predicate=(pl.col("output") == "effect") & (pl.col("arm") == "untested") & (pl.col("rung") == 4), named=True
    )
    assert f"{100 * row['same_sign']:.0f}" in root.text
    cells = [each.text for each in root.elements if each.tag == "td"]
    at = cells.index("untested", cells.index("effect"))
    assert cells[at + 1].startswith(f"{100 * row['default']:.3g} (")
    assert cells[at + 7] == f"{100 * row['same_sign']:.0f}"
