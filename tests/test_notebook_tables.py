"""What notebook users touch: results that show well, tables for pandas, measures of their own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import simcrisis as sc
from simcrisis.batch.discovery import discover
from simcrisis.batch.lines import lines_that_matter
from simcrisis.batch.sensitivity import screen
from simcrisis.shown import ASSUMED, MOST_ROWS, card

HOSTILE = "<script>alert(1)</script> & 'so' \"on\""


class Page(HTMLParser):
    """Text and tags of a piece of HTML, of which every tag that opens must close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open[-1] in {"td", "th"}:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def batch() -> sc.Batch:
    scenario = sc.load("hotline_down").with_({"title": HOSTILE})
    return sc.run_batch(scenario, 40, arms=["none", "hotlines"], keep=["events", "decisions"], workers=1)


@pytest.fixture(scope="module")
def varied() -> sc.Batch:
    levels = {"model.kappa": [0.3, 0.7]}
    return sc.run_batch(sc.load("hotline_down"), 20, arms=["none", "hotlines"], vary=levels, workers=1)


def shown(result: Any) -> Page:
    return Page(result._repr_html_())


def test_results_show_as_tables_whatever_their_text(batch: sc.Batch) -> None:
    for result in (batch, batch.scenario, batch.replay(0)):
        page = shown(result)
        assert "script" not in page.tags
        assert "<script>alert(1)</script> & " in page.text


def test_a_batch_shows_a_row_an_arm_and_a_column_a_rung(batch: sc.Batch) -> None:
    told = batch._repr_html_()
    cells = Page(told).cells
    assert cells[:3] == ["arm", "n", "rung 3"]
    assert cells[9:13][0] == "rung 10"
    assert cells.count("40") == 2
    one = batch.risk.row(by_predicate=(pl.col("arm") == "none") & (pl.col("rung") == 4), named=True)
    assert any(cell.startswith(f"{100 * one['probability']:.0f} % (") for cell in cells)
    assert ASSUMED in told


def test_a_batch_of_design_points_shows_what_varies(varied: sc.Batch) -> None:
    cells = shown(varied).cells
    assert cells[:4] == ["point", "model.kappa", "arm", "n"]
    assert cells.count("hotlines") == 2


def test_studies_show_what_they_found() -> None:
    scenario = sc.load("hotline_down")
    study = lines_that_matter(scenario, "hotlines", rung=4, replications=20, cbms=[2, 8], budget=1, workers=1)
    assert shown(study).tags.count("table") == 3
    ranges = {"model.kappa": {"low": 0.2, "high": 1.0}, "model.reassure": {"low": 0.1, "high": 1.0}}
    found: list[Any] = []
    for sample, analyse in (("morris", screen), ("latin_hypercube", discover)):
        sampled = scenario.with_({"experiment": {"vary": ranges, "points": 12, "sample": sample}})
        found.append(analyse(sc.run_batch(sampled, 4, arms=["none", "hotlines"], workers=1), rung=3))
    for each in (*found, sc.audit(scenario, replications=2)):
        page = shown(each)
        assert page.tags.count("table") >= 2
        assert ASSUMED in each._repr_html_()
        assert "shape:" not in repr(each), "a repr is a line, not tables"


def test_figures_are_rounded_and_long_tables_cut() -> None:
    table = pl.DataFrame(
        {"x": [0.123456, 1234.5678, 1e-7, None], "n": [1, 20_000, 3, 4], "yes": [True, False, None, True]}
    )
    cells = Page(card("t", [], {"x": table})).cells
    assert cells[3:] == ["0.123", "1", "True", "1,235", "20,000", "False", "1e-07", "3", "-", "-", "4", "True"]
    bounded = {"effect": [1.25, None], "effect_low": [-0.5, None], "effect_high": [3.0, None], "low": ["a", "b"]}
    cells = Page(card("t", [], {"x": pl.DataFrame(bounded)})).cells
    assert cells == ["effect (95 %)", "low", "1.25 (-0.5 to 3)", "a", "-", "b"]
    long = card("t", [], {"x": pl.DataFrame({"x": range(MOST_ROWS + 2)})})
    assert Page(long).tags.count("tr") == MOST_ROWS + 1
    assert "and 2 more rows" in long


def test_pandas_users_get_every_table_in_one_call(batch: sc.Batch) -> None:
    pytest.importorskip("pyarrow")
    tables = batch.pandas()
    assert set(tables) == set(batch.tables()) >= {"runs", "risk", "differences", "events", "decisions"}
    for name, table in batch.tables().items():
        assert list(tables[name].columns) == table.columns
        assert len(tables[name]) == len(table)
    assert list(tables["events"]["kind"]) == batch.table("events")["kind"].to_list()


def test_a_measure_of_your_own_is_estimated_as_those_of_the_package(batch: sc.Batch, varied: sc.Batch) -> None:
    """`acts` counted anew from the log, by another name, has the same means, intervals and tests."""
    counted = batch.scan("events").filter(kind="act").group_by("arm", "replication").agg(own=pl.len()).collect()
    rows = batch.runs.select("arm", "replication").join(counted, on=["arm", "replication"], how="left").fill_null(0)
    own = batch.measured(rows.sample(fraction=1.0, shuffle=True, seed=1))
    of_package = batch.measures.filter(pl.col("measure") == "acts")
    assert_frame_equal(own.drop("measure"), of_package.drop("measure"))
    assert own["low"].null_count() < len(own)
    again = varied.runs.select("point", "arm", "replication", own="acts")
    expected = varied.measures.filter(pl.col("measure") == "acts")
    assert_frame_equal(varied.measured(again).drop("measure"), expected.drop("measure"))


def test_runs_without_a_row_lack_the_measure(batch: sc.Batch) -> None:
    rows = batch.runs.select("arm", "replication", own=pl.col("peak_rung") > 3).filter(pl.col("replication") != 7)
    own = batch.measured(rows)
    assert own["n"].to_list() == [39, 39]
    assert own["pairs"].to_list() == [None, 39]


def fails_when_it_is_asked(situation: Any, weights: Any, gravities: Any) -> list[float]:
    raise ZeroDivisionError("planted")


def test_runs_that_failed_are_left_out_though_a_row_counts_0_for_them() -> None:
    with pytest.warns(RuntimeWarning, match="runs failed"):
        done = sc.run_batch(sc.load("hotline_down"), 12, arms=["none"], rules=fails_when_it_is_asked, workers=1)
    fine = int((~done.runs["failed"]).sum())
    assert fine < 12
    assert done.measured(done.runs.select("arm", "replication", own=pl.lit(0)))["n"].to_list() == [fine]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows.drop("arm"), "no column arm"),
        (lambda rows: rows.drop("own"), "nothing is measured"),
        (
            lambda rows: pl.concat([rows, rows.head(1)]),
            "more than one row is of the run {'arm': 'none', 'replication': 0}",
        ),
        (lambda rows: rows.with_columns(replication=rows["replication"] + 1), "has no run"),
        (lambda rows: rows.with_columns(own=pl.lit("much")), "'own' holds String, no numbers"),
        (lambda rows: rows.rename({"own": "hours_to_firebreak"}), "choose another name"),
    ],
)
def test_rows_that_measure_nothing_are_refused(batch: sc.Batch, change: Any, told: str) -> None:
    rows = batch.runs.select("arm", "replication", own="acts")
    with pytest.raises(sc.BatchError, match=re.escape(told)):
        batch.measured(change(rows))
