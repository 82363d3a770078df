"""Plots of batches: what they draw, what they say, how they look, and what they leave alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.testing.compare import compare_images
from matplotlib.text import Annotation, Text
from matplotlib.transforms import BboxBase

import simcrisis as sc
from simcrisis import plots
from simcrisis.plots import words
from simcrisis.plots.levels import levels
from simcrisis.plots.style import MOST_ARMS, looks
from tests import gallery
from tests.pictures import (
    BASELINE,
    CHANGES,
    CURVES,
    DIFFERENCES,
    ENSEMBLE,
    EVERY,
    LINES,
    MORRIS,
    PICTURES,
    POINTS,
    REPLY,
    RISK,
    RUNGS,
    SOBOL,
    SURVIVAL,
    of,
    save,
)

TOLERANCE = 0.5
"""Root mean square over pixels (0 to 255): versions 3.8 to 3.11 of matplotlib draw what has no text alike to the last
pixel, another shade of one arm makes 0.6 and more, another mark 1.5, another dash 3."""
Floats = npt.NDArray[np.float64]
ODD = ("$x_1^2$", "_<b>\\alpha</b> & %s", "ש\u200fם {0}")


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    mpl.use("agg")
    yield
    plt.close("all")


def figure_of(ax: Axes) -> Figure:
    assert isinstance(ax.figure, Figure)
    return ax.figure


def texts(ax: Axes) -> list[Text]:
    """Return the texts of a figure that can be seen."""
    figure_of(ax).canvas.draw()
    found: list[Text] = []
    for each in figure_of(ax).axes:
        legend = each.get_legend()
        if legend is not None:
            found += [legend.get_title(), *legend.get_texts()]
        found += [*each.texts, *(child for child in each.get_children() if isinstance(child, Text))]
        for axis in (each.xaxis, each.yaxis):
            low, high = sorted(axis.get_view_interval())
            in_view = [tick for tick in axis.get_major_ticks() if low <= float(tick.get_loc()) <= high]
            found += [axis.label, *(text for tick in in_view for text in (tick.label1, tick.label2))]
    return [text for text in dict.fromkeys(found) if text.get_visible() and text.get_text()]


def written(ax: Axes) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in texts(ax))


def line(ax: Axes, label: str) -> Line2D:
    return next(each for each in ax.get_lines() if each.get_label() == label)


def column(table: pl.DataFrame, arm: str, name: str) -> list[float]:
    return table.filter(pl.col("arm") == arm)[name].to_list()


def meet(one: BboxBase, other: BboxBase) -> bool:
    return one.padded(-1.0).overlaps(other.padded(-1.0))


def xs(drawn: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(drawn.get_xdata())]


def ys(drawn: Line2D) -> list[float]:
    return [float(y) for y in np.asarray(drawn.get_ydata())]


def ends(ax: Axes) -> list[float]:
    """Return where the intervals of rows begin and end, one behind the other."""
    return [float(x) for each in spans(ax) for x in each[:, 0]]


def spans(ax: Axes) -> list[Floats]:
    """Return the intervals that are drawn, [[x, y], [x, y]] each."""
    found = [each for each in ax.collections if isinstance(each, LineCollection)]
    return [np.asarray(segment) for each in found for segment in each.get_segments()]


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_those_kept(name: str, tmp_path: Path) -> None:
    kept, now = tmp_path / "kept.png", tmp_path / "now.png"
    kept.write_bytes((BASELINE / f"{name}.png").read_bytes())
    save(PICTURES[name](None), now)
    differ = compare_images(str(kept), str(now), TOLERANCE)
    assert differ is None, f"{differ}\nif that is meant: python -m tests.pictures"


@pytest.mark.parametrize("name", PICTURES)
def test_every_figure_can_be_read(name: str) -> None:
    """It says of what it is; nothing is cut, or lies over anything else."""
    ax = PICTURES[name](None)
    shown = texts(ax)
    told = " ".join(" ".join(text.get_text().split()) for text in shown)
    assert words.WITHIN_MODEL in told
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert "n = " in told
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown]
    edge = figure_of(ax).bbox.padded(1.0)
    assert not [text for text, box in boxes if edge.count_contains([box.min, box.max]) < 2], "cut"
    assert not [(a, b) for n, (a, box) in enumerate(boxes) for b, other in boxes[:n] if meet(box, other)]
    legend = ax.get_legend()
    assert legend is None or not meet(legend.get_window_extent(), ax.get_window_extent())


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_leaks(name: str) -> None:
    before = dict(mpl.rcParams)
    figure, given = plt.subplots()
    assert PICTURES[name](given) is given
    assert plt.get_fignums() == [figure.number]
    own = PICTURES[name](None)
    assert plt.get_fignums() == [figure.number, figure_of(own).number]
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("package", "absent"), [("simcrisis", "matplotlib"), ("simcrisis.plots", "matplotlib.pyplot")])
def test_what_is_not_drawn_is_not_loaded(package: str, absent: str) -> None:
    told = f"import sys, {package}; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_lines_of_hours_are_those_of_the_table() -> None:
    at_4 = CURVES.filter(pl.col("rung") == 4)
    risk, mean, steps = plots.escalation_curves(CURVES, 4), plots.mean_rung(CURVES), plots.survival(SURVIVAL)
    for arm in ("none", "lines", "both"):
        days = [hour / 24 for hour in column(at_4, arm, "hour")]
        assert (xs(line(risk, arm)), ys(line(risk, arm))) == (days, column(at_4, arm, "exceeded"))
        assert ys(line(mean, arm)) == column(at_4, arm, "mean_rung")
        assert ys(line(steps, arm)) == column(SURVIVAL, arm, "survival")
        assert xs(line(steps, arm)) == column(SURVIVAL, arm, "hour")
        assert line(steps, arm).get_drawstyle() == "steps-post"
    assert (risk.get_xlabel(), steps.get_xlabel()) == ("Days since the start", "Hours since the start")
    band = np.asarray(risk.collections[0].get_paths()[0].vertices)[:, 1]
    assert set(band.round(9)) >= {round(low, 9) for low in column(at_4, "none", "low")}


@pytest.mark.parametrize("log", [False, True])
def test_exceedance_is_that_of_the_table(log: bool) -> None:
    ax = plots.exceedance(RISK, log=log)
    assert ys(line(ax, "lines")) == column(RISK, "lines", "probability")
    drawn = {(round(float(each[0, 0])), each[0, 1], each[1, 1]) for each in spans(ax)}
    assert drawn == set(RISK.select("rung", "low", "high").rows())
    assert ax.get_yscale() == ("log" if log else "linear")
    assert np.isnan(ys(line(ax, "both"))[-1]) == log
    assert ("upper bounds" in written(ax)) == log


def test_words_stand_at_rungs_where_there_is_room() -> None:
    narrow = plt.figure(figsize=(4, 3), layout="constrained").add_subplot()
    plots.exceedance(RISK, narrow)
    assert [tick.get_text() for tick in narrow.get_xticklabels()] == [str(rung) for rung in RUNGS]
    assert "war" in plots.exceedance(RISK).get_xticklabels()[-1].get_text()


def test_compensated_estimates_stand_where_they_are_known() -> None:
    ax = plots.exceedance(RISK, compensated=True)
    wanted = [row["compensated"] or row["probability"] for row in RISK.filter(pl.col("arm") == "none").to_dicts()]
    assert ys(line(ax, "none")) == wanted
    assert "Hollow: not compensated" in written(ax)
    hollow = [each for each in ax.get_lines() if each.get_marker() == "o" and each.get_markerfacecolor() == "#ffffff"]
    assert [round(x) for each in hollow for x in xs(each)] == [8, 9, 10]


def test_a_forest_is_in_percentage_points() -> None:
    ax = plots.forest(DIFFERENCES)
    dots = [xs(line(ax, arm))[0] for arm in DIFFERENCES["arm"]]
    assert dots == pytest.approx([-5, 1.23, 6])
    assert ends(ax) == pytest.approx([-8, -2.1, -1, 3.4, 2, 10])
    assert [line(ax, arm).get_marker() for arm in DIFFERENCES["arm"]] == ["o", "o", "D"]
    told = written(ax)
    for each in ("against 'none'", "−5.0 (−8.0 to −2.1)", "+1.2 (−1.0 to +3.4)", "3 / 23", "12 / 7", "< 0.001", "0.36"):
        assert each in told
    adjusted = DIFFERENCES.with_columns(p_adjusted=pl.Series([0.04, 0.72, None]))
    assert "0.72" in written(plots.forest(adjusted))
    clear = plots.forest(DIFFERENCES, compensated=True)
    assert xs(line(clear, "lines"))[0] == pytest.approx(-4.5)
    assert line(clear, "both").get_markerfacecolor() == "#ffffff"
    assert words.COMPENSATED in written(clear)


def test_ranges_over_an_ensemble_are_those_of_the_table() -> None:
    ax = plots.ensemble_ranges(ENSEMBLE)
    rows = ENSEMBLE.filter(pl.col("output") == "effect", pl.col("rung") == 8)
    assert xs(line(ax, "default")) == pytest.approx((100 * rows["default"]).to_list())
    boxes = ax.containers[0]
    assert isinstance(boxes, BarContainer)
    for n, row in enumerate(rows.iter_rows(named=True)):
        here = {tuple(each[:, 0].round(6)) for each in spans(ax) if n - 0.5 < each[:, 1].mean() < n + 0.5}
        value = {name: round(100 * row[name], 6) for name in row if isinstance(row[name], float)}
        ends_of = [("default_low", "default_high"), ("least", "low"), ("high", "most")]
        upright = [(name, name) for name in ("least", "median", "most")]
        assert here == {(value[begins], value[stops]) for begins, stops in ends_of + upright}
        assert (boxes[n].get_x(), boxes[n].get_width()) == pytest.approx((value["low"], value["high"] - value["low"]))
    told = written(ax)
    for each in ("against 'none' over 40 parameter sets", "−1.2 (−3.2 to +0.9)", "72 %", "12 % / 5 %", "44 %"):
        assert each in told
    beside = [text for text in ax.texts if isinstance(text, Annotation) and text.xycoords == ("axes fraction", "data")]
    assert [text.get_text() for text in beside if text.xy[1] == 1] == [
        "0.0 (−2.0 to +2.1)",
        "-",
        "12 % / 5 %",
        "-",
    ]


def test_doses_lie_where_they_belong() -> None:
    table = of(POINTS, EVERY, "never")
    ax = plots.dose_response(table, REPLY)
    assert xs(line(ax, "none")) == [0.5, 6.0, 48.0]
    assert ys(line(ax, "none")) == pytest.approx([0.04, 0.02, 0.06])
    assert ax.get_xlabel() == f"{REPLY} (hours)"
    change = plots.dose_response(of(CHANGES, EVERY, "never"), REPLY)
    assert ys(line(change, "lines")) == pytest.approx([-3, -4, -2])
    assert line(change, "lines").get_color() == line(ax, "lines").get_color()  # the reference keeps its look to itself


def test_every_design_point_has_its_dot() -> None:
    ax = plots.scatter(POINTS, REPLY)
    assert sorted(xs(line(ax, "none"))) == [0.5, 0.5, 0.5, 6.0, 6.0, 6.0, 48.0, 48.0, 48.0]
    assert line(ax, "none").get_linestyle() == "None"
    named = plots.scatter(CHANGES, EVERY)
    places = xs(line(named, "both"))
    assert sorted(map(round, places)) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(set(places)) == 9  # dots of a level lie side by side
    assert ys(line(named, "lines")) == pytest.approx(
        (100 * CHANGES.filter(pl.col("arm") == "lines")["difference"]).to_list()
    )


def test_names_of_rows_have_the_lines_that_a_row_has_room_for() -> None:
    table = DIFFERENCES.with_columns(pl.col("arm").replace("both", " ".join(["measure"] * 11)))
    ax = plots.forest(table)
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    names = [tick.get_window_extent() for tick in ax.get_yticklabels()]
    assert all(not one.overlaps(other) for one, other in pairwise(names))
    assert ax.get_yticklabels()[1].get_text() == "measure measure measure\nmeasure measure measure…"


@pytest.mark.parametrize(
    ("written", "names", "at", "unit", "numeric"),
    [
        (["6 h", "30 min"], ["30 min", "6 h"], [0.5, 6], "hours", True),
        (["60 days", "12 h"], ["12 h", "60 days"], [0.5, 60], "days", True),
        ([0.7, 0.3], ["0.3", "0.7"], [0.3, 0.7], "", True),
        (["0.5", "2"], ["0.5", "2"], [0.5, 2], "", True),
        (["nan", "2"], ["nan", "2"], [0, 1], "", False),
        (["never", "6 h"], ["never", "6 h"], [0, 1], "", False),
        ([True, False], ["True", "False"], [0, 1], "", False),
    ],
)
def test_levels_are_numbers_durations_or_names(
    written: list[object], names: list[str], at: list[float], unit: str, numeric: bool
) -> None:
    assert levels(pl.Series(written)) == (names, at, unit, numeric)


def test_a_heat_map_has_each_number_in_its_cell() -> None:
    ax = plots.heat_map(POINTS, REPLY, EVERY, arm="none")
    cells = np.asarray(ax.collections[0].get_array())
    assert cells[0].tolist() == pytest.approx([4, 2, 6])  # per cent; never: 30 min, 6 h, 2 days
    assert {"4.0", "2.0", "6.0", "18.0"} <= {text.get_text() for text in ax.texts}
    change = plots.heat_map(CHANGES, REPLY, EVERY)
    low, high = change.collections[0].get_clim()
    assert -low == high > 0  # nothing is in the middle of the colours
    bold = {text.get_text() for text in change.texts if text.get_fontweight() == "bold"}
    assert "−4.3" in bold
    assert "arm 'both'" in written(change)


def test_a_tornado_is_sorted() -> None:
    ax = plots.tornado(MORRIS, "effect")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["model.lambda", "horizon", "model.kappa"]
    bars = ax.containers[0]
    assert isinstance(bars, BarContainer)
    assert [each.get_width() for each in bars] == pytest.approx([4, 2, 1])
    assert xs(ax.get_lines()[0]) == pytest.approx([-2, -2, 1])
    sobol = plots.tornado(SOBOL, arm="none", top=2)
    assert ends(sobol) == pytest.approx([0.64, 1.04, 0.32, 0.52])
    assert "The first 2 of 3 parameters." in written(sobol)


def test_a_ranking_is_sorted_and_tells_cut_from_added() -> None:
    ax = plots.line_ranking(LINES.reverse(), top=3)
    names = LINES["line"].to_list()[:3]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == names
    assert [xs(line(ax, name))[0] for name in names] == [30, 18, 6]
    assert [line(ax, name).get_marker() for name in names] == ["o", "^", "o"]
    assert "The first 3 of 4 lines." in written(ax)


def test_arms_differ_without_colour() -> None:
    """In dash and mark, or in mark and whether it is filled; a printer that knows no colour shows both."""
    many = list(looks([f"arm {n}" for n in range(MOST_ARMS)]).values())
    assert len({(each.marker, each.face == "#ffffff") for each in many}) == MOST_ARMS
    first = many[: MOST_ARMS // 2]
    assert len({str(each.dash) for each in first}) == len({each.marker for each in first}) == len(first)
    assert len({(each.colour, str(each.dash)) for each in many}) == MOST_ARMS
    with pytest.raises(ValueError, match="15 arms cannot be told apart"):
        looks([f"arm {n}" for n in range(MOST_ARMS + 1)])


@pytest.mark.parametrize("mathematical", [True, False])
def test_text_of_a_scenario_is_shown_as_it_is(mathematical: bool) -> None:
    """Also on Axes that were made where `$` is markup."""
    names = dict(zip(("none", "lines", "both"), ODD, strict=True))
    odd = pl.col("arm").replace(names)
    with mpl.rc_context({"text.parse_math": mathematical}):
        given = [plt.subplots()[1] for _ in range(4)]
    changes = DIFFERENCES.with_columns(odd, reference=pl.lit(ODD[0]))
    drawn = [
        plots.exceedance(RISK.with_columns(odd), given[0]),
        plots.forest(changes, ax=given[1]),
        plots.heat_map(CHANGES.with_columns(odd, reference=pl.lit(ODD[0])), REPLY, EVERY, ax=given[2]),
        plots.dose_response(of(POINTS, EVERY, "never").with_columns(odd), REPLY, ax=given[3]),
    ]
    seen = ["$x_1^2$", "_<b>\\alpha</b> & %s", "ש\\u200fם {0}"]
    for ax, wanted in zip(drawn, (seen, seen, seen[::2], seen), strict=True):
        found = texts(ax)  # drawn: a warning about a letter without a glyph would be an error
        for each in wanted:
            holders = [text for text in found if each in text.get_text().replace("\n", " ")]
            assert holders, each
            assert not any(text.get_parse_math() or text.get_usetex() for text in holders)


def test_what_cannot_be_drawn_is_said() -> None:
    several = POINTS.with_columns(pl.lit(0.1).alias("compensated"))
    wrong: list[tuple[Callable[[], Axes], str]] = [
        (lambda: plots.exceedance(several), "9 design points; choose one"),
        (lambda: plots.forest(RISK), "no column reference"),
        (lambda: plots.forest(DIFFERENCES, 7), "no rung 7; there are 8"),
        (lambda: plots.escalation_curves(RISK), "wanted is batch.curves"),
        (lambda: plots.exceedance(RISK.clear()), "no rows"),
        (lambda: plots.exceedance(RISK.drop("compensated"), compensated=True), "no column compensated"),
        (lambda: plots.dose_response(POINTS, "kappa"), f"no factor 'kappa'; there are {REPLY}".replace("*", r"\*")),
        (lambda: plots.dose_response(POINTS, REPLY), "more than"),
        (lambda: plots.dose_response(RISK, REPLY), "varies nothing"),
        (lambda: plots.dose_response(of(POINTS, REPLY, "6 h"), EVERY, log=True), "no log axis"),
        (lambda: plots.scatter(POINTS, EVERY, log=True), "no log axis"),
        (lambda: plots.scatter(RISK, REPLY), "varies nothing"),
        (lambda: plots.heat_map(POINTS, REPLY, REPLY), "twice"),
        (lambda: plots.heat_map(POINTS, REPLY, EVERY, arm="all"), "no arm 'all'"),
        (lambda: plots.heat_map(POINTS.filter(pl.col("point") % 4 == 0), REPLY, EVERY), "no grid"),
        (lambda: plots.ensemble_ranges(RISK), "no column output"),
        (lambda: plots.ensemble_ranges(ENSEMBLE, 7), "no rung 7; there are 4, 8"),
        (lambda: plots.ensemble_ranges(ENSEMBLE.filter(pl.col("output") == "risk")), "no rows"),
        (lambda: plots.ensemble_ranges(ENSEMBLE.with_columns(median=pl.lit(None, pl.Float64))), "nothing to draw"),
        (lambda: plots.tornado(RISK), "no column output"),
        (lambda: plots.tornado(MORRIS, arm="both"), "no arm 'both'"),
        (lambda: plots.tornado(SOBOL.with_columns(total=pl.lit(None, pl.Float64))), "same at every design point"),
        (lambda: plots.line_ranking(LINES, top=0), "top: 0"),
        (lambda: plots.line_ranking(LINES, compensated=True), "no column compensated_per_1000"),
    ]  # fmt: skip
    for draw, told in wrong:
        with pytest.raises(ValueError, match=told):
            draw()
    assert not plt.get_fignums()
    with pytest.raises(TypeError, match=r"pl\.from_pandas"):
        plots.exceedance({"arm": ["none"]})  # type: ignore[arg-type]


def test_numbers_have_no_needless_decimals() -> None:
    assert [words.percent(share) for share in (0.1, 0.07, 0.005, 0.0, -0.1)] == ["10 %", "7 %", "0.5 %", "0 %", "−10 %"]
    assert [words.signed(value) for value in (1.25, -0.04, -3.0)] == ["+1.2", "0.0", "−3.0"]
    assert [words.probability(p) for p in (0.0004, 0.012, 0.5, None)] == ["< 0.001", "0.012", "0.50", ""]


def test_tables_of_a_batch_can_be_drawn() -> None:
    """The columns are those that batches have."""
    vary = {REPLY: ["6 h", "4 days"], "model.kappa": [0.3, 0.7]}
    batch = sc.run_batch(sc.load("belgrade_2015"), 4, seed=1, arms=["none", "both"], vary=vary, workers=1)
    one = pl.col("point") == 0
    plots.exceedance(batch.risk.filter(one), log=True, compensated=True)
    plots.forest(batch.differences.filter(one), 4, compensated=True)
    plots.escalation_curves(batch.curves.filter(one), 4)
    plots.mean_rung(batch.curves.filter(one))
    assert "below rung 5" in plots.survival(batch.survival(5)).get_title(loc="left")
    plots.dose_response(batch.risk.filter(pl.col("model.kappa") == 0.3), REPLY, 4)
    plots.heat_map(batch.differences, "model.kappa", REPLY, 4)
    over = sc.run_batch(sc.load("belgrade_2015"), 4, seed=1, arms=["none", "both"], ensemble=2, workers=1)
    assert over.ensemble is not None
    plots.ensemble_ranges(over.ensemble, 4)


def test_the_gallery_shows_every_plot_and_the_call_that_made_it() -> None:
    shown = (*gallery.PICTURES, *gallery.FILMS)
    assert {picture.__name__ for picture in shown} == {*plots.__all__} - {"style"}
    page = (gallery.DOCS / "gallery.md").read_text(encoding="utf-8")
    for picture in gallery.PICTURES:
        assert gallery.section(picture) in page, "run python -m tests.gallery"
        assert 0 < (gallery.DOCS / gallery.FOLDER / f"{picture.__name__}.png").stat().st_size < 80_000
    for film in gallery.FILMS:
        assert gallery.section(film) in page, "run python -m tests.gallery"
        assert 0 < (gallery.DOCS / gallery.FOLDER / f"{film.__name__}.gif").stat().st_size < 1_000_000
