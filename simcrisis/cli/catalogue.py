"""`catalogue`: the packaged data, with sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
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
    """Print the 57 participating States and the eleven Partners: codes, capital, time zone, indices, profile."""
    from simcrisis.catalogue import ParticipatingState, profile_of, real_states, sources_of_states

    rows = [
        {
            "name": state.name,
            "standing": state.standing,
            "iso3": state.iso3,
            "iso2": state.iso2,
            "capital": state.capital,
            "zone": state.zone,
            "gci_2020": state.gci_2020 if isinstance(state, ParticipatingState) else None,
            "ncsi": state.ncsi if isinstance(state, ParticipatingState) else None,
            "profile": profile_of(state),
        }
        for state in real_states()
    ]
    _show("Participating States of the OSCE and Partners for Co-operation", rows, ["gci_2020", "ncsi"], as_json)
    if not as_json:
        for column, source in sources_of_states().items():
            typer.echo(f"{column}: {source}")
        typer.echo("Partners: M, from memory. Who is not scored has an imputed profile: medium")


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


@app.command()
def cbms(as_json: JsonOption = False) -> None:
    """Print the sixteen CBMs as treatments: what each acts on, how far, its null, what evidence there is."""
    from simcrisis import catalogue

    measures = catalogue.cbms().values()
    if as_json:
        print_json([measure.model_dump(mode="json") for measure in measures])
        return
    for measure in measures:
        told = {"asks": measure.paraphrase, "acts on": measure.acts_on, "evidence": measure.evidence}
        if measure.line:
            told["brings"] = f"{measure.line.replace('_', ' ')} lines between States that have both adopted it"
        for name, effect in measure.effect.items():
            told[f"effects.{measure.key}.{name}"] = (
                f"{effect.what}: {effect.size} ({effect.how.value.replace('_', ' ')}; null {effect.null}; "
                f"{effect.source})"
            )
        told["shows first in"] = f"{measure.measure}, {measure.direction} (a column of the table `runs` of a batch)"
        _tell(f"CBM {measure.number}  {measure.title}", told)
    typer.echo(
        "In our words, not those of the decisions: check the wording before you quote. The measures are voluntary; "
        "every size is a hypothesis."
    )


@app.command()
def procedures(as_json: JsonOption = False) -> None:
    """Print the procedures for disputes with their terms."""
    from simcrisis import catalogue
    from simcrisis.units import format_duration

    known = catalogue.procedures()
    if as_json:
        print_json([{"name": name, **each.model_dump(mode="json")} for name, each in known.items()])
        return
    for name, each in known.items():
        plain = each.model_dump(mode="json")
        occasions = {
            f"after an act of rung {each.from_rung} or above": each.from_rung is not None,
            "after silence": each.on_silence,
            "about a military activity": each.on_activity,
        }
        terms = {
            "explanation within": format_duration(each.term) if each.explanation else "",
            "settled by it": f"with probability {each.satisfies:g}" if each.explanation else "",
            "visit granted or refused within": format_duration(each.refusal) if each.visit else "",
            "visit over after": catalogue.in_words(plain["visit"]) if each.visit else "",
            "strength of what visitors see": f"d' {each.strength:g}" if each.visit else "",
            "seconders": f"{each.seconders} within {format_duration(each.seconding)}" if each.seconders else "",
            "consent": "of both sides" if each.consent else "",
            "meeting after": catalogue.in_words(plain["meeting"]) if each.meeting else "",
        }
        who = "offered by the hub" if each.opened_by == "hub" else "by either side"
        opened = f"{who} {' or '.join(words for words, there in occasions.items() if there)}"
        told = {"is": each.what, "opened": opened, **terms, "source": each.source}
        _tell(name, {key: text for key, text in told.items() if text})


def _tell(title: str, paragraphs: Mapping[str, str]) -> None:
    typer.echo(title)
    for name, text in paragraphs.items():
        typer.echo(fill(f"{name}: {' '.join(text.split())}", 100, initial_indent="  ", subsequent_indent="    "))
    typer.echo("")
