"""Plots of single runs, of the network and of the map: that they show what the tables say, and look as they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import combinations
from math import cos, radians
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images
from matplotlib.text import Annotation, Text

import simcrisis
from simcrisis.batch.network import network_tables
from simcrisis.batch.parting import first_difference
from simcrisis.batch.run import Run
from simcrisis.catalogue import participating_states, partners, real_states
from simcrisis.plots import beliefs, capitals_map, mirrored, network, queue_load, timeline
from simcrisis.plots.globe import CENTRE, Point, equal_area
from simcrisis.plots.lanes import Lane, Level, lanes_of
from simcrisis.plots.places import set_labels
from simcrisis.plots.records import Step, free_rows, highest_rungs, one_run
from simcrisis.scenario import Scenario
from simcrisis.scenario.lines import lines_of

SCENARIOS = Path(__file__).parent.parent / "scenarios"
BASELINES = Path(__file__).parent / "baseline_runs"
_TOLERANCE = 2.0
"""Root mean square of the differences of pixels (0 to 255)."""
DRAWN_WITH = BASELINES / "matplotlib.txt"
"""The release with which the pictures were drawn. Another sets letters otherwise, and all that gives way to them."""


def release() -> str:
    """Return the release of matplotlib, without its patch."""
    return ".".join(mpl.__version__.split(".")[:2])


@cache
def _scenario(name: str) -> Scenario:
    return simcrisis.load(SCENARIOS / f"{name}.yaml")


@cache
def _run(name: str = "belgrade_2015", arm: str = "both") -> Run:
    return simcrisis.run(_scenario(name), arm=arm, replication=3)


def _grid_out(**named: Any) -> Axes:
    tables, run = network_tables(_scenario("energy_grid"), "both"), _run("energy_grid", "both")
    return network(*tables, events=run.events, hour=21.0, **named)


PICTURES: dict[str, Callable[..., Axes]] = {
    "timeline": lambda **named: timeline(_run().events, _run().decisions, **named),
    "beliefs": lambda **named: beliefs(_run().events, _run().decisions, **named),
    "queue_load": lambda **named: queue_load(_run().events, **named),
    "mirrored": lambda **named: mirrored(_run(arm="none").events, _run().events, **named),
    "network": _grid_out,
    "capitals_map": lambda **named: capitals_map(marked=("AUT", "MNG"), **named),
}


def written(name: str, path: Path) -> None:
    """Write a picture."""
    PICTURES[name]().figure.savefig(path, dpi=55, metadata={"Software": None})  # type: ignore[union-attr]
    plt.close("all")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.skipif(release() != DRAWN_WITH.read_text().strip(), reason="drawn with another release of matplotlib")
@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(name: str, tmp_path: Path) -> None:
    written(name, tmp_path / f"{name}.png")
    differs = compare_images(str(BASELINES / f"{name}.png"), str(tmp_path / f"{name}.png"), tol=_TOLERANCE)
    assert differs is None, f"{differs}\nif it is meant to: python -m tests.baseline_runs"


@pytest.mark.parametrize("name", PICTURES)
def test_the_title_is_clear_of_the_legend(name: str) -> None:
    ax = PICTURES[name]()
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    titles = [title for title in (ax.title, ax._left_title) if title.get_text()]  # type: ignore[attr-defined]
    legends = [legend for legend in (ax.get_legend(), *figure.legends) if legend is not None]
    assert titles
    for legend in legends:
        assert not any(legend.get_window_extent().overlaps(title.get_window_extent()) for title in titles)


@pytest.mark.parametrize("name", PICTURES)
def test_axes_given_are_used_and_no_setting_is_changed(name: str) -> None:
    before = dict(mpl.rcParams)
    ax = Figure(figsize=(9, 6)).subplots()
    assert PICTURES[name](ax=ax) is ax
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def _texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if isinstance(text, Text) and text.get_text()]


def _log(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return a log made by hand; `seq` counts from 0."""
    empty: dict[str, Any] = dict.fromkeys(
        ("actor", "counterpart", "line", "incident", "case", "cause_seq", "value", "detail")
    )
    return pl.DataFrame([{"arm": "a_b", "replication": 0, "seq": n, **empty, **row} for n, row in enumerate(rows)])


ASKED = _log(
    {"hour": 1.0, "kind": "strike", "counterpart": "$x$", "incident": "a_b$c$", "actor": "_y"},
    {"hour": 2.0, "kind": "case_opened", "actor": "$x$", "counterpart": "_y", "case": 0, "value": 0.0, "cause_seq": 0,
     "incident": "a_b$c$"},
    {"hour": 2.0, "kind": "inquiry", "actor": "$x$", "counterpart": "_y", "case": 0, "cause_seq": 1},
    {"hour": 2.0, "kind": "technical_request", "actor": "$x$", "counterpart": "_y", "case": 0, "cause_seq": 1},
    {"hour": 5.0, "kind": "inquiry_read", "actor": "_y", "counterpart": "$x$", "case": 0, "cause_seq": 2},
    {"hour": 6.0, "kind": "technical_silence", "actor": "$x$", "counterpart": "_y", "case": 0, "cause_seq": 3,
     "value": 0.2},
    {"hour": 7.0, "kind": "reply_sent", "actor": "_y", "counterpart": "$x$", "case": 0, "cause_seq": 4},
    {"hour": 9.0, "kind": "assurance", "actor": "_y", "counterpart": "$x$", "case": 0, "cause_seq": 6, "value": -1.0},
    {"hour": 10.0, "kind": "decision", "actor": "$x$", "counterpart": "_y", "case": 0, "cause_seq": 7, "value": 4.0},
    {"hour": 10.0, "kind": "act", "actor": "$x$", "counterpart": "_y", "case": 0, "cause_seq": 8, "value": 4.0},
    {"hour": 10.0, "kind": "rung", "actor": "$x$", "counterpart": "_y", "cause_seq": 9, "value": 4.0},
)  # fmt: skip
DECIDED = pl.DataFrame({"seq": [8], "about": ["_y"], "belief": [0.31], "culpable": [True]})


def test_messages_run_from_who_sends_to_who_receives() -> None:
    drawn = lanes_of(one_run(ASKED), {8: 0.31}, 6, 100)
    desk_x, desk_y = Lane("$x$", Level.DESK), Lane("_y", Level.DESK)
    cert_x, cert_y = Lane("$x$", Level.CERT), Lane("_y", Level.CERT)
    leaders = [Lane(state, Level.LEADERS) for state in ("$x$", "_y")]
    assert {(arrow.sort, arrow.left, arrow.sender, arrow.arrived, arrow.receiver) for arrow in drawn.arrows} == {
        ("inquiry", 2.0, desk_x, 5.0, desk_y),
        ("reply", 7.0, desk_y, 9.0, desk_x),
        ("request", 2.0, cert_x, 2.0, cert_y),
        ("silence", 2.0, cert_y, 6.0, cert_x),
        ("act", 10.0, leaders[0], 10.0, leaders[1]),
    }
    assert [(mark.rung, mark.belief) for mark in drawn.marks] == [(4, 0.31)]
    assert (drawn.drawn, drawn.records) == (10, 11)  # all but the opening of the case


def test_only_silence_is_broken() -> None:
    ax = timeline(ASKED, DECIDED)
    arrows = [each.arrow_patch for each in ax.texts if isinstance(each, Annotation) and each.arrow_patch is not None]
    dashes = [arrow.get_linestyle() for arrow in arrows]
    assert len(arrows) == 5
    assert sum(dash not in {"-", "solid"} for dash in dashes) == 1
    assert {"4", "31 %"} <= set(_texts(ax))
    assert "10 of 11 records drawn" in ax.get_xlabel()


def test_what_is_too_much_is_left_out_and_counted() -> None:
    run = _run()
    whole, thinned = (lanes_of(one_run(run.events), {}, 6, most) for most in (250, 40))
    assert len(thinned.arrows) + len(thinned.marks) <= 40 < len(whole.arrows) + len(whole.marks)
    assert thinned.drawn < whole.drawn < whole.records == run.events.height
    assert {"act", "silence"} <= {arrow.sort for arrow in thinned.arrows}
    label = timeline(run.events, ax=Figure().subplots(), states=2, hours=(300.0, 500.0)).get_xlabel()
    within = run.events.filter(pl.col("hour").is_between(300.0, 500.0)).height
    assert f"of {within} records drawn" in label


def test_the_busiest_states_are_those_with_most_between_them() -> None:
    assert lanes_of(one_run(_run().events), {}, 2, 250).states == ("Corvania", "Dunmere")


def test_the_highest_rung_is_that_of_any_dyad() -> None:
    changes = ((0.0, "A", "B", 2.0), (5.0, "B", "C", 6.0), (7.0, "A", "B", 3.0), (9.0, "C", "B", 1.0))
    rows = [{"hour": hour, "kind": "rung", "actor": a, "counterpart": b, "value": to} for hour, a, b, to in changes]
    assert list(highest_rungs(rows)) == [Step(0.0, 2.0), Step(5.0, 6.0), Step(9.0, 3.0)]
    assert list(highest_rungs([])) == [Step(0.0, 0.0)]


def test_names_are_shown_as_text() -> None:
    hidden = ASKED.with_columns(pl.col("incident").str.replace("c", "\u200f\u202ec"))
    draws: tuple[Callable[[Axes], Axes], ...] = (
        lambda ax: timeline(hidden, DECIDED, ax),
        lambda ax: beliefs(hidden, DECIDED, ax),
        lambda ax: queue_load(hidden, ax),
        lambda ax: mirrored(hidden, hidden, ax),
    )
    for draw in draws:
        ax = draw(Figure().subplots())
        texts = [text for text in ax.findobj(Text) if isinstance(text, Text) and text.get_text()]
        assert any("$x$" in text.get_text() or "a_b" in text.get_text() for text in texts)
        assert not [text.get_text() for text in texts if "$" in text.get_text() and text.get_parse_math()]
        assert not [text.get_text() for text in texts if not text.get_text().replace("\n", "").isprintable()]


def test_beliefs_are_those_of_the_log_and_the_truth_is_marked() -> None:
    ax = beliefs(ASKED, DECIDED)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["$x$ about _y\na_b$c$"]
    track = next(line for line in ax.lines if line.get_linestyle() == ":")
    assert np.asarray(track.get_xdata()) == pytest.approx([2.0, 10.0])
    assert np.asarray(track.get_ydata()) / 0.78 == pytest.approx([0.5, 0.31])
    assert to_hex(track.get_color()) == "#d55e00"
    innocent = beliefs(ASKED, DECIDED.with_columns(culpable=pl.lit(False)))
    track = next(line for line in innocent.lines if line.get_linestyle() == ":")
    assert to_hex(track.get_color()) == "#0072b2"


def test_every_decision_about_a_suspect_is_in_the_beliefs() -> None:
    run = _run()
    told = [f"{100 * belief:.0f} %" for belief in run.decisions["belief"]]
    texts = _texts(beliefs(run.events, run.decisions))
    assert sorted(text for text in texts if text.endswith(" %") and len(text) < 6) == sorted(told)
    assert "further suspects are not drawn" in beliefs(run.events, run.decisions, most=3).get_xlabel()


def test_queues_count_what_waits() -> None:
    from simcrisis.plots.queues import Wait, _steps, _waits

    assert list(_waits(one_run(ASKED))) == [Wait("_y", True, 2.0, 7.0), Wait("_y", False, 2.0, 6.0)]
    waits = [Wait("A", True, 0.0, 5.0), Wait("A", True, 2.0, 3.0), Wait("A", True, 4.0, 4.0)]
    assert list(_steps(waits)) == [Step(0.0, 1.0), Step(2.0, 2.0), Step(3.0, 1.0), Step(5.0, 0.0)]


@pytest.mark.parametrize("arms", list(combinations(("none", "cbm2", "both"), 2)))
def test_the_first_difference_is_where_the_logs_part(arms: tuple[str, str]) -> None:
    left, right = (_run(arm=arm) for arm in arms)
    parted = first_difference((left.world, right.world), (left.log, right.log))
    assert parted is not None
    ax = mirrored(left.events, right.events)
    mark = next(each for each in ax.texts if isinstance(each, Annotation) and each.get_text() == "first difference")
    assert mark.xy[0] == pytest.approx(parted.at / 3_600_000)
    assert f"part {parted.at / 3_600_000:,.1f} h" in ax.get_xlabel()


def test_the_earlier_of_two_records_is_the_first_difference() -> None:
    later = ASKED.with_columns(hour=pl.when(pl.col("seq") == 5).then(6.5).otherwise("hour"))
    for left, right in ((ASKED, later), (later, ASKED)):
        assert "part 6.0 h" in mirrored(left, right).get_xlabel()
    assert "part 10.0 h" in mirrored(ASKED, ASKED.head(8)).get_xlabel()


def test_two_runs_that_never_differ_have_no_mark() -> None:
    ax = mirrored(_run().events, _run().events)
    assert "never differ" in ax.get_xlabel()
    assert "first difference" not in _texts(ax)
    other = simcrisis.run(_scenario("belgrade_2015"), arm="both", replication=4)
    with pytest.raises(ValueError, match="different replications: 3, 4"):
        mirrored(_run().events, other.events)


@pytest.mark.parametrize("draw", [timeline, queue_load])
def test_several_runs_are_not_one(draw: Callable[[pl.DataFrame], Axes]) -> None:
    two = pl.concat([ASKED, ASKED.with_columns(replication=pl.lit(1).cast(pl.Int64))])
    with pytest.raises(ValueError, match=r"several runs; choose one, such as .*pl.col\('replication'\) == 0"):
        draw(two)
    with pytest.raises(ValueError, match="no rows"):
        draw(ASKED.clear())


def test_network_tables_hold_every_line() -> None:
    scenario = _scenario("osce_wide")
    arm = list(scenario.arms)[-1]
    nodes, lines = network_tables(scenario, arm)
    stands = scenario.under(arm)
    names = {word: state.name or word for word, state in stands.states.items()}
    expected = {(line.name, str(line.kind), names[line.a], names[line.b]) for line in lines_of(stands, arm)}
    assert set(lines.filter(pl.col("kind") != "membership").select("name", "kind", "a", "b").rows()) == expected
    assert set(lines["a"]) | set(lines["b"]) == set(nodes["name"])
    assert nodes.filter(pl.col("kind") == "state").select(pl.col("lat", "lon").is_null().any()).row(0) == (False, False)
    assert set(_run("osce_wide", arm).events["actor"].drop_nulls()) <= set(nodes["name"])


def _broken(ax: Axes) -> int:
    return sum(line.get_marker() == "x" for line in ax.lines)


def test_lines_break_while_what_they_ride_on_is_out() -> None:
    nodes, lines = network_tables(_scenario("energy_grid"), "both")
    events = _run("energy_grid", "both").events
    riding = lines.filter(pl.col("rides_on").is_not_null() & ~pl.col("protected"))
    out = events.filter(pl.col("hour") <= 21.0, pl.col("kind") == "sector_down").select("actor", "detail").rows()
    expected = sum((row[end], row["rides_on"]) in out for row in riding.to_dicts() for end in ("a", "b"))
    assert _broken(_grid_out()) == expected > 0
    assert [_broken(network(nodes, lines, events=events, hour=hour)) for hour in (19.0, 60.0)] == [0, 0]
    assert "Halvania (energy, telecom out)" in _texts(_grid_out())
    sheltered = lines.with_columns(protected=pl.lit(True))
    assert _broken(network(nodes, sheltered, events=events, hour=21.0)) == 0
    with pytest.raises(ValueError, match="give the hour"):
        network(nodes, lines, events=events)


def test_a_kind_that_joins_everybody_is_said_and_not_drawn() -> None:
    scenario = _scenario("osce_wide")
    nodes, lines = network_tables(scenario, list(scenario.arms)[-1])
    ax = network(nodes, lines, by="geography", ax=Figure(figsize=(9, 6)).subplots())
    assert len(ax.collections) == 1  # memberships
    assert "1,596 technical" in " ".join(_texts(ax))
    but_one = [kind for kind in lines["kind"].unique() if kind != "technical"]
    asked_for = network(nodes, lines, leave_out=but_one, ax=Figure().subplots())
    assert sum(len(each.get_paths()) for each in asked_for.collections) == 57 * 56 / 2


def test_without_coordinates_there_is_no_geography() -> None:
    with pytest.raises(ValueError, match="without: Alderland, Brevia"):
        network(*network_tables(_scenario("belgrade_2015"), "both"), by="geography")


def test_the_map_shows_every_state_once_and_tells_partners_apart() -> None:
    ax = capitals_map(ax=Figure(figsize=(11, 5.7)).subplots())
    codes = [text for text in _texts(ax) if len(text) == 3 and text.isupper()]
    assert sorted(codes) == sorted(state.iso3 for state in real_states())
    told = " ".join(_texts(ax))
    assert f"participating States ({len(participating_states())})" in told
    assert all(f"{kind} Partners for Co-operation" in told for kind in ("Asian", "Mediterranean"))
    with pytest.raises(ValueError, match="has the code XYZ"):
        capitals_map(partners(), marked=("XYZ", "JPN"))


def test_codes_on_the_map_do_not_overlap() -> None:
    figure = plt.figure(figsize=(11, 5.7), layout="constrained")
    ax = capitals_map(ax=figure.subplots())
    figure.canvas.draw()
    for panel in ax.child_axes:
        boxes = {
            each.get_text(): Text.get_window_extent(each).shrunk(0.9, 0.8)
            for each in panel.texts
            if isinstance(each, Annotation)
        }
        assert not [pair for pair in combinations(boxes, 2) if boxes[pair[0]].overlaps(boxes[pair[1]])]


def test_letters_of_a_label_are_whole_wherever_it_stands() -> None:
    """`LIE` has only level and upright strokes: these went missing, or did not, with where they fell between pixels."""
    inks = []
    for n in range(12):
        figure = Figure(figsize=(1, 1), dpi=110)
        ax = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
        ax.set_axis_off()
        set_labels(ax, ["LIE"], [Point(0.3, 0.5 + n / 1200)], 7.0, 2.3)
        figure.savefig(picture := BytesIO())
        picture.seek(0)
        inks.append(float((1 - plt.imread(picture)[..., 0]).sum()))
    assert min(inks) > 0.9 * max(inks)


@pytest.mark.parametrize("place", [(10.0, -70.0), (48.0, 16.0), (-30.0, 140.0), (89.0, 0.0)])
def test_the_projection_keeps_areas(place: tuple[float, float]) -> None:
    lat, lon = place
    d = 1e-4
    (x0, y0), (x1, y1), (x2, y2) = equal_area(lat, lon), equal_area(lat + d, lon), equal_area(lat, lon + d)
    area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
    assert area / (radians(d) ** 2 * cos(radians(lat))) == pytest.approx(1.0, rel=1e-3)
    assert equal_area(*CENTRE) == pytest.approx((0.0, 0.0))


@pytest.mark.parametrize("state", real_states(), ids=lambda state: state.iso3)
def test_capitals_lie_where_their_clocks_say(state: Any) -> None:
    offset = datetime(2026, 1, 15, tzinfo=UTC).astimezone(ZoneInfo(state.zone)).utcoffset()
    assert offset is not None
    south = state.capital_lat < 0.0  # summer time in January
    assert abs(offset.total_seconds() / 3600.0 - south - state.capital_lon / 15.0) < 2.0
    assert -60.0 < state.capital_lat < 75.0


def test_labels_in_rows_do_not_run_into_each_other() -> None:
    assert free_rows([0.0, 1.0, 2.0, 10.0], [5.0, 5.0, 5.0, 1.0], 2) == [0, 1, None, 0]
