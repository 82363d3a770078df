"""The gallery: a picture of every plot, with the call that makes it. `python -m tests.gallery` writes docs/gallery.md.

To add one: write a function whose docstring is the alternative text and whose body is the call, and name it in
PICTURES; its arguments are the functions in SOURCES.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import matplotlib as mpl
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

import simcrisis as sc
from simcrisis import plots
from simcrisis.batch.lines import LineStudy, lines_that_matter
from simcrisis.batch.network import network_tables
from simcrisis.batch.sensitivity import Sensitivity, screen
from simcrisis.plots.film import as_gif
from simcrisis.plots.played import Film
from simcrisis.plots.words import WITHIN_MODEL
from simcrisis.report.timeline import captions

DOCS = Path(__file__).parent.parent / "docs"
FOLDER = "gallery"
DPI = 110


@cache
def batch() -> sc.Batch:
    return sc.run_batch(sc.load("belgrade_2015"), 1000, seed=1, workers=1)


@cache
def measures() -> sc.Batch:
    return sc.run_batch(sc.load("sixteen_measures"), 300, seed=1, workers=1)


@cache
def varied() -> sc.Batch:
    """A batch of 12 design points."""
    levels = {"states.*.policy.reply": ["1 h", "12 h", "2 days", "8 days"], "model.reassure": [0.1, 0.5, 1.0]}
    return sc.run_batch(sc.load("belgrade_2015"), 200, seed=1, vary=levels, workers=1)


@cache
def sampled() -> sc.Batch:
    """A batch of 64 points sampled from three ranges."""
    ranges = {
        "model.kappa": {"low": 0.1, "high": 1.0},
        "model.reassure": {"low": 0.1, "high": 1.0},
        "states.*.policy.reply": {"low": "1 h", "high": "8 days", "scale": "log"},
    }
    scenario = sc.load("belgrade_2015").with_({"experiment": {"vary": ranges, "points": 64, "sample": "sobol"}})
    return sc.run_batch(scenario, 60, seed=1, arms=["none", "cbm8", "untested"], workers=1)


@cache
def study() -> LineStudy:
    return lines_that_matter(sc.load("hotline_down"), rung=4, replications=400, cbms=[], workers=1)


@cache
def assumptions() -> Sensitivity:
    """Morris trajectories over four assumptions."""
    ranges = {
        "model.kappa": {"low": 0.2, "high": 1.0},
        "model.lambda": {"low": 8, "high": 40},
        "model.reassure": {"low": 0.1, "high": 1.0},
        "states.*.policy.reply": {"low": "1 h", "high": "8 days"},
    }
    scenario = sc.load("belgrade_2015").with_({"experiment": {"vary": ranges, "points": 50, "sample": "morris"}})
    return screen(sc.run_batch(scenario, 40, seed=1, workers=1), rung=4)


@cache
def over_sets() -> sc.Batch:
    """A batch over parameter sets that no pattern rules out."""
    return sc.run_batch(sc.load("belgrade_2015"), 100, seed=1, ensemble=40, workers=1)


@cache
def run() -> sc.Run:
    return sc.run(sc.load("belgrade_2015"), "both", seed=1, replication=3)


@cache
def without() -> sc.Run:
    return sc.run(sc.load("belgrade_2015"), "none", seed=1, replication=3)


@cache
def outage() -> sc.Run:
    return sc.run(sc.load("energy_grid"), "both", seed=1, replication=3)


SOURCES: tuple[Callable[[], Any], ...] = (
    batch,
    measures,
    varied,
    sampled,
    study,
    assumptions,
    over_sets,
    run,
    without,
    outage,
)


def escalation_curves(batch: sc.Batch) -> Axes:
    """Five lines rise over sixty days; the arm with untested lines stands well above the other four."""
    return plots.escalation_curves(batch.curves, rung=4)


def mean_rung(batch: sc.Batch) -> Axes:
    """Five lines of the mean of the highest rung over sixty days, untested lines highest."""
    return plots.mean_rung(batch.curves)


def exceedance(batch: sc.Batch) -> Axes:
    """The share of runs that reach each rung from 3 to 10 falls in every arm, on a log scale, with intervals."""
    return plots.exceedance(batch.risk, log=True)


def survival(batch: sc.Batch) -> Axes:
    """Steps fall from 100 % over sixty days: the share of runs still below rung 8, an arm each."""
    return plots.survival(batch.survival(8))


def forest(measures: sc.Batch) -> Axes:
    """One row a measure: its change in the share of runs that reach rung 4, with its interval beside a line at 0."""
    return plots.forest(measures.adjusted("holm"), rung=4)


def dose_response(varied: sc.Batch) -> Axes:
    """The change in percentage points over the time that a reply takes, a line an arm, on a log axis of hours."""
    changes = varied.differences.filter(pl.col("model.reassure") == 0.5)
    return plots.dose_response(changes, "states.*.policy.reply", rung=4, log=True)


def heat_map(varied: sc.Batch) -> Axes:
    """A grid of twelve cells, each with what the arm 'both' changes in percentage points."""
    return plots.heat_map(varied.differences, "states.*.policy.reply", "model.reassure", rung=4, arm="both")


def scatter(sampled: sc.Batch) -> Axes:
    """A dot a design point and arm: cbm8 adds a few points where kappa is large, untested lines some 20 all over."""
    return plots.scatter(sampled.differences, "model.kappa", rung=4)


def tornado(assumptions: Sensitivity) -> Axes:
    """Four bars, the assumption that moves the risk most on top."""
    return plots.tornado(assumptions.table, "risk", arm="both")


def ensemble_ranges(over_sets: sc.Batch) -> Axes:
    """A row an arm: the default with its interval, and a box of 40 sets; untested lines lie right of 0, others left."""
    return plots.ensemble_ranges(over_sets.ensemble)


def line_ranking(study: LineStudy) -> Axes:
    """A row a line, the one that averts most on top, with its interval beside a line at 0."""
    return plots.line_ranking(study.lines, top=12)


def timeline(run: sc.Run) -> Axes:
    """Swim lanes of four States, each with leaders, desk and CERT; arrows are messages, dashed ones silences.

    Discs are decisions with rung and belief; beneath, the highest rung of any dyad climbs to 6.
    """
    return plots.timeline(run.events, run.decisions)


def beliefs(run: sc.Run) -> Axes:
    """A row for each suspect of a case: how far the State believes it, over time, and whether it is culpable."""
    return plots.beliefs(run.events, run.decisions)


def queue_load(run: sc.Run) -> Axes:
    """For each of four States, bars above a line are inquiries waiting at its desk, below requests at its CERT."""
    return plots.queue_load(run.events)


def mirrored(without: sc.Run, run: sc.Run) -> Axes:
    """The arm without lines above, the arm with both below; a line marks where they part, 37.6 hours in."""
    return plots.mirrored(without.events, run.events)


def network(outage: sc.Run) -> Axes:
    """Three States in a circle about the OSCE; one is struck, and its lines to the other two are broken."""
    return plots.network(*network_tables(outage.scenario, "both"), events=outage.events, hour=21)


def capitals_map() -> Axes:
    """Capitals of 57 participating States and eleven Partners by code, Europe enlarged; two are ringed; no borders."""
    return plots.capitals_map(marked=("AUT", "MNG"))


def played(outage: sc.Run) -> Film:
    """Three States about the OSCE, played: messages pass, lines break and mend, a bar runs over the days."""
    tables = network_tables(outage.scenario, "both")
    return plots.played(*tables, outage.events, captions(outage), start=outage.scenario.start, frames_per_second=2)


FILMS: tuple[Callable[..., Film], ...] = (played,)
PICTURES: tuple[Callable[..., Axes], ...] = (
    escalation_curves,
    mean_rung,
    exceedance,
    survival,
    forest,
    dose_response,
    heat_map,
    scatter,
    tornado,
    ensemble_ranges,
    line_ranking,
    timeline,
    beliefs,
    queue_load,
    mirrored,
    network,
    capitals_map,
)


def body(function: Callable[..., Any], name: str = "") -> str:
    """Return the code of a function without its head and docstring, its result named or shown."""
    code = inspect.getsource(inspect.unwrap(function))
    inner = code[code.index(":\n", code.index("def ")) + 2 :]
    if function.__doc__:
        inner = inner.split('"""', 2)[2]
    return dedent(inner).strip().replace("return ", name).replace(", workers=1", "")


def _made(picture: Callable[..., Any]) -> Any:
    """Return what a picture or film returns."""
    made = {source.__name__: source for source in SOURCES}
    return picture(**{name: made[name]() for name in inspect.signature(picture).parameters})


def drawn(picture: Callable[..., Axes]) -> Figure:
    """Return the figure of a picture."""
    figure = _made(picture).figure
    assert isinstance(figure, Figure)
    return figure


def section(picture: Callable[..., Any]) -> str:
    """Return what the page says about a picture or film."""
    name, alternative = picture.__name__, inspect.getdoc(picture)
    ending = "gif" if picture in FILMS else "png"
    return f"## {name}\n\n```python\n{body(picture)}\n```\n\n![{alternative}]({FOLDER}/{name}.{ending})"


def save(figure: Figure, path: Path) -> None:
    """Save a figure with few colours: it is in the repository."""
    whole = BytesIO()
    figure.savefig(whole, dpi=DPI)
    Image.open(whole).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Write docs/gallery.md and its pictures."""
    mpl.use("agg")
    (DOCS / FOLDER).mkdir(exist_ok=True)
    made = "\n".join(body(source, f"{source.__name__} = ") for source in SOURCES)
    imports = (
        "import polars as pl\nimport simcrisis as sc\nfrom simcrisis import plots\n"
        "from simcrisis.batch.lines import lines_that_matter\nfrom simcrisis.batch.network import network_tables\n"
        "from simcrisis.batch.sensitivity import screen\nfrom simcrisis.report.timeline import captions"
    )
    sections = [
        "# Gallery",
        f"Generated by `make docs` (simcrisis {sc.__version__}). {WITHIN_MODEL}",
        "Each plot takes a table and, if you like, the Axes to draw on, and returns Axes; what you do with them is "
        "matplotlib. `played` alone returns an animation. Arms differ in colour, dash and mark. `with plots.style():` "
        "draws yours in the same style.",
        f"```python\n{imports}\n\n{made}\n```",
    ]
    for picture in PICTURES:
        save(drawn(picture), DOCS / FOLDER / f"{picture.__name__}.png")
        sections.append(section(picture))
    for film in FILMS:
        (DOCS / FOLDER / f"{film.__name__}.gif").write_bytes(as_gif(_made(film), 2))
        sections.append(section(film))
    (DOCS / "gallery.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
