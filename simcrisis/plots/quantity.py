"""What is drawn over design points: the risk of a rung, or what an arm changes in it."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from matplotlib.ticker import FuncFormatter

from simcrisis.plots.tables import DIFFERENCE, RISK, Columns, at_rung, needs
from simcrisis.plots.words import POINTS, number, or_above, percent

_OF = "batch.risk or batch.differences"


class Quantity(NamedTuple):
    """Rows of one rung, and how they are drawn."""

    rows: pl.DataFrame
    columns: Columns
    times: float
    """From the table to the axis: a share stays, a difference is in percentage points."""
    reference: str | None
    """The arm from which differences are; None: of risks."""
    reached: str
    """The rung, in words."""
    label: str
    runs: str
    """What `n` counts."""

    def title(self, arm: str | None = None) -> str:
        """Return what a figure shows, of all arms or of one."""
        if self.reference is None:
            return f"Runs that reach {self.reached}" + (f", arm '{arm}'" if arm else "")
        who = f"arm '{arm}' changes" if arm else "each arm changes"
        return f"What {who} against '{self.reference}': {self.reached}"

    @property
    def ticks(self) -> FuncFormatter:
        """How the axis tells it."""
        return FuncFormatter(percent if self.reference is None else number)


def quantity(table: pl.DataFrame, rung: int) -> Quantity:
    """Return what a table of risks or of differences says about a rung; contrasts of several arms are left out.

    Raises ValueError where the table is neither, or has no such rung.
    """
    needs(table, _OF)
    if RISK.value in table.columns:
        rows = at_rung(needs(table, _OF, "arm", "n", *RISK), rung)
        return Quantity(rows, RISK, 1.0, None, or_above(rung), "Share of runs", "runs")
    rows = at_rung(needs(table, _OF, "arm", "reference", "n", "discordant_up", *DIFFERENCE), rung)
    rows = needs(rows.filter(pl.col("discordant_up").is_not_null()), "batch.differences")
    label = f"Change in share of runs, {POINTS}"
    return Quantity(rows, DIFFERENCE, 100.0, rows["reference"][0], or_above(rung), label, "pairs of runs")
