"""`catalogue`: the packaged data, with sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from simcrisis.cli.common import JsonOption
from simcrisis.cli.output import make_table, print_json, print_table

app = typer.Typer(help="Print the packaged data with their sources.", no_args_is_help=True, rich_markup_mode=None)


def _show(title: str, rows: Sequence[dict[str, Any]], numbers: Sequence[str], as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    shown = [["not scored" if value is None else str(value) for value in row.values()] for row in rows]
    print_table(make_table(title, list(rows[0]), shown, numbers=numbers))


@app.command()
def states(as_json: JsonOption = False) -> None:
    """Print the 57 participating States: codes, capital, time zone, indices, capacity profile."""
    from simcrisis.catalogue import participating_states, profile_of, sources_of_states

    rows = [
        {
            "name": state.name,
            "iso3": state.iso3,
            "iso2": state.iso2,
            "capital": state.capital,
            "zone": state.zone,
            "gci_2020": state.gci_2020,
            "ncsi": state.ncsi,
            "profile": profile_of(state),
        }
        for state in participating_states()
    ]
    _show("The participating States of the OSCE", rows, ["gci_2020", "ncsi"], as_json)
    if not as_json:
        for column, source in sources_of_states().items():
            typer.echo(f"{column}: {source}")


@app.command()
def ladder(as_json: JsonOption = False) -> None:
    """Print the escalation ladder."""
    from simcrisis import catalogue

    rows = [rung.model_dump() for rung in catalogue.ladder()]
    _show(
        "The escalation ladder (gravities: assumed); the firebreak lies between rungs 7 and 8",
        rows,
        ["number", "gravity"],
        as_json,
    )


@app.command()
def targets(as_json: JsonOption = False) -> None:
    """Print the patterns in published data that the model should reproduce."""
    from simcrisis import catalogue

    rows = [target.model_dump() for target in catalogue.targets()]
    _show("Targets (C computed from the named data set, F found in a stored copy)", rows, ["value"], as_json)


@app.command()
def parameters(as_json: JsonOption = False) -> None:
    """Print every parameter: path, default, unit, null, what it does, source."""
    from simcrisis import catalogue

    rows = [row.model_dump() for row in catalogue.parameter_page()]
    shown = (
        rows if as_json else [{key: row[key] for key in ("path", "default", "unit", "null", "what")} for row in rows]
    )
    _show("Parameters (sources: --json, or docs/parameters.md)", shown, ["default", "null"], as_json)
