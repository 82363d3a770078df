"""An audit of luck as people read it: what is drawn for, where two arms part, what common luck saved, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from simcrisis.batch.audit import Audit
from simcrisis.draws import Purpose
from simcrisis.errors import isolated
from simcrisis.events import FIREBREAK
from simcrisis.report.phrases import act_in_words
from simcrisis.report.sentence import made_with
from simcrisis.report.tables import percent
from simcrisis.shown import ASSUMED

WORDS: Mapping[Purpose, str] = {
    Purpose.DETECTION: "when a victim notices",
    Purpose.FINDING: "what a CERT finds",
    Purpose.FINDING_TIME: "when a CERT finds it",
    Purpose.BRIEFING: "when a desk is briefed",
    Purpose.PARTNER_FINDING: "what another CERT finds",
    Purpose.PARTNER_WORK: "how long another CERT works",
    Purpose.PARTNER_ANSWERS: "whether another CERT answers",
    Purpose.SENT: "how long a message takes",
    Purpose.RETURNED: "how long its answer takes",
    Purpose.ASKS: "whether a desk asks",
    Purpose.ANSWERS: "whether and how a desk answers",
    Purpose.TRANSLATION: "how long translation takes",
    Purpose.CHECK: "how long a desk asks its own CERT",
    Purpose.REPLY: "how long a reply takes to write",
    Purpose.CLOCK: "how long a State deliberates",
    Purpose.CHOICE: "which act a State chooses",
    Purpose.LEARN: "when a target learns of an act",
    Purpose.UPTIME: "when a line fails and is repaired",
    Purpose.ENTRY: "whether a contact entry is stale",
    Purpose.DRILL: "whether a communication check is answered",
    Purpose.REPORT_TIME: "when a claim or vendor's report appears",
    Purpose.REPORT: "what a claim or vendor's report says",
    Purpose.HELP: "whether help is offered",
    Purpose.SURVIVES: "whether a line survives an outage",
    Purpose.DETOUR: "whether an inquiry is misdirected",
    Purpose.CLARIFICATION: "whether an inquiry is asked back",
    Purpose.CALL_BACK: "whether a message is called back",
    Purpose.MISREAD: "how severity is misread",
    Purpose.POLICE: "whether police find those behind it",
    Purpose.POLICE_WORK: "how long police work",
    Purpose.INTELLIGENCE: "what intelligence says",
    Purpose.INTELLIGENCE_TIME: "when intelligence comes",
    Purpose.COALITION: "whether allies are asked first",
    Purpose.JOINS: "whether an ally joins",
    Purpose.WITHDRAWS: "whether an attribution is withdrawn",
    Purpose.INVOKES: "whether a procedure is opened",
    Purpose.EXPLAINS: "whether a State explains itself",
    Purpose.EXPLANATION_TIME: "when an explanation comes",
    Purpose.SECONDS: "whether a member seconds a request",
    Purpose.CONSENTS: "whether a State consents to meet",
    Purpose.ATTENDS: "whether a State comes to a meeting",
    Purpose.MEETING_TIME: "when a meeting takes place",
    Purpose.MEETING: "whether a meeting succeeds",
    Purpose.SATISFIES: "whether an explanation satisfies",
    Purpose.CASCADE: "whether an outage spreads",
    Purpose.CASCADE_TIME: "when an outage spreads",
    Purpose.SOLIDARITY: "whether an ally takes up an act",
    Purpose.BACKGROUND_RATE: "how often a dyad has incidents",
    Purpose.BACKGROUND_TIME: "when a background incident strikes",
    Purpose.BACKGROUND_SIDE: "whom a background incident strikes",
    Purpose.BACKGROUND_CAUSE: "what causes a background incident",
    Purpose.BACKGROUND_SEVERITY: "how severe a background incident is",
    Purpose.BACKGROUND_SEEN: "whether a background incident is seen",
    Purpose.PATCHED: "whether a drawn incident was patched against",
    Purpose.ANNOUNCES: "whether an activity is announced",
    Purpose.ADMITS: "whether a visit is granted",
    Purpose.VISIT_TIME: "how long a visit takes",
    Purpose.VISIT: "what a visit finds",
    Purpose.REPORTS: "whether an operator reports",
    Purpose.AWARENESS: "when an operator notices",
    Purpose.OPERATOR_REPORT: "what an operator reports",
}
"""What each draw decides."""


def occasion_rows(audit: Audit, most: int) -> list[list[str]]:
    """Return a row for each of the purposes most drawn for, one for all others, one for all: words, counts, share."""
    ordered = audit.occasions.sort("either", "purpose", descending=[True, False])
    shown = [[WORDS[Purpose[row["purpose"].upper()]], *_counts(row)] for row in ordered.head(most).to_dicts()]
    others = ordered.slice(most)
    if len(others):
        shown.append([f"{len(others)} other purposes", *_counts(_summed(others))])
    return [*shown, ["all", *_counts(_summed(ordered))]]


def cause_rows(audit: Audit, most: int) -> list[list[str]]:
    """Return a row for each of the most frequent first records that differ: kinds, replications, share, hour."""
    rows = [
        [
            _kind(row["left"]),
            _kind(row["right"], row["differs"]),
            f"{row['n']:,}",
            f"{percent(row['share'])} %",
            _hour(row),
        ]
        for row in audit.causes.head(most).to_dicts()
    ]
    others = audit.causes.slice(most)
    if len(others):
        n, share = others["n"].sum(), float(others["share"].sum())
        rows.append([f"{len(others)} other pairs", "", f"{n:,}", f"{percent(share)} %", ""])
    return rows


def saved_rows(audit: Audit) -> list[list[str]]:
    """Return a row a rung: act, replications in which only the one or only the other arm reaches it, what was saved."""
    return [
        [
            f"{row['rung']}: {act_in_words(row['rung'])}",
            f"{row['discordant_down']:,}",
            f"{row['discordant_up']:,}",
            "-" if row["variance_ratio"] is None else f"{row['variance_ratio']:.2f}",
        ]
        for row in audit.saved.to_dicts()
    ]


def sentence(audit: Audit) -> str:
    """Return in plain words how far the luck of two arms stays in step, and what that saved."""
    left, right = map(isolated, audit.arms)
    share = "none" if audit.common is None else f"{percent(audit.common)} %"
    told = (
        f"{ASSUMED}, {share} of the occasions on which '{left}' or '{right}' draws are common to both. {_parts(audit)}"
    )
    saved = audit.saved.row(by_predicate=pl.col("rung") == FIREBREAK, named=True)
    act, ratio = f"rung {FIREBREAK} or above", saved["variance_ratio"]
    if ratio is None:
        return f"{told} No replication reaches {act} in one arm only, so there is no variance to save."
    apart, worth = saved["discordant_up"] + saved["discordant_down"], float(f"{audit.replications * ratio:.2g}")
    return (
        f"{told} In {apart:,} {act} is reached in one arm only; of that difference {audit.replications:,} replications "
        f"under common luck say as much as about {worth:,.0f} would with luck of their own in each arm."
    )


def made_of(audit: Audit) -> str:
    """Return what an audit's figures hang on, in a line: rule, seed, what was changed."""
    return made_with(audit.scenario, audit.seed, audit.rules)


def _parts(audit: Audit) -> str:
    parting = audit.parting.row(0, named=True)
    n, never = parting["n"], parting["never"]
    if never == n:
        return f"None of {n:,} replications parts."
    low, median, high = (f"{parting[f'hour_{name}']:,.1f}" for name in ("low", "median", "high"))
    some = f"{never:,} of {n:,} replications never part; half of the others part"
    which = some if never else f"All {n:,} replications part, half of them"
    return f"{which} within {median} h of the start (quartiles {low} and {high} h)."


def _summed(rows: pl.DataFrame) -> dict[str, Any]:
    total = rows.select(pl.col("left", "right", "both", "either").sum())
    return total.with_columns((pl.col("both") / pl.col("either")).fill_nan(None).alias("common")).row(0, named=True)


def _counts(row: Mapping[str, Any]) -> list[str]:
    share = "-" if row["common"] is None else f"{percent(row['common'])} %"
    return [f"{row['left']:,}", f"{row['right']:,}", f"{row['both']:,}", share]


def _kind(label: str | None, differs: str = "") -> str:
    other = f", other {differs}" if differs else ""
    return "no such record" if label is None else label.replace("_", " ") + other


def _hour(row: Mapping[str, Any]) -> str:
    return f"{row['hour_median']:,.1f}"
