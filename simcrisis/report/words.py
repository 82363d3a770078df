"""Words that pages and sentences share."""

from __future__ import annotations

from simcrisis.batch.batch import Batch
from simcrisis.units import HOUR, format_duration


def within(batch: Batch) -> str:
    """Return how long the runs of a batch last: from the shortest to the longest, where the horizon is varied."""
    ends = [format_duration(round(hours * HOUR)) for hours in (min(batch.plan.horizons), max(batch.plan.horizons))]
    return " to ".join(dict.fromkeys(ends))
