"""Writes docs/calibration.md: the fit to published data, what it cannot tell, and the ensemble.

What takes long is kept in build/calibration, build/ensemble and build/over_ensemble; the same command goes on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from simcrisis import Batch, __version__, load, run_batch
from simcrisis.calibration.calibrate import PARAMETERS, Calibration, calibrate
from simcrisis.calibration.ensemble import LATER_WAVE, QUICK, SPACE, THOROUGH
from simcrisis.calibration.evaluate import calibration_world
from simcrisis.calibration.observation import LEVEL_OF_RUNG, LEVEL_OF_SEVERITY, OF_DCID
from simcrisis.calibration.patterns import CRISIS, CRISIS_RUNS, IMPLAUSIBLE, PATTERNS, of_crisis, of_peace
from simcrisis.calibration.targets import fit_targets
from simcrisis.catalogue import ensemble, ensemble_origin
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import FIREBREAK, Kind
from simcrisis.report.calibration import (
    DIRECTION_HEADS,
    FIT_HEADS,
    NOTES,
    PARAMETER_HEADS,
    direction_rows,
    fit_rows,
    parameter_rows,
    summary,
)
from simcrisis.report.ensemble import EFFECT_HEADS, NOTE, RISK_HEADS, ensemble_headline, ensemble_rows
from simcrisis.report.patterns import PATTERN_HEADS, pattern_rows
from simcrisis.scenario.assumed import ranged
from simcrisis.shown import ASSUMED

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "calibration.md"
BUILD = ROOT / "build"
OVER: dict[str, int | None] = {"logit": None, "threshold": 60}
"""Sets of the ensemble, by rule; None: all."""
REPLICATIONS = 100
DISPUTES = 3000
THRESHOLD_SETS = 20


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(line.replace("clearly\nup", "clearly up") for line in lines)


def fitted() -> Calibration:
    world = ranged(calibration_world(), dict(PARAMETERS), "latin_hypercube", 1)
    return calibrate(world.scenario.at({}), world.ranges, workers=2, out=BUILD / "calibration")


def target_table() -> str:
    rows = [
        [
            each.name,
            each.what,
            f"{'at most ' if each.bound else ''}{each.published:g}",
            f"{each.sampling:.3f}",
            f"{each.discrepancy:g}",
            f"{each.weight:,.0f}",
            f"{each.source} ({each.standing})",
            "held back" if each.held_back else "fitted",
        ]
        for each in fit_targets()
    ]
    heads = ["target", "what", "published", "error", "discrepancy", "weight", "source (standing)", "used"]
    return table(heads, rows)


def profile_table(found: Calibration) -> str:
    places = (0.0, 0.25, 0.5, 0.75, 1.0)
    rows = []
    for name in found.parameters["parameter"]:
        one = found.profiles.filter(pl.col("parameter") == name)
        values = [one.row(by_predicate=pl.col("share") == place, named=True) for place in places]
        rows.append([f"`{name}`", *(f"{row['above_minimum']:.1f}" for row in values)])
    return table(["parameter", "at the lower end of its range", "25 %", "50 %", "75 %", "at the upper end"], rows)


def scales() -> str:
    severities = [[str(step), str(here)] for step, here in enumerate(OF_DCID)]
    rungs = [[str(rung), str(level or "-")] for rung, level in enumerate(LEVEL_OF_RUNG)]
    triggers = [[str(severity), str(level)] for severity, level in enumerate(LEVEL_OF_SEVERITY)]
    return "\n\n".join(
        [
            "Severity (DCID 0-10 to 0-5 here), assumed:",
            table(["DCID", "here"], severities),
            "Level of an answer on ICB's four (1 words and diplomacy, 2 economic and other non-military, 3 military "
            "without violence, 4 violence), assumed:",
            table(["rung", "level"], rungs),
            "Level of an incident as a trigger, assumed:",
            table(["severity", "level"], triggers),
        ]
    )


def disputes(found: Calibration) -> str:
    """Return the shape of crises that reach force, at the default and at the fitted parameters of the rule."""
    rule = {path: value for path, value in found.changes.items() if path.startswith("model.") and path.count(".") == 1}
    columns = [_shape(changes) for changes in ({}, rule)]
    published = ["-", "41 % (threat 2, display 38)", "60 %", "0.7 %", "42 %"]
    names = ["runs that cross the firebreak", "highest rung 8", "highest rung 9", "highest rung 10", "reciprocated"]
    rows = zip(names, published, *columns, strict=True)
    heads = ["of crises with force", "militarised disputes since 1992 (COW MID5, C)", "default", "fitted rule"]
    return table(heads, rows)


def _shape(changes: dict[str, object]) -> list[str]:
    world = compile_world(load(CRISIS).with_(changes) if changes else load(CRISIS), "none")
    highest, mutual = [], 0
    for replication in range(DISPUTES):
        acts = [
            r for r in simulate(world, 1, replication).records if r.kind is Kind.ACT and (r.value or 0) >= FIREBREAK
        ]
        if acts:
            highest.append(max(int(r.value or 0) for r in acts))
            sides = {(r.actor, r.counterpart) for r in acts}
            mutual += any((b, a) in sides for a, b in sides)
    n = len(highest)
    return [f"{n} of {DISPUTES:,}", *(_percent(highest.count(rung), n) for rung in (8, 9, 10)), _percent(mutual, n)]


def _percent(hits: int, n: int) -> str:
    if not n:
        return "-"
    half = 1.96 * math.sqrt(max(hits, 1) * max(n - hits, 1) / n) / n
    return f"{100 * hits / n:.0f} % (± {100 * half:.0f})"


def over(rule: str) -> Batch:
    scenario = load("belgrade_2015")
    scenario = scenario.with_({"model.rule": rule}) if rule != "logit" else scenario
    out = BUILD / "over_ensemble" / rule
    out.parent.mkdir(parents=True, exist_ok=True)
    return run_batch(scenario, REPLICATIONS, ensemble=OVER[rule] or True, out=out, workers=2)


def across(rule: str) -> str:
    batch = over(rule)
    parts = [
        f"### Rule `{rule}`, {len(batch.plan.points) - 1} sets, {REPLICATIONS} replications of each arm at each",
        ensemble_headline(batch),
    ]
    parts += ["Share of runs that reach rung 8 or above:", table(RISK_HEADS, ensemble_rows(batch, "risk", 8))]
    for rung in (4, 8):
        parts.append(f"Change against 'none', percentage points, rung {rung} or above:")
        parts.append(table(EFFECT_HEADS, ensemble_rows(batch, "effect", rung)))
    return "\n\n".join(parts)


def under_threshold() -> str:
    """Return how many sets pass the patterns under the other rule as well."""
    seed = int(ensemble_origin()["seed"])
    outside: dict[str, int] = dict.fromkeys((pattern.name for pattern in PATTERNS), 0)
    passed = 0
    for one in ensemble()[:THRESHOLD_SETS]:
        changes = {**one, "model.rule": "threshold"}
        found = {**of_crisis(load(CRISIS), seed, changes, 10 * QUICK), **of_peace(seed, changes, QUICK)}
        off = [p.name for p in PATTERNS if p.implausibility(*found[p.name]) > IMPLAUSIBLE]
        passed += not off
        for name in off:
            outside[name] += 1
    told = ", ".join(f"{name} {count}" for name, count in outside.items() if count)
    return (
        f"Under `threshold`, {passed} of the first {THRESHOLD_SETS} sets pass a quick look at the same patterns "
        f"({QUICK} replications); the others fail at: {told or 'nothing'} (a set can fail at several)."
    )


def ensemble_section() -> str:
    origin = ensemble_origin()
    waves = "; ".join(
        f"{tried:,} tried, {quick} after a quick look, {stood} after a thorough one, {let_in} let in"
        for tried, quick, stood, let_in in origin["waves"]
    )
    seed = int(origin["seed"])
    measured = [
        {**of_crisis(load(CRISIS), seed, one, CRISIS_RUNS * QUICK), **of_peace(seed, one, QUICK)}
        for one in ensemble()[:THRESHOLD_SETS]
    ]
    heads = [*PATTERN_HEADS[:-1], f"the first {THRESHOLD_SETS} sets, a quick look"]
    space = [
        [f"`{path}`", f"{each['low']} to {each['high']}", each.get("scale", "linear")] for path, each in SPACE.items()
    ]
    return "\n\n".join(
        [
            f"{len(ensemble())} parameter sets that no pattern rules out (history matching: Craig et al. 1997; Vernon, "
            "Goldstein and Bower 2010). A set is ruled out where the implausibility "
            "`I = |E[f] - z| / sqrt(Var_obs + Var_disc + Var_sim)` of any pattern is above 3.",
            table(heads, pattern_rows(measured)),
            f"Waves: {waves}. The first fills the space (Latin hypercube), later ones of {LATER_WAVE} candidates look "
            f"around the sets that stand. A quick look has {QUICK} replications of the calibration world and "
            f"{CRISIS_RUNS * QUICK} of `{CRISIS}`, a thorough one {THOROUGH} and {CRISIS_RUNS * THOROUGH}. Let in is "
            "what would not be ruled out either if `Var_sim` were 0. Made by "
            f"`{origin['command']}` (simcrisis {origin['version']}, seed {seed}); "
            "`simcrisis/catalogue/data/ensemble.csv` holds the sets, `ensemble.toml` how they were made.",
            "The space that was searched (assumed):",
            table(["parameter", "range", "scale"], space),
            "That `belgrade_2015` is rare and not saturated is a judgement, and it rules out most. The two patterns of "
            "crisis answers, whose levels are mapped by assumption, and that of leaps from peace rule out next to "
            "nothing. No pattern says much of the sizes of the effects of lines (kappa, reassure, forewarned, "
            "partner_d), which range nearly as far as the space does: an effect over the ensemble is over these "
            "assumptions as well. The sets are the first 200 let in, in the order found; a share of sets is not a "
            "probability. They were filtered in the world above, where initiators come back less often than the fit "
            "says.",
            "The sets are filtered under the rule `logit`. They hold no rule: with `--set model.rule=threshold` they "
            "bring what both rules share (tension, reactions, lines), and two weights of that rule's own, `bar` and "
            "`bar_slope`, that nothing has filtered. " + under_threshold(),
            "Use: `simcrisis batch FILE --ensemble all` (or a number of sets); `run_batch(scenario, "
            "ensemble=True)` and "
            "`batch.ensemble` in Python. The first design point is the scenario as it stands; parameters of the model "
            "that the file, or `--set`, states keep their value at every set, so that `--set model.kappa=0 "
            "--ensemble all` "
            "is the row without credibility. Resumable, as all batches are.",
        ]
    )


def main() -> None:
    found = fitted()
    sections = [
        "# Calibration",
        f"Generated by `make docs` (simcrisis {__version__}). {ASSUMED}.",
        "Parameters are fitted to published data by the method of simulated moments under common luck (McFadden 1989, "
        "doi:10.2307/1913621; Pakes and Pollard 1989, doi:10.2307/1913622): `simcrisis calibrate`. All parameter sets "
        "have the same seeds, so that the objective is smooth enough for a search. **The defaults of the catalogue are "
        "not the fitted values** (docs/decisions/0002-defaults.md, 0011-calibration.md).",
        "## What is looked at, and through what",
        "The world (`simcrisis/calibration/world.yaml`): ten invented States, 21 rival dyads with background "
        "incidents, "
        "two years, CBMs 2 and 8 adopted by all. Incidents of the first year are followed for a whole one.",
        "The observation filter (`simcrisis/calibration/observation.py`): data sets hold public incidents only. An "
        "incident counts if it was public from the start, or became so by a report, or because its victim spoke of it "
        "(rung 3 or above). Its initiator is the State that it first resembled, whoever did it; the filter reads no "
        "cause. Counter-operations are covert and count only once their victim has spoken. Crisis samples (ICB) are "
        "used for shape only: shares and quantiles among answers, never how many there are.",
        scales(),
        "## Targets and weights",
        "In the order of figures.md. Every second one is held back, beginning with the first; this was fixed "
        "in the code "
        "before any fit, the parity so that the political response is fitted. Weight: one over the variance of the "
        "published figure (binomial, or a bootstrap of whole dyads) plus that of the model's discrepancy, which was "
        "judged before any fit.",
        target_table(),
        "## The fit",
        table(FIT_HEADS, fit_rows(found.fit)),
        f"{summary(found)} Most of that fall is not of the decision rule, but of two inputs of the world, how often "
        "incidents come and how often the same side comes back (`returns`, .6 here and .86 by default since).",
        NOTES[0],
        "## Parameters",
        table(PARAMETER_HEADS, parameter_rows(found.parameters)),
        NOTES[1],
        "Single parameters are mostly not told by these data; some combinations are (standard errors in whole ranges, "
        "weights on ranges; a quarter or less is less than the range):",
        table(DIRECTION_HEADS, direction_rows(found.directions)),
        "Profiles: how far the least objective over all other parameters lies above its minimum (95 %: 3.8).",
        profile_table(found),
        "## What cannot be identified",
        "The scale of the utility is fixed by its first term, `(s/3) p g(a)`: lambda and the weights are told apart by "
        "that convention only, and scaling all of U by c and lambda by 1/c changes nothing. Held at their "
        "defaults, which are assumed: the share of incidents that is public (the dark figure: data hold what was "
        "public), the share that States have done, everything that lines do (kappa, reassure, forewarned, partner_d), "
        "and what crises show (fire, prop, react, hab, cost). Targets do move with them, so that all intervals are "
        "conditional on them. Parameters above with the verdict `not identified` are not, either. Targets are added up "
        "as if they were independent; those of 30, 90 and 365 days are nested, and quantiles come from one sample, so "
        "that the held-back half is no independent sample.",
        "## Shape of crises that reach force",
        f"Never fitted: {CRISIS}, arm none. Threat and display are rung 8 here, use 9, war 10.",
        disputes(found),
        "## The ensemble",
        ensemble_section(),
        "## belgrade_2015 over the ensemble",
        NOTE,
        *(across(rule) for rule in OVER),
    ]
    DOCUMENT.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
