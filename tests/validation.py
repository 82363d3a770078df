"""Writes docs/validation.md: every law with its outcome, and the patterns of peacetime beside their targets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis import Batch, __version__, load, run_batch
from simcrisis.catalogue import parameter_page
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import EventLog, Kind
from simcrisis.report.tables import percent, risk_rows
from simcrisis.rules.doctrines import RULES
from simcrisis.shown import ASSUMED
from simcrisis.stats import compare
from tests import evidence, inference_page
from tests.laws import LAWS
from tests.laws.bayes import PRIOR
from tests.laws.breakages import BREAKAGES
from tests.laws.law import z_of_mean
from tests.laws.settings import GUILTY, ONE_DYAD

DOCUMENT = Path(__file__).parent.parent / "docs" / "validation.md"
FOUND = Path(__file__).parent / "reference" / "found.md"
BATCH = 2000
PER_VARIANT = 250

_OTHERS = ("Bexia", "Corland", "Dorvia", "Esmere")
PEACE: dict[str, Any] = {
    **ONE_DYAD,
    "title": "One incident in peacetime",
    "horizon": "90 days",
    "states": {"Aldmark": {}, **{other: {} for other in _OTHERS}},
    "relations": [{"between": ["Aldmark", other]} for other in _OTHERS],
}
SEVERITIES = ((2, 0.30), (3, 0.40), (4, 0.25), (5, 0.05))
VISIBLE = (("public", 0.6), ("covert", 0.4))
CULPABLE = 0.5
"""Mix of incidents of the design study: half the first suspects culpable, six in ten public."""


def peacetime(arm: str) -> Iterator[tuple[float, EventLog]]:
    """Yield runs of one incident in peacetime with their weights, over the mix of incidents."""
    for (severity, weight), (visibility, share), culpable in itertools.product(SEVERITIES, VISIBLE, (False, True)):
        cause = {"kind": "state", "by": "Bexia"} if culpable else {"kind": "criminal"}
        scenario = load(PEACE).with_(
            {
                "incidents.strike.severity": severity,
                "incidents.strike.visibility": visibility,
                "incidents.strike.cause": cause,
            }
        )
        world = compile_world(scenario, arm)
        for replication in range(PER_VARIANT):
            yield (
                weight * share * (CULPABLE if culpable else 1 - CULPABLE) / PER_VARIANT,
                simulate(world, 1, replication),
            )


def laws() -> list[str]:
    lines = [
        "| Law | Says | Tolerance | False alarm | Measured | Holds | Seen to fail when |",
        "|---|---|---|---|---|---|---|",
    ]
    for law in LAWS:
        outcome = law.check()
        verdict = "yes" if outcome.holds else "**no**"
        tolerance = law.tolerance.replace("|", "\\|")
        measured = outcome.measured.replace("|", "\\|")
        broken = BREAKAGES[law.name][0]
        lines.append(
            f"| {law.name} | {law.says} | {tolerance} | {law.false_alarm} | {measured} | {verdict} | {broken} |"
        )
    return lines


def busy_desk() -> str:
    """Return by how much a queue at the asked desk biases beliefs, which do not know of it."""
    victims = ("Aldmark", "Corland", "Dorvia", "Esmere")
    incident = ONE_DYAD["incidents"][0]
    base = load(
        {
            **ONE_DYAD,
            "states": {state: {} for state in (*victims, "Bexia")},
            "relations": [],
            "incidents": [{**incident, "name": "strike" if v == "Aldmark" else v, "victim": v} for v in victims],
        }
    ).with_(
        {"model.cleared": -50, "model.lambda": 0.0, "model.detection_public": "1 h", "states.Bexia.policy.officers": 1}
    )
    worlds = [compile_world(base.with_(truth), "cbm8") for truth in (GUILTY, {})]
    asker = worlds[0].names.states.index("Aldmark")
    beliefs = [
        [
            next(d.belief for d in simulate(world, 1, replication).decisions if d.actor == asker and d.of_incident)
            for replication in range(1500)
        ]
        for world in worlds
    ]
    bias = [PRIOR * guilty + (1 - PRIOR) * innocent - PRIOR for guilty, innocent in zip(*beliefs, strict=True)]
    mean = math.fsum(bias) / len(bias)
    return (
        "Queues are not in what a State believes of an answer's timing. With four States asking one desk with one "
        f"officer in the same hour, mean belief lies {100 * mean:+.1f} percentage points from the base rate of "
        f"{100 * PRIOR:.0f} % (z = {z_of_mean(bias):+.1f}, 1,500 pairs of runs)."
    )


def patterns() -> list[str]:
    lines = [
        "| Arm | public answer (rung 3 or above) | attribution (4) | sanctions (6) | cyber counter-operation "
        "| force (8): share of runs | force (8): compensator |",
        "|---|---|---|---|---|---|---|",
    ]
    for arm in PEACE["arms"]:
        reached = dict.fromkeys((3, 4, 6, 8), 0.0)
        cyber = 0.0
        chances: list[float] = []
        for weight, log in peacetime(arm):
            acts = [int(r.value or 0) for r in log.records if r.kind is Kind.ACT]
            for rung in reached:
                reached[rung] += weight * (max(acts, default=0) >= rung)
            cyber += weight * (7 in acts)
            for decision in log.decisions:
                chances.append(weight * decision.chances[5])
                if decision.act >= 8 and not decision.private:
                    break
        shares = " | ".join(f"{percent(reached[rung])} %" for rung in (3, 4, 6))
        lines.append(
            f"| {arm} | {shares} | {percent(cyber)} % | {percent(reached[8])} % | {percent(math.fsum(chances))} % |"
        )
    lines.append("| *target* | 18.7 % | - | - | 1.4 / 3.5 % in 30 / 90 d beyond coincidence | no case | |")
    return lines


def headline(rule: str) -> list[str]:
    batch = both_rules(rule)
    rungs = (3, 4, 5, 6, 7, 8, 9, 10)
    lines = ["| Arm | runs | " + " | ".join(f"rung {rung}" for rung in rungs) + " |", "|---" * (len(rungs) + 2) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in risk_rows(batch, rungs)]


@cache
def both_rules(rule: str) -> Batch:
    return run_batch(load("belgrade_2015").with_({"model.rule": rule}), BATCH, 1)


CONTRASTED = (4, 6, 8)


def _with_untested_against_both(batch: Batch) -> pl.DataFrame:
    """Return the differences of a batch, and those between lines that nobody tested and lines that work."""
    two = batch.runs.filter(pl.col("arm").is_in(["both", "untested"]))
    beside = compare(two, "both").with_columns(pl.lit("untested, against both").alias("arm"))
    return pl.concat([batch.differences, beside], how="diagonal")


_VERDICTS = {
    frozenset({1}): "**raises**",
    frozenset({-1}): "**lowers**",
    frozenset({1, -1}): "reverses",
    frozenset({0, 1}): "raises under one",
    frozenset({0, -1}): "lowers under one",
    frozenset({0}): "no effect seen",
}
"""What two rules say together, by the signs of their intervals."""


def contrasts() -> list[str]:
    """Return the contrasts of every arm against the reference under both rules, and whether their sign survives."""
    lines = ["| Arm | rung | " + " | ".join(f"{rule}: change, points (95 %)" for rule in RULES) + " | both rules |"]
    lines.append("|---" * (len(RULES) + 3) + "|")
    tables = [_with_untested_against_both(both_rules(rule)) for rule in RULES]
    for arm in tables[0]["arm"].unique(maintain_order=True):
        for rung in CONTRASTED:
            rows = [
                table.row(by_predicate=(pl.col("arm") == arm) & (pl.col("rung") == rung), named=True)
                for table in tables
            ]
            told = [f"{100 * r['difference']:+.1f} ({100 * r['low']:+.1f} to {100 * r['high']:+.1f})" for r in rows]
            signs = {(r["low"] > 0) - (r["high"] < 0) for r in rows}
            verdict = _VERDICTS[frozenset(signs)]
            lines.append(f"| {arm} | {rung} | {' | '.join(told)} | {verdict} |")
    return lines


def write_parameters() -> None:
    (DOCUMENT.parent / "parameters.md").write_text(parameters_document(), encoding="utf-8")


def parameters_document() -> str:
    """Return docs/parameters.md."""
    lines = [
        "# Parameters",
        "",
        "Generated by `make docs` from `simcrisis/catalogue/parameters.py`; `simcrisis catalogue parameters` prints "
        "the same. Paths are those of overrides (`--set PATH=VALUE`); `*` stands for a State. Capacity profiles change "
        "some defaults of CERTs and desks.",
        "",
        "| Name | Path | Default | Unit | Null | What it does | Source |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in parameter_page():
        cells = [row.name, f"`{row.path}`", row.default, row.unit, row.null, row.what, row.source]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def written_twice() -> list[str]:
    """Return what has been found by writing the model down, and by writing the engine a second time from that."""
    return ["## Written twice", FOUND.read_text(encoding="utf-8").strip()]


def main() -> None:
    sections = [
        "# Validation",
        f"Generated by `make docs` (simcrisis {__version__}). What fails here stays here, and in limits.md as well.",
        "## Laws",
        "Closed forms and invariants that the code must obey, whatever the parameters. `z` counts standard errors. "
        "False alarm: probability that a true law fails with another seed. The last column says what was broken to see "
        "the law fail (`make test-all` breaks it each time).",
        "\n".join(laws()),
        busy_desk(),
        "## Patterns of peacetime",
        f"{ASSUMED}: one incident between two States without prior tension, 90 days, over the mix of incidents of the "
        f"design study (severities 2-5 at .30/.40/.25/.05, half the first suspects culpable, six in ten public), "
        f"{PER_VARIANT} runs for each of 16 kinds of incident. Targets: `simcrisis catalogue targets`. The "
        "defaults were tuned by random search towards them (docs/decisions/0002-defaults.md). "
        "Compensator: the summed chances of force stated at decisions, a less noisy estimate of the same share.",
        "\n".join(patterns()),
        "## belgrade_2015",
        f"{ASSUMED}: share of {BATCH:,} runs of each arm that reach a rung within 60 days (95 % interval).",
        "\n".join(headline("logit")),
        "Contrasts against no lines, under both rules: docs/contrasts.md.",
        *inference_page.sections(),
        *evidence.evidence(),
        *written_twice(),
    ]
    DOCUMENT.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    contrasted = [
        "# What survives both decision rules",
        f"Generated by `make docs` (simcrisis {__version__}). {ASSUMED}: change in the share of {BATCH:,} runs of "
        "`belgrade_2015` that reach a rung, against arm 'none' under the same luck. A finding survives if the "
        "intervals of both rules lie on the same side of zero; what holds under one only is a property of that rule.",
        "\n".join(contrasts()),
        "The rules differ in more than noise: under `threshold` a State that is sure enough always acts, so risks are "
        "several times those under `logit`, and more knowledge means more certainty to act on.",
        "## Risks under `threshold`",
        "\n".join(headline("threshold")),
    ]
    (DOCUMENT.parent / "contrasts.md").write_text("\n\n".join(contrasted) + "\n", encoding="utf-8")
    write_parameters()


if __name__ == "__main__":
    main()
