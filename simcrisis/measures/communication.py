"""What was asked, what came back, and what did not."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN

_COUNTED = {
    "inquiries": (Kind.INQUIRY,),
    "assurances": (Kind.ASSURANCE,),
    "silences": (Kind.SILENCE,),
    "technical_silences": (Kind.TECHNICAL_SILENCE,),
    "lines_down": (Kind.LINE_DOWN,),
    "meetings": (Kind.MEETING,),
    "withdrawn": (Kind.WITHDRAWN,),
}
_BRIEFINGS = [Kind.BRIEFING.label, Kind.TECHNICAL_BRIEFING.label]
_REPLIES = [Kind.ASSURANCE.label, Kind.FORMULAIC.label]


def communication(events: pl.DataFrame) -> pl.DataFrame:
    """Return counts of what was asked, answered and held; reply_hours_median; findings_briefed.

    An unanswered inquiry is censored, not zero: the median is null when half of them or more stay unanswered.
    findings_briefed counts those that reached the desk before the case's first decision.
    """
    counts = events.group_by(RUN, maintain_order=True).agg(
        pl.col("kind").is_in([kind.label for kind in kinds]).sum().cast(pl.Int64).alias(name)
        for name, kinds in _COUNTED.items()
    )
    return counts.join(_replies(events), on=RUN, how="left", maintain_order="left").join(
        _briefed(events), on=RUN, how="left", maintain_order="left"
    )


def _replies(events: pl.DataFrame) -> pl.DataFrame:
    asked = events.filter(pl.col("kind") == Kind.INQUIRY.label).select(*RUN, "case", "hour")
    heard = events.filter(pl.col("kind").is_in(_REPLIES)).select(*RUN, "case", pl.col("hour").alias("heard"))
    waits = asked.join(heard, on=[*RUN, "case"], how="left", maintain_order="left").select(
        *RUN, (pl.col("heard") - pl.col("hour")).fill_null(float("inf")).alias("wait")
    )
    median = pl.col("wait").median()
    return waits.group_by(RUN, maintain_order=True).agg(
        pl.when(median.is_finite()).then(median).alias("reply_hours_median")
    )


def _briefed(events: pl.DataFrame) -> pl.DataFrame:
    first = (
        events.filter(pl.col("kind") == Kind.DECISION.label)
        .group_by([*RUN, "case"], maintain_order=True)
        .agg(pl.col("seq").min().alias("decided"))
    )
    briefings = events.filter(pl.col("kind").is_in(_BRIEFINGS)).join(
        first, on=[*RUN, "case"], how="left", maintain_order="left"
    )
    in_time = briefings.filter(pl.col("decided").is_null() | (pl.col("seq") < pl.col("decided")))
    return in_time.group_by(RUN, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("findings_briefed"))
