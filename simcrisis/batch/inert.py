"""Texts that no spreadsheet takes for formulas."""

from __future__ import annotations

import polars as pl

_STARTS_A_FORMULA = r"^([=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20])"


def inert(text: str) -> str:
    """Return a text with an apostrophe before a sign that begins a formula (OWASP, CSV injection)."""
    return str(pl.select(_inert(pl.lit(text))).item())


def inert_table(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return a table whose texts, heads included, begin no formula."""
    names = table.collect_schema().names()
    texts = pl.col(pl.String, pl.Categorical, pl.Enum).cast(pl.String)
    return table.with_columns(_inert(texts)).rename({name: inert(name) for name in names})


def _inert(texts: pl.Expr) -> pl.Expr:
    return texts.str.replace(_STARTS_A_FORMULA, "'$1")
