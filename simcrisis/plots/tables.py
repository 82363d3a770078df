"""What a plot asks of a table: its columns, one design point, one rung."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

_BEFORE_FACTORS, _BEHIND_FACTORS = "point", "rung"


class Columns(NamedTuple):
    """Where a table has an estimate and its bounds."""

    value: str
    low: str = "low"
    high: str = "high"


_COMPENSATED = Columns("compensated", "compensated_low", "compensated_high")
RISK, DIFFERENCE = Columns("probability"), Columns("difference")


def needs(table: pl.DataFrame | None, of: str, *columns: str) -> pl.DataFrame:
    """Return a table as it is; `of` says where such tables come from.

    Raises TypeError for what is no polars DataFrame, ValueError where it lacks columns or has no rows.
    """
    if not isinstance(table, pl.DataFrame):
        raise TypeError(f"a polars DataFrame is wanted, such as {of}; pl.from_pandas makes one of a pandas DataFrame")
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {', '.join(missing)}; what is wanted is {of}")
    if table.is_empty():
        raise ValueError(f"the table has no rows; what is wanted is {of}")
    return table


def one_point(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table as it is; raises ValueError where it holds several design points."""
    if "point" in table.columns and table["point"].n_unique() > 1:
        raise ValueError(
            f"the table holds {table['point'].n_unique()} design points; choose one, such as "
            "table.filter(pl.col('point') == 0), or draw dose_response or heat_map"
        )
    return table


def at_rung(table: pl.DataFrame, rung: int) -> pl.DataFrame:
    """Return the rows of a rung; raises ValueError where there are none."""
    found = table.filter(pl.col("rung") == rung)
    if found.is_empty():
        known = ", ".join(map(str, table["rung"].unique().sort()))
        raise ValueError(f"the table has no rung {rung}; there are {known}")
    return found


def estimated(table: pl.DataFrame, columns: Columns, compensated: bool) -> pl.DataFrame:
    """Return a table with columns value, lower, upper and `plain`, of one estimate a row.

    Compensated where that is wanted and known; `plain` where it is wanted and not known.
    """
    if compensated:
        needs(table, "a table with compensated estimates", *_COMPENSATED)
    wanted = _COMPENSATED if compensated else columns
    plain = pl.col(wanted.value).is_null()
    chosen = [
        pl.when(plain).then(pl.col(usual)).otherwise(pl.col(name)).alias(alias)
        for alias, usual, name in zip(("value", "lower", "upper"), columns, wanted, strict=True)
    ]
    return table.with_columns(*chosen, plain.alias("plain"))


def arms_of(table: pl.DataFrame) -> list[str]:
    """Return the arms of a table in its order."""
    return table["arm"].unique(maintain_order=True).to_list()


def factors_of(table: pl.DataFrame) -> list[str]:
    """Return the factors of a table of several design points: its columns between `point` and `rung`."""
    if not {_BEFORE_FACTORS, _BEHIND_FACTORS} <= set(table.columns):
        return []
    names = table.columns
    return names[names.index(_BEFORE_FACTORS) + 1 : names.index(_BEHIND_FACTORS)]


def check_factor(table: pl.DataFrame, name: str) -> None:
    """Raise ValueError where a table has no such factor."""
    known = factors_of(table)
    if not known:
        raise ValueError("the table has no factors: its batch varies nothing")
    if name not in known:
        raise ValueError(f"the table has no factor '{name}'; there are {', '.join(known)}")
