"""A scenario whose every text is hostile is shown as text, everywhere, and nothing of it runs.

The page in a real browser: test_page_web.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unicodedata import bidirectional
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import openpyxl
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis import plots
from simcrisis.batch.inert import inert
from simcrisis.batch.lines import lines_that_matter
from simcrisis.batch.network import network_tables
from simcrisis.batch.sensitivity import screen
from simcrisis.cli.app import app
from simcrisis.errors import isolated, printable
from simcrisis.report.page import page
from simcrisis.report.timeline import timeline
from simcrisis.scenario import shipped
from simcrisis.scenario.text import read_yaml
from tests import hostile
from tests.hostile import Made
from tests.html_tree import Element, read

VALID = Path(__file__).parent / "scenarios" / "valid"
TURNS = re.compile("[\u202a-\u202e\u2066\u2067\u200e\u200f\u061c]")
"""Marks that turn the direction of writing; an isolate that the program set may stand."""
SHIPPED = ("hotline_down", *(pytest.param(name, marks=pytest.mark.long) for name in ("energy_grid", "western_balkans")))
"""Scenarios of which everything is made: they have lines, dependencies, groups, hubs, and overrides by name."""
MORE = {
    ("p", "class", "role"), ("figcaption",), ("details",), ("summary",), ("li",), ("code",),
    ("g", "data-on", "data-seq", "hidden", "transform"), ("path", "class", "d", "data-on", "data-seq"),
}  # fmt: skip
"""Elements that a page may have, and that of the harmless scenario need not."""
REPLY = "states.*.policy.reply"


def data_of(path: Path) -> dict[str, object]:
    return dict(read_yaml(path.read_bytes(), path.name).data)


def made_of(name: str) -> Made:
    return hostile.hostile(dict(sc.load(name).data))


@pytest.fixture(scope="module", params=SHIPPED)
def made(request: pytest.FixtureRequest) -> Made:
    return made_of(request.param)


@pytest.fixture(scope="module")
def batch(made: Made, tmp_path_factory: pytest.TempPathFactory) -> sc.Batch:
    arms = [*made.scenario.arms][:3]
    out = tmp_path_factory.mktemp("hostile") / "batch"
    return sc.run_batch(made.scenario, 6, 1, arms=arms, workers=1, out=out)


@pytest.fixture(scope="module")
def file(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "hostile.yaml"
    path.write_text(json.dumps(dict(made.scenario.data)), encoding="utf-8")
    return path


# Which texts --------------------------------------------------------------------------------------------------------


def test_every_text_that_the_schema_knows_is_tried() -> None:
    between = {"name": "raids", "between": ["Alderland", "Brevia"], "rate": 1}
    drawn = {**data_of(VALID / "every_key.yaml"), "background": [between]}
    covering = [dict(sc.load(name).data) for name in ("communications_network", "hotline_down")]
    filled = [hostile.hostile(data).filled for data in (*map(data_of, sorted(VALID.glob("*.yaml"))), drawn, *covering)]
    assert hostile.free_texts() == set().union(*filled)


@pytest.mark.long
@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_can_be_hostile(name: str) -> None:
    scenario = made_of(name).scenario
    assert list(timeline(sc.run(scenario, seed=1)))


def test_every_other_text_is_a_word_that_something_checks() -> None:
    """A new field of text either has the pattern of a name or a text, or is checked against what is known."""
    assert hostile.words() == {
        "AddedLine.among", "Background.among", "ContactLine.among", "DecisionParameters.otherwise",
        "DecisionParameters.rule", "Effects11.contacts", "Effects8.yearly", "Hub.members", "Hub.procedures",
        "Incident.at", "Parameters.otherwise", "Parameters.rule", "Policy.prefer", "State.zone",
    }  # fmt: skip


# The page -----------------------------------------------------------------------------------------------------------


def shape(root: Element) -> set[tuple[str, ...]]:
    """Return which elements there are, with which attributes."""
    return {(each.tag, *sorted(each.attributes)) for each in root.elements}


def exposed(text: str) -> bool:
    """Whether a text can turn what stands beside it: right-to-left letters or marks outside of an isolate."""
    left, found = text, 1
    while found:  # the innermost first
        left, found = re.subn("\\u2068[^\\u202a-\\u202e\\u2066-\\u2069]*\\u2069", "", left)
    return bool(TURNS.search(left)) or any(bidirectional(letter) in {"R", "AL", "AN"} for letter in left)


@pytest.fixture(scope="module")
def told(batch: sc.Batch) -> str:
    return page(batch)


def test_a_page_shows_every_text_and_none_becomes_markup(made: Made, batch: sc.Batch, told: str) -> None:
    root = read(told)
    pages = (page(sc.run_batch(sc.load(name), 6, 1, workers=1)) for name in ("belgrade_2015", "hotline_down"))
    assert shape(root) <= MORE.union(*(shape(read(harmless)) for harmless in pages))
    said = root.text.replace("\u2068", "").replace("\u2069", "")
    scenario = made.scenario
    for text in (scenario.title, scenario.question, scenario.summary, *scenario.sources, *batch.arms):
        assert text.replace("\u2068", "").replace("\u2069", "") in said, text
    sources = [each.attributes["src"] for each in root.elements if each.tag == "img"]
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)


def test_no_text_of_a_page_turns_its_neighbours(told: str) -> None:
    for each in read(told).elements:
        if any(map(exposed, each.texts)):
            assert each.attributes.get("dir") == "auto" or each.tag == "bdi", each
            assert len(each.inside) == 1, each
        for name in ("alt", "aria-label"):
            assert not exposed(each.attributes.get(name, "")), each


# Plots --------------------------------------------------------------------------------------------------------------


def drawings(batch: sc.Batch) -> Iterator[tuple[str, Callable[[], Axes], bool]]:
    """Yield the name of every plot, how it is drawn, and whether names of arms stand in it."""
    scenario, arm = batch.scenario, batch.arms[-1]
    run, other = sc.run(scenario, arm, 1, 3), sc.run(scenario, batch.arms[0], 1, 3)
    other_factor = f"states.{next(iter(scenario.states))}.policy.answers"
    levels = {REPLY: ["1 h", "1 day"], other_factor: [0.3, 0.9]}
    varied = sc.run_batch(scenario, 2, 1, arms=batch.arms, vary=levels, workers=1)
    one = varied.risk.filter(pl.col(other_factor) == 0.3)
    ranges = {REPLY: {"low": "1 h", "high": "2 days"}, other_factor: {"low": 0.1, "high": 0.9}}
    sampled = scenario.with_({"experiment": {"vary": ranges, "points": 6, "sample": "morris"}})
    assumptions = screen(sc.run_batch(sampled, 2, 1, arms=batch.arms, workers=1), rung=3)
    reaching = sc.run_batch(scenario, 2, 1, arms=batch.arms, ensemble=2, workers=1)
    study = lines_that_matter(scenario, arm, rung=3, replications=2, cbms=[], workers=1)
    yield "escalation_curves", partial(plots.escalation_curves, batch.curves, 3), True
    yield "mean_rung", partial(plots.mean_rung, batch.curves), True
    yield "exceedance", partial(plots.exceedance, batch.risk), True
    yield "survival", partial(plots.survival, batch.survival(3)), True
    yield "forest", partial(plots.forest, batch.differences, 3), True
    yield "ensemble_ranges", partial(plots.ensemble_ranges, reaching.ensemble, 3), True
    yield "dose_response", partial(plots.dose_response, one, REPLY, 3), True
    yield "heat_map", partial(plots.heat_map, varied.differences, REPLY, other_factor, 3, arm=arm), True
    yield "scatter", partial(plots.scatter, varied.risk, other_factor, 3), True
    yield "tornado", partial(plots.tornado, assumptions.table, "risk", arm=arm), True
    yield "line_ranking", partial(plots.line_ranking, study.lines), False
    yield "timeline", partial(plots.timeline, run.events, run.decisions), False
    yield "beliefs", partial(plots.beliefs, run.events, run.decisions), False
    yield "queue_load", partial(plots.queue_load, run.events), False
    yield "mirrored", partial(plots.mirrored, other.events, run.events), False
    yield "network", partial(plots.network, *network_tables(scenario, arm)), False
    yield "capitals_map", partial(plots.capitals_map, marked=("AUT",)), False


def letters(text: str) -> str:
    """Return a text without what lines it is broken into."""
    return re.sub(r"\s", "", text)


def test_every_plot_draws_texts_as_they_are(batch: sc.Batch) -> None:
    seen = set()
    for name, draw, with_arms in drawings(batch):
        seen.add(name)
        figure = draw().get_figure(root=True)
        assert figure is not None
        drawn = io.BytesIO()
        with mpl.rc_context({"svg.fonttype": "none"}):
            figure.savefig(drawn, format="svg")
        root = ElementTree.fromstring(drawn.getvalue())
        tags = {each.tag.rsplit("}", 1)[-1] for each in root.iter()}
        assert not {"script", "foreignObject", "a"} & tags, name
        assert not [key for each in root.iter() for key in each.attrib if key.lower().startswith("on")], name
        texts = [each for each in figure.findobj(Text) if isinstance(each, Text) and each.get_text()]
        doubtful = [each for each in texts if set(each.get_text()) & set("$\\_^")]
        assert not [each.get_text() for each in doubtful if each.get_parse_math() or each.get_usetex()], name
        assert not [each.get_text() for each in texts if TURNS.search(each.get_text())], name
        written = letters("".join(each.get_text() for each in texts))
        assert not with_arms or letters(printable(batch.arms[-1]))[:20] in written, name
        plt.close("all")
    assert seen == {*plots.__all__} - {"style", "played"}  # films are tried in test_play.py


# The terminal and what is written -----------------------------------------------------------------------------------


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("validate",),
    ("run", "--replication", "3"),
    ("run", "--replication", "3", "--json"),
    ("why", "--replication", "3"),
    ("compare", "--replication", "3"),
    ("network",),
    ("network", "--json"),
    ("batch", "-n", "4", "--workers", "1"),
    ("batch", "-n", "4", "--workers", "1", "--json"),
    ("luck", "-n", "4"),
    ("lines", "-n", "4", "--workers", "1"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_tell_names_as_they_are(file: Path, made: Made, words: tuple[str, ...]) -> None:
    command, *rest = words
    done = CliRunner().invoke(app, [command, str(file), *rest], env={"COLUMNS": "2000"})
    assert done.exit_code == 0, done.stderr
    if "--json" in words:
        assert json.loads(done.stdout)["scenario"] == made.scenario.title
        return
    assert not exposed(done.stdout)
    told = done.stdout.replace("\u2068", "").replace("\u2069", "")
    assert printable(made.scenario.title.replace("\u2068", "").replace("\u2069", ""))[:20] in told
    for name in [state.name or name for name, state in made.scenario.states.items()]:
        assert told.count(name.split("[red]")[1]) == told.count(f"[red]{name.split('[red]')[1]}"), name
        assert name in told or command not in {"run", "compare", "network"}


@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_exports_hold_texts_and_no_formula(batch: sc.Batch, to: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(batch.folder), "--to", to, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    if to == "csv":
        rows = list(csv.DictReader(io.StringIO((tmp_path / "risk.csv").read_text(encoding="utf-8"))))
        found = [row["arm"] for row in rows]
    else:
        book = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
        assert not [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        head, *cells = book["risk"].iter_rows(values_only=True)
        found = [str(row[head.index("arm")]) for row in cells]
    assert set(found) == set(map(inert, batch.arms))


def test_what_turns_the_writing_stays_where_it_is() -> None:
    assert isolated("Brevia") == "Brevia"
    assert isolated("Br\u00e9via") == "Br\u00e9via"
    assert isolated("\u05e9\u05dc") == "\u2068\u05e9\u05dc\u2069"
    assert isolated(isolated("\u05e9\u05dc")) == isolated("\u05e9\u05dc")
    assert isolated("a \u2068\u05e9\u05dc\u2069 b") == "a \u2068\u05e9\u05dc\u2069 b"
    assert isolated("\u202eabc") == "\\u202eabc"
    assert isolated("a\u2069\u202eb\u2068") == "a\\u2069\\u202eb\\u2068"
    assert isolated("\u2068\u202e\u2069") == "\\u2068\\u202e\\u2069"
