"""Correction for many comparisons, on request: which of them may be believed together."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control

from simcrisis.stats.limits import Floats
from simcrisis.stats.methods import Correction
from simcrisis.stats.multiplicity import holm


def adjusted(table: pl.DataFrame, correction: Correction) -> pl.DataFrame:
    """Return a table with the column `p_adjusted` behind its `p_value`; null where that is.

    A family is all comparisons of the table: over arms and design points, of each rung where the table has rungs (they
    are asked for one at a time), of all measures together where it has measures. Benjamini and Yekutieli 2001,
    doi:10.1214/aos/1013699998, for `fdr`.
    """
    family = ["rung"] if "rung" in table.columns else []
    found = np.full(len(table), np.nan)
    numbered = table.with_row_index("row").filter(pl.col("p_value").is_not_null())
    for each in numbered.partition_by(family) if family else [numbered]:
        p = each["p_value"].to_numpy()
        found[each["row"].to_numpy()] = holm(p.tolist()) if correction is Correction.HOLM else _fdr(p)
    behind = table.get_column_index("p_value") + 1
    corrected = pl.Series("p_adjusted", found).fill_nan(None)
    return table.select(*table.columns[:behind], corrected, *table.columns[behind:])


def _fdr(p: Floats) -> Floats:
    return np.asarray(false_discovery_control(p, method="by"), np.float64)
