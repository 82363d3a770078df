"""What stands on the page of a batch with factors, many arms, rare events, failed runs; what the answer says."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

import simcrisis as sc
from simcrisis.batch.batch import Batch
from simcrisis.batch.work import Failure
from simcrisis.report.compared import arm_rows, cbms_of, factor_rows
from simcrisis.report.page import page
from simcrisis.report.page_tables import page_tables
from simcrisis.report.pictures import pictures, reached
from simcrisis.report.sentence import headline
from simcrisis.report.told_runs import told_runs
from simcrisis.shown import ASSUMED
from tests.html_tree import read

REPLY = "states.*.policy.reply"


def batch_of(name: str = "belgrade_2015", replications: int = 4, **named: Any) -> Batch:
    return sc.run_batch(sc.load(name), replications, 1, workers=1, **named)


@pytest.fixture(scope="module")
def plain() -> Batch:
    return batch_of(replications=40)


def sampled(points: int) -> Batch:
    ranges = {"model.kappa": {"low": 0.1, "high": 1}, REPLY: {"low": "1 h", "high": "4 days", "scale": "log"}}
    experiment = {"vary": ranges, "points": points}
    return sc.run_batch(
        sc.load("belgrade_2015").with_({"experiment": experiment}), 2, 1, arms=["none", "both"], workers=1
    )


def told_of(batch: Batch) -> list[str]:
    """Return what the alternative texts of a batch's plots begin with."""
    return [" ".join(each.alt.split()[:4]) for each in pictures(batch, batch.differences)]


def edited(batch: Batch, **columns: Any) -> pl.DataFrame:
    """Return the changes of a batch at rung 8 of its arms, with other values, a list an arm."""
    rows = batch.differences.filter(pl.col("rung") == 8, pl.col("arm").is_in(batch.arms[1:]))
    return rows.with_columns(pl.Series(name, values, rows.schema.get(name)) for name, values in columns.items())


# Plots --------------------------------------------------------------------------------------------------------------


def test_one_factor_is_drawn_as_doses(plain: Batch) -> None:
    batch = batch_of(vary={REPLY: ["1 h", "1 day"]}, arms=["none", "both"])
    told = told_of(batch)
    assert told == ["Share of runs that"] * len(reached(batch)) + ["What each arm changes"]


def test_a_grid_of_two_factors_is_a_heat_map_an_arm() -> None:
    batch = batch_of(vary={REPLY: ["1 h", "1 day"], "model.kappa": [0.3, 0.7, 1.0]})
    found = pictures(batch, batch.differences)
    assert [each.alt.split("over")[1].split(",")[0].strip() for each in found] == ["model.kappa and " + REPLY] * 4
    assert "Not drawn: 'cbm2'" in found[-1].note


def test_sampled_factors_are_scattered_one_by_one() -> None:
    batch = sampled(8)
    assert [each.alt.rsplit(", over ", 1)[1].split(":")[0] for each in pictures(batch, batch.differences)] == [
        "model.kappa",
        REPLY,
    ]


def test_of_many_arms_curves_show_those_that_differ_most() -> None:
    batch = batch_of("sixteen_measures", 6)
    assert len(batch.arms) > 14
    found = pictures(batch, batch.differences)
    curves = [each for each in found if "hour by hour" in each.alt]
    assert curves
    assert all(f"7 of {len(batch.arms)} arms" in each.note for each in curves)
    ends = dict(re.findall(r"(\S+) (\d+\.\d) %", curves[0].alt))
    last = batch.curves.filter(pl.col("rung") == 4).group_by("arm", maintain_order=True).last()
    shares = {arm: 100 * share for arm, share in last.select("arm", "exceeded").iter_rows()}
    drawn = min(abs(shares[arm] - shares["lines"]) for arm in ends if arm != "lines")
    left = max(abs(shares[arm] - shares["lines"]) for arm in shares if arm not in ends)
    assert drawn >= left


def test_what_no_run_reached_is_said_and_not_drawn() -> None:
    batch = batch_of(replications=2, arms=["both"])
    none = batch.risk.with_columns(hits=pl.when(pl.col("rung") >= 4).then(0).otherwise(pl.col("hits")))
    empty = replace(batch, risk=none)
    assert pictures(empty, empty.differences) == []
    said = read(page(empty)).text
    assert "No run of this batch reached rung 4 or above: there is no plot of it." in said
    assert "No run of this batch reached rung 8 or above: there is no plot of it." in said


# Tables -------------------------------------------------------------------------------------------------------------


def test_few_design_points_are_shown_as_they_are() -> None:
    batch = batch_of(vary={REPLY: ["1 h", "1 day"]}, arms=["none", "both"])
    tables = page_tables(batch, batch.differences)
    assert [table.name for table in tables] == ["Risks", "Changes at rung 4", "Changes at rung 8"]
    assert [row[:2] for row in tables[0].rows] == [
        [level, arm] for level in ("1 h", "1 day") for arm in ("none", "both")
    ]
    assert not any(table.folded or table.left_out for table in tables)


def test_of_many_design_points_it_says_how_many_rows_are_not_shown() -> None:
    batch = sampled(40)
    over, changes, risks, *each = page_tables(batch, batch.differences)
    assert [row[0] for row in over.rows] == ["none", "both"]
    shares = batch.risk.filter(pl.col("rung") == 3, pl.col("arm") == "both")["probability"]
    least, _, most = (float(part.strip(" %")) / 100 for part in over.rows[1][1].split("/"))
    assert (least, most) == (shares.min(), shares.max())
    assert [row[0] for row in changes.rows] == ["both"]
    assert "40 design points" in over.caption
    assert risks.left_out.startswith("40 of 80 rows are not shown")
    assert "export/risk.csv" in risks.left_out
    assert all(table.left_out.startswith("20 of 40 rows are not shown") for table in each)
    assert all(table.folded for table in (risks, *each))
    assert max(len(table.rows) for table in (over, changes, risks, *each)) <= 40
    assert all(ASSUMED in table.caption for table in (over, changes, risks, *each))


def test_columns_that_say_nothing_are_left_out(plain: Batch) -> None:
    tables = page_tables(plain, plain.adjusted("holm"))
    assert all("compensated" not in table.heads or "0" in str(table.rows) for table in tables)
    assert tables[1].heads[-1] == "p (Holm)"
    assert all(len(row) == len(table.heads) for table in tables for row in table.rows)


# What was compared --------------------------------------------------------------------------------------------------


def test_arms_and_factors_in_words(plain: Batch) -> None:
    rows = {row.name: row for row in arm_rows(plain)}
    assert rows["none"].cbms == "none"
    assert rows["both"].cbms == "2, 8"
    assert rows["untested"].other == "states.*.policy.answers = 0.3; states.*.policy.believed_answers = 0.9"
    assert cbms_of(plain) == {2: "Co-operation of competent national bodies", 8: "Contact points"}
    assert arm_rows(batch_of("partner_few_lines", 1))[0].cbms.startswith("2 (participating)")
    (kappa, reply) = factor_rows(sampled(2))
    assert kappa.levels == "0.1 to 1, sampled"
    assert reply.levels == "1 h to 4 days, sampled (log scale)"
    assert kappa.what.startswith("Credibility")


# The answer ---------------------------------------------------------------------------------------------------------


def test_the_answer_has_two_sentences(plain: Batch) -> None:
    changes = edited(plain, difference=[-0.1, 0.1, 0.0, 0.1], low=[-0.2, 0.05, -0.1, -0.1], high=[-0.01, 0.2, 0.1, 0.2])
    told = headline(plain, changes)
    assert told.startswith(f"{ASSUMED}, force is threatened or used within 60 days in ")
    assert len(re.split(r"\. (?=[A-Z])", told)) == 2
    more, less, unknown = told.split(". Against that, ")[1].split("; ")
    assert more.startswith("it happens more often with 'cbm8' (")
    assert "+10.0 percentage points, +5.0 to +20.0" in more
    assert less.startswith("it happens less often with 'cbm2' (")
    assert re.fullmatch(
        r"no difference is detectable with 'both' \(.*\) and 'untested' \(.*\), which .* none\.", unknown
    )


def test_a_corrected_p_value_decides(plain: Batch) -> None:
    apart = {"difference": [0.1] * 4, "low": [0.05] * 4, "high": [0.2] * 4}
    told = headline(plain, edited(plain, **apart, p_adjusted=[0.2, 0.04, None, 0.2]))
    assert "Against that, and corrected for the number of comparisons, it happens more often with 'cbm8' (" in told
    assert "no difference is detectable with 'cbm2'" in told


def test_over_design_points_as_well() -> None:
    batch = batch_of(vary={REPLY: ["1 h", "1 day"]})
    rows = batch.differences.filter(pl.col("rung") == 8, pl.col("arm").is_in(batch.arms[1:]))
    difference = [0.1, 0.2, 0.1, 0.1, -0.1, 0.1, 0.2, 0.1]  # an arm each of four, at the one point and the other
    known = rows.with_columns(
        pl.Series("difference", difference),
        low=pl.col("p_value") * 0 + pl.Series(difference) - 0.05,
        high=pl.col("p_value") * 0 + pl.Series(difference) + 0.05,
    )
    assert known.group_by("arm", maintain_order=True).agg("difference").rows() == [
        ("cbm2", [0.1, -0.1]), ("cbm8", [0.2, 0.1]), ("both", [0.1, 0.2]), ("untested", [0.1, 0.1]),
    ]  # fmt: skip
    assert headline(batch, known).split(". Against that, ")[1] == (
        "with 'cbm2' the change is -10.0 to +10.0 percentage points, detectably more often at 1 and less often at 1 of "
        "2 points; with 'cbm8' the change is +10.0 to +20.0 percentage points, detectably more often at 2 of 2 points; "
        "with 'both' the change is +10.0 to +20.0 percentage points, detectably more often at 2 of 2 points; "
        "with 'untested' the change is +10.0 percentage points, detectably more often at 2 of 2 points."
    )
    corrected = known.with_columns(p_adjusted=pl.when(pl.col("arm") == "cbm2").then(0.01).otherwise(0.2))
    assert headline(batch, corrected).split(". Against that, ")[1] == (
        "and corrected for the number of comparisons, with 'cbm2' the change is -10.0 to +10.0 percentage points, "
        "detectably more often at 1 and less often at 1 of 2 points; no difference is detectable at any point with "
        "'cbm8' (+10.0 to +20.0 percentage points), 'both' (+10.0 to +20.0 percentage points) and 'untested' (+10.0 "
        "percentage points), which does not say that there is none."
    )
    lost = known.with_columns(difference=pl.when(pl.col("arm") != "both").then("difference"))
    assert headline(batch, lost).endswith("; no run came to its end with 'both'.")


def test_none_at_all_is_said_so() -> None:
    batch = batch_of(replications=2, arms=["both"])
    rare = batch.risk.with_columns(hits=pl.lit(0), probability=pl.lit(0.0), low=pl.lit(0.0), high=pl.lit(0.84))
    told = headline(replace(batch, risk=rare))
    assert told.endswith("in none of the 2 runs with arm 'both' (95 % interval 0.0 to 84 %).")


def test_levels_that_were_compared_are_named() -> None:
    batch = batch_of(vary={REPLY: ["1 h", "1 day"]}, arms=["none", "both"])
    told = headline(batch)
    assert f"over 2 design points of 4 runs each ({REPLY}: 1 h, 1 day). Against that, " in told
    six = batch_of(replications=1, vary={"model.kappa": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}, arms=["none"])
    assert "model.kappa: 6 levels, the first 0.1, the last 0.6" in headline(six)
    one = batch_of(replications=2, vary={"model.kappa": [0.3]}, arms=["none", "both"])
    assert "design points" not in headline(one)
    horizons = batch_of(replications=1, vary={"horizon": ["30 days", "50 days"]}, arms=["none"])
    assert "within 30 days to 50 days in" in headline(horizons)


# Else ---------------------------------------------------------------------------------------------------------------


def test_failed_runs_and_runs_that_are_not_told() -> None:
    batch = batch_of(replications=2, arms=["none", "both"])
    failed = replace(batch, failures=(Failure("both", 1, 1, 0, {}, "ValueError: no", ""),) * 3)
    said = read(page(failed)).text
    assert "3 runs failed and count nowhere." in said
    assert "1 run failed and counts nowhere." in read(page(replace(failed, failures=failed.failures[:1]))).text
    wide = sc.run_batch(sc.load("belgrade_2015").with_({"aggregates_only": True}), 2, 1, arms=["none"], workers=1)
    root = read(page(wide))
    assert "no single run is told" in root.text
    assert not [each for each in root.elements if each.tag == "h3" and "replication" in each.text]


def test_headings_stand_in_order() -> None:
    root = read(page(batch_of(replications=2)))
    levels = [int(each.tag[1]) for each in root.elements if re.fullmatch("h[1-6]", each.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_run_that_is_typical_and_surprising_is_told_once() -> None:
    one, *others = told_runs(batch_of(replications=1, arms=["both"]))
    assert not others
    assert one.what == "The most typical and most surprising run"
    assert [run.what for run in told_runs(batch_of(replications=4, arms=["both"]))] in (
        ["The most typical run", "The most surprising run"],
        [one.what],
    )
