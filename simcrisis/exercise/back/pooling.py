"""`exercise pool`: decisions of several workshops as one tidy table, situation and act; nothing that was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from simcrisis.batch.inert import inert_table
from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import read_answers
from simcrisis.exercise.saved import pack_in
from simcrisis.files import aside
from simcrisis.rules.situation import LOWEST_PUBLIC

_FIRST = ("workshop", "pack", "table", "card", "move", "status")
_CATEGORIES = (pl.Categorical, pl.Enum)


def pool(folders: Sequence[Path]) -> pl.DataFrame:
    """Return the decisions of tables that count, a row each: the columns of `decisions`, and more.

    `act` and `private` are the table's; `act_story` is what the story did. `belief` is the belief of the run and
    `belief_table` what the table said (0 to 1, null: it did not say). `chance_3` ... `chance_10` are those of the
    State's own doctrine. `workshop` is the name of the folder, with those above it where two are alike. Raises
    ExerciseError with every folder that holds no pack that was read, or is named twice.
    """
    tables, wrong = [], _twice(folders)
    for name, folder in zip(_names(folders), folders, strict=True):
        try:
            tables.append(_of_workshop(name, folder))
        except ExerciseError as error:
            wrong.append(str(error))
    if wrong:
        raise ExerciseError("\n".join(wrong))
    return pl.concat(tables)


def _of_workshop(name: str, folder: Path) -> pl.DataFrame:
    pack, material = pack_in(folder)
    answers = [answer for answer in read_answers(folder, pack).decisions if answer.counts]
    typed = pl.DataFrame(
        {
            "seq": [answer.seq for answer in answers],
            "workshop": [name] * len(answers),
            "pack": [pack] * len(answers),
            "table": [answer.table for answer in answers],
            "card": [answer.number for answer in answers],
            "move": [answer.move for answer in answers],
            "status": [str(answer.status) for answer in answers],
            "belief_table": [None if answer.belief is None else answer.belief / 100.0 for answer in answers],
            "step": [answer.step for answer in answers],
        },
        schema={
            "seq": pl.Int64, "workshop": pl.String, "pack": pl.String, "table": pl.String, "card": pl.Int64,
            "move": pl.Int64, "status": pl.String, "belief_table": pl.Float64, "step": pl.Int64,
        },
    )  # fmt: skip
    decided = material.run.decisions.with_columns(pl.col(*_CATEGORIES).cast(pl.String))
    joined = typed.join(decided, on="seq", how="left", maintain_order="left")
    return joined.rename({"act": "act_story"}).select(
        *_FIRST,
        *(
            pl.col("step").alias("act") if column == "act" else column
            for column in decided.columns
            if column != "private"
        ),
        (pl.col("step") < LOWEST_PUBLIC).alias("private"),
        "belief_table",
        "act_story",
    )


def _names(folders: Sequence[Path]) -> list[str]:
    """Return a name for each folder: no two alike, and the same in any order."""
    paths = {folder.resolve().parts for folder in folders}
    found = []
    for folder in folders:
        parts, n = folder.resolve().parts, 1
        while sum(each[-n:] == parts[-n:] for each in paths) > 1:
            n += 1
        found.append("/".join(parts[-n:]))
    return found


def _twice(folders: Sequence[Path]) -> list[str]:
    """Return what is wrong where a folder is named more than once, in whatever way."""
    paths = [folder.resolve() for folder in folders]
    return [f"{folder}: is named twice" for n, folder in enumerate(folders) if paths[n] in paths[:n]]


def write_pool(table: pl.DataFrame, out: Path) -> None:
    """Write pooled decisions as CSV or Parquet, by the ending; raises ExerciseError for another one, OSError."""
    if out.suffix not in {".csv", ".parquet"}:
        raise ExerciseError(f"{out}: should end in .csv or .parquet")
    with aside(out) as file:
        if out.suffix == ".csv":
            inert_table(table.lazy()).collect().write_csv(file)
        else:
            table.write_parquet(file)


def read_pool(path: Path) -> pl.DataFrame:
    """Return a table of decisions from CSV or Parquet; raises ExerciseError where it cannot be read."""
    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    except FileNotFoundError:
        raise ExerciseError(f"{path}: is not there") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ExerciseError(f"{path}: cannot be read as a table: {str(error).splitlines()[0]}") from None
