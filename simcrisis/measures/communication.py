"""What was asked, what came back, and what did not."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN

_COUNTED = {
    "inquiries": Kind.INQUIRY.label,
    "assurances": Kind.ASSURANCE.label,
    "silences": Kind.SILENCE.label,
    "technical_silences": Kind.TECHNICAL_SILENCE.label,
    "lines_down": Kind.LINE_DOWN.label,
    "meetings": Kind.MEETING.label,
    "withdrawn": Kind.WITHDRAWN.label,
}
_BRIEFINGS = [Kind.BRIEFING.label, Kind.TECHNICAL_BRIEFING.label]
_REPLIES = [Kind.ASSURANCE.label, Kind.FORMULAIC.label]


def communication(events: pl.DataFrame) -> pl.DataFrame:
    """Return counts of what was asked, answered and held; reply_hours_median; findings_briefed.

    An unanswered inquiry is censored, not zero: the median is null when half of them or more stay unanswered.
    findings_briefed counts those that reached the desk before the case's first decision.
    """
    counted = events.filter(pl.col("kind").is_in(list(_COUNTED.values())))
    counts = counted.group_by(RUN, maintain_order=True).agg(
        (pl.col("kind") == label).sum().cast(pl.Int64).alias(name) for name, label in _COUNTED.items()
    )
    return counts.join(_replies(events), on=RUN, how="full", coalesce=True, maintain_order="left_right").join(
        _briefed(events), on=RUN, how="full", coalesce=True, maintain_order="left_right"
    )


def _replies(events: pl.DataFrame) -> pl.DataFrame:
    asked = events.filter(pl.col("kind") == Kind.INQUIRY.label).select(*RUN, "case", "hour")
    heard = events.filter(pl.col("kind").is_in(_REPLIES)).select(*RUN, "case", pl.col("hour").alias("heard"))
    waits = asked.join(heard, on=[*RUN, "case"], how="left", maintain_order="left").select(
        *RUN, (pl.col("heard") - pl.col("hour")).fill_null(float("inf")).alias("wait")
    )
    medians = waits.group_by(RUN, maintain_order=True).agg(pl.col("wait").median().alias("reply_hours_median"))
    median = pl.col("reply_hours_median")
    return medians.with_columns(pl.when(median.is_finite()).then(median))


def _briefed(events: pl.DataFrame) -> pl.DataFrame:
    matters = events.filter(pl.col("kind").is_in([*_BRIEFINGS, Kind.DECISION.label]))
    decides = pl.col("kind") == Kind.DECISION.label
    before = pl.when(decides.any()).then(decides.arg_max()).otherwise(pl.len())  # arg_max: place of the first decision
    in_time = matters.group_by([*RUN, "case"], maintain_order=True).agg(before.cast(pl.Int64).alias("findings_briefed"))
    return in_time.group_by(RUN, maintain_order=True).agg(pl.col("findings_briefed").sum())
