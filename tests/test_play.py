"""A run that is played: that what is seen is what the log says, when it says so; films; the page; the command."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import warnings
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import inf
from pathlib import Path

import polars as pl
import pytest
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch.network import network_tables
from simcrisis.cli.app import app
from simcrisis.plots.film import as_gif, pixels
from simcrisis.plots.play import Play, play_of
from simcrisis.plots.played import Film, at_hour, played
from simcrisis.plots.telling import MOST_TOLD
from simcrisis.report.player import SCRIPT, player, player_page
from simcrisis.report.timeline import captions
from tests.test_report import Elements

HOSTILE = "<!--<script>alert(1)<img src=x onerror=alert(2)> {{ 7+7 }} $x_1$ &amp;"
TITLE = f"</script></title>{HOSTILE}\u202eabc"


@cache
def _run(name: str = "belgrade_2015", arm: str = "both", replication: int = 3) -> sc.Run:
    return sc.run(sc.load(name), arm, 1, replication)


@cache
def _play(name: str = "belgrade_2015", arm: str = "both", replication: int = 3) -> Play:
    run = _run(name, arm, replication)
    return play_of(*network_tables(run.scenario, arm), run.events, captions(run))


@cache
def _hostile() -> sc.Run:
    known = dict(sc.load("belgrade_2015").data)
    incidents = [{**each, "name": f"{HOSTILE} {n}"} for n, each in enumerate(known["incidents"])]
    scenario = sc.load({**known, "title": TITLE, "incidents": incidents})
    return sc.run(scenario.with_({"states.Alderland.name": HOSTILE}), "both", 1, 3)


def _rows(run: sc.Run, *kinds: str) -> list[dict[str, object]]:
    return run.events.filter(pl.col("kind").cast(pl.String).is_in(kinds)).to_dicts()


def test_an_inquiry_is_under_way_until_it_is_read() -> None:
    play, run = _play(), _run()
    hours = dict(run.events.select("seq", "hour").iter_rows())
    read = {row["cause_seq"]: row for row in _rows(run, "inquiry_read")}
    late = [each for each in play.messages if each.arrow.sort == "inquiry" and len(each.seqs) == 2]
    assert len(late) == len(read) > 5
    for each in late:
        sent, arrived = each.seqs
        assert (each.arrow.left, each.arrow.arrived) == (hours[sent], hours[arrived])
        assert play.clock.hour(each.seen.start) == pytest.approx(hours[sent])
        assert each.seen.end == max(play.clock.at[arrived], each.seen.start + 0.9)
        assert each.seen.holds(play.clock.at[arrived] - 1e-6)
        assert not each.seen.holds(each.seen.end)
    exact = [each for each in late if play.clock.hour(each.seen.end) == pytest.approx(each.arrow.arrived)]
    assert max(each.arrow.arrived - each.arrow.left for each in exact) > 24.0


def test_a_silence_is_seen_when_patience_ends_and_not_before() -> None:
    play, run = _play(), _run()
    silent = [each for each in play.messages if each.arrow.sort == "silence"]
    ends = {row["seq"]: row["hour"] for row in _rows(run, "silence", "technical_silence")}
    assert {each.seqs[-1] for each in silent} == set(ends)
    for each in silent:
        assert play.clock.hour(each.seen.start) == pytest.approx(ends[each.seqs[-1]])
        assert each.seen.end - each.seen.start >= 1.5


@pytest.mark.parametrize(
    ("name", "arm"), [("hotline_down", "hotlines"), ("energy_grid", "both"), ("energy_grid", "protected")]
)
def test_a_line_is_broken_exactly_while_its_sector_is_out(name: str, arm: str) -> None:
    play, run = _play(name, arm), _run(name, arm)
    lines = {(row["kind"], row["a"], row["b"]): row for row in network_tables(run.scenario, arm).lines.to_dicts()}
    assert any(wire.broken for wire in play.wires) or arm == "protected"
    for wire in play.wires:
        line = lines[wire.kind, *wire.ends]
        out: set[tuple[object, object]] = set()
        for row in _rows(run, "sector_down", "sector_up"):
            (out.add if row["kind"] == "sector_down" else out.discard)((row["actor"], row["detail"]))
            second = play.clock.at[row["seq"]] + 1e-6  # type: ignore[index]
            expected = not line["protected"] and any((line[end], line["rides_on"]) in out for end in "ab")
            assert any(span.holds(second) for span in wire.broken) == expected, (wire, row)


def test_decisions_follow_each_other_and_carry_their_rung() -> None:
    play, run = _play(), _run()
    signs = sorted((sign for sign in play.signs if sign.sort == "decision"), key=lambda sign: sign.seqs)
    taken = _rows(run, "decision")
    assert [sign.seqs[0] for sign in signs] == [row["seq"] for row in taken]
    assert [(sign.states[0], sign.rung) for sign in signs] == [(row["actor"], row["value"]) for row in taken]
    assert [sign.faint for sign in signs] == [row["detail"] == "private" for row in taken]
    for state in {sign.states[0] for sign in signs}:
        mine = [sign.seen for sign in signs if sign.states[0] == state]
        assert all(one.end == after.start for one, after in pairwise(mine))
        assert mine[-1].end == inf


def test_everything_seen_traces_to_its_records() -> None:
    for key in (("belgrade_2015", "both", 3), ("hotline_down", "hotlines", 3), ("sixteen_measures", "all", 1)):
        play, run = _play(*key), _run(*key)
        kinds = dict(run.events.with_columns(pl.col("kind").cast(pl.String)).select("seq", "kind").iter_rows())
        of = {"decision": "decision", "dyad": "rung", "incident": "strike", "outage": "sector_down"}
        assert {kinds[sign.seqs[0]] for sign in play.signs} <= set(of.values())
        assert all(kinds[sign.seqs[0]] == of[sign.sort] for sign in play.signs)
        for wanted in ("decision", "strike", "sector_down"):
            rows = [seq for seq, kind in kinds.items() if kind == wanted]
            assert len(rows) == sum(kinds[sign.seqs[0]] == wanted for sign in play.signs)
        assert all(each.seqs and set(each.seqs) <= kinds.keys() for each in play.messages)
        assert all(bool(wire.seqs) == bool(wire.broken) for wire in play.wires)
        assert all(caption.seq in kinds for caption in play.told)


def test_the_clock_is_never_late_and_stops_for_what_is_told() -> None:
    play, run = _play(), _run()
    seconds = [play.clock.at[seq] for seq in run.events["seq"]]
    assert seconds == sorted(seconds)
    for seq, hour in run.events.select("seq", "hour").iter_rows():
        assert play.clock.hour(play.clock.at[seq]) == pytest.approx(hour)
    assert 20 <= play.clock.length <= 40.1
    assert 0 < len(play.told) <= MOST_TOLD
    for caption in play.told:
        assert play.clock.hour(caption.second) == play.clock.hour(caption.second + 1.9)
    assert all(after.second - one.second >= 2.0 - 1e-9 for one, after in pairwise(play.told))
    gravest = max(_rows(run, "act"), key=lambda row: row["value"])  # type: ignore[arg-type, return-value]
    assert gravest["seq"] in {caption.seq for caption in play.told}
    assert play.still == play.clock.at[gravest["seq"]]


def test_what_is_not_drawn_is_said() -> None:
    assert _play().left_out == "Not drawn: 6 diplomatic lines."
    wide = _play("osce_wide", "sixteen", 4)
    assert "1,596 policy lines" in wide.left_out
    assert len(wide.nodes) == 58


def test_no_run_several_runs_and_strangers_are_refused() -> None:
    run = _run()
    nodes, lines = network_tables(run.scenario, "both")
    with pytest.raises(ValueError, match="no rows"):
        played(nodes, lines, run.events.clear())
    with pytest.raises(ValueError, match="several runs"):
        played(nodes, lines, pl.concat([run.events, run.events.with_columns(replication=pl.lit(9, pl.Int64))]))
    with pytest.raises(ValueError, match="States that the network has not: Tarnholm"):
        played(nodes, lines, _run("hotline_down", "hotlines").events)
    with pytest.raises(ValueError, match="needs coordinates"):
        played(nodes, lines, run.events, by="geography")


def _film(run: sc.Run, records: int = 10**6) -> Film:
    tables = network_tables(run.scenario, run.arm)
    return played(*tables, run.events.head(records), captions(run), start=run.scenario.start, frames_per_second=1)


def test_a_film_lasts_as_long_as_its_clock_and_has_the_same_bytes_again() -> None:
    run = _run("hotline_down", "hotlines", 4)
    first = as_gif(_film(run, 3), 1)
    shown = _film(run, 3)._repr_html_()
    assert base64.b64encode(first).decode() in shown
    image = Image.open(BytesIO(first))
    lasts = 0
    for n in range(getattr(image, "n_frames", 1)):
        image.seek(n)
        lasts += image.info["duration"]
    length = play_of(*network_tables(run.scenario, "hotlines"), run.events.head(3)).clock.length
    assert lasts / 1000 == pytest.approx(length, abs=1.01)
    assert image.size == (960, 720)


def test_a_film_shows_names_as_they_are() -> None:
    film = _film(_hostile())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a film that nobody has drawn
        figure: Figure = film._fig  # type: ignore[attr-defined]
        for frame in range(0, 40, 8):
            film._func(frame)  # type: ignore[attr-defined]
            assert pixels(figure).shape == (720, 960, 4)
        del film


def test_the_moment_in_words() -> None:
    start = sc.load("belgrade_2015").start
    assert at_hour(37.0, None) == "Day 2, hour 37"
    assert at_hour(37.0, start) == "Day 2, hour 37 · Tue 03 Mar 2026 21:00 UTC+01:00"


def test_the_still_of_a_page_is_the_run_at_its_peak() -> None:
    run, play = _run(), _play()
    made = player(run)
    assert made.drawing.messages
    for shape, carried in zip(made.drawing.messages, play.messages, strict=True):
        assert shape.seqs == " ".join(map(str, carried.seqs))
        start, end = map(int, shape.on.split())
        assert shape.seen == (start <= made.still < end)
    assert "rung 7" in made.said
    assert made.said in captions(run).values()
    assert made.data["entries"][-1][0] <= made.last
    for tick, words, _ in made.data["entries"]:
        second = next(play.clock.at[seq] for seq, text in captions(run).items() if text == words)
        assert 0 <= tick - 10 * second + 1e-6 < 1, words
    share, when, _ = made.data["ticks"]["places"][made.still]
    assert made.data["ticks"]["whens"][when] == made.when
    assert 0.0 < share < 1.0


def test_a_page_runs_our_script_and_no_other() -> None:
    text = player_page(_hostile())
    found = Elements(text)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert found.tags.count("script") == len(scripts) == 2
    (kind, data), (no_kind, ours) = scripts
    assert 'type="application/json"' in kind
    assert (no_kind, ours) == ("", SCRIPT)
    policy = next(value for _, name, value in found.attributes if name == "content" and "default-src" in value)
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(ours.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"script-src[^;]*unsafe", policy)
    assert not set("<>&\u2028\u2029\u202e") & set(data)
    assert any(HOSTILE in words for _, words, _ in json.loads(data)["entries"])


def test_nothing_of_a_page_is_fetched_or_taken_for_markup() -> None:
    found = Elements(player_page(_hostile()))
    assert not {"img", "b2", "link", "iframe", "image", "use", "foreignobject", "a"} & set(found.tags)
    assert not [(tag, name) for tag, name, _ in found.attributes if name.startswith("on") or name.endswith("href")]
    assert not [value for _, name, value in found.attributes if name in {"src", "action", "srcset"}]
    assert " ".join(found.texts).count("<!--<script>") >= 2
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval|fetch|http|import|setAttribute\(.on", SCRIPT)


def test_a_page_of_57_states_is_of_a_reasonable_size() -> None:
    assert len(player_page(_run("osce_wide", "sixteen", 4)).encode()) < 300_000


def test_the_same_page_again() -> None:
    assert player_page(_run()) == player_page(sc.run(sc.load("belgrade_2015"), "both", 1, 3))


def _told(*words: str) -> tuple[int, list[str]]:
    told = CliRunner().invoke(app, ["play", *words])
    assert "Traceback" not in told.stderr
    return told.exit_code, told.stderr.splitlines()


def test_command_writes_a_page_and_a_film(tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    assert _told("belgrade_2015", "--arm", "both", "--replication", "3", "--out", str(page)) == (
        0,
        ["drawing", f"the run is {page}"],
    )
    assert page.read_text(encoding="utf-8") == player_page(_run())
    film = tmp_path / "run.gif"
    assert _told("hotline_down", "--frames", "1", "--out", str(film), "--quiet") == (0, [])
    assert film.read_bytes().startswith(b"GIF89a")
    assert film.stat().st_size < 5_000_000
    assert {path.name for path in tmp_path.iterdir()} == {"run.html", "run.gif"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("belgrade_2015", "--out", "run.png"), ".gif, .html, .mp4"),
        (("belgrade_2015", "--out", "nowhere/run.gif"), "there is no folder nowhere"),
        (("belgrade_2015", "--out", "../folder.html"), "../folder.html: this is a folder"),
        (("belgrade_2015", "--out", "run.mp4"), "ffmpeg"),
        (("belgrade_2015", "--arm", "nosuch", "--out", "run.gif"), "no arm named 'nosuch'"),
        (("osce_wide", "--out", "run.html"), "aggregates_only"),
    ],
)
def test_wrong_input_is_one_line_and_nothing_is_written(
    words: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setitem(__import__("matplotlib").rcParams, "animation.ffmpeg_path", str(tmp_path / "no-ffmpeg"))
    status, said = _told(*words)
    assert status == 2
    assert len(said) == 1
    assert says in said[0]
    assert {path.name for path in tmp_path.rglob("*")} == {"folder.html", "here"}
