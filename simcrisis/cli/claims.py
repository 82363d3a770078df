"""`claim`, `verify`: figures as cards that anybody can recompute."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.cli.common import ArmsOption, FileArgument, JsonOption, QuietOption, SeedOption, SetOption, load_with
from simcrisis.cli.output import located_errors, make_table, print_json, print_table, say, tell
from simcrisis.errors import ClaimError, SimcrisisError, printable
from simcrisis.events import EXCEEDED, FIREBREAK

if TYPE_CHECKING:
    from simcrisis.claims.card import Card


def claim(
    file: FileArgument,
    arms: ArmsOption = None,
    rung: Annotated[int, typer.Option(min=EXCEEDED[0], max=EXCEEDED[-1], help="The rung that is reached.")] = FIREBREAK,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=10, max=10_000_000, help="Runs of each arm.")
    ] = 10_000,
    ensemble: Annotated[
        int, typer.Option(min=0, max=100_000, help="Runs of each arm in each set of the ensemble; 0: leave it out.")
    ] = 300,
    tries: Annotated[
        int, typer.Option(min=0, max=100_000, help="Runs of each try for what reverses a sign; 0: do not look for it.")
    ] = 1_000,
    seed: SeedOption = 1,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the cards go: SCENARIO-ARM.json.")] = Path("cards"),
    changes: SetOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a card for what each arm changes: figures, how far they reach, what reverses them, what they stand on."""
    from simcrisis.claims.card import write_card
    from simcrisis.claims.claim import Asked, made
    from simcrisis.scenario import shipped

    with located_errors():
        scenario = load_with(file, changes)
        known = list(scenario.arms)
        wanted = known if arms is None else [arm.strip() for arm in arms.split(",")]
        chosen = tuple(arm for arm in known if arm in {known[0], *wanted})
        unknown = [arm for arm in wanted if arm not in known]
        if unknown or len(chosen) < 2:
            raise ClaimError(f"--arms {arms}: name arms besides {known[0]}; there are {', '.join(known)}")
        name = file if file in shipped() else str(Path(file).resolve())
        if out.exists() and not out.is_dir():
            raise ClaimError(f"{out}: is no folder")
        out.mkdir(parents=True, exist_ok=True)
        asked = Asked(scenario, name, chosen, rung, replications, seed, ensemble, tries)
        cards = made(asked, lambda what: say(what, quiet=quiet))
        stem = file if file in shipped() else Path(file).stem
        for arm, card in cards.items():
            path = out / f"{stem}-{arm}.json"
            if file not in shipped():
                card["scenario"] = os.path.relpath(Path(file).resolve(), out.resolve())
            write_card(card, path)
            say(f"{path} written", quiet=quiet)
    if as_json:
        print_json(list(cards.values()))
    else:
        for card in cards.values():
            _print(card)


def verify(
    cards: Annotated[list[Path], typer.Argument(metavar="CARD...", help="Cards, such as docs/cards/*.json.")],
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the figures over the ensemble.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Recompute claim cards; exit 2 with a line for each figure that is not what comes out."""
    from simcrisis.claims.verify import verified

    found: list[dict[str, Any]] = []
    wrong = False
    for path in cards:
        try:
            card = verified(path, partial(_doing, path, quiet), ensemble=not quick)
        except SimcrisisError as error:
            wrong = True
            for line in str(error).splitlines():
                typer.echo(printable(line), err=True)
            found.append({"card": str(path), "holds": False, "problems": str(error).splitlines()})
            continue
        found.append({"card": str(path), "holds": True, "claim": card["claim"]})
        if not as_json:
            left = ", the ensemble" if quick else ""
            tell(f"{path}: recomputed, every figure the same (left out: the search for what reverses it{left}).")
    if as_json:
        print_json(found)
    if wrong:
        raise typer.Exit(2)


def _doing(path: Path, quiet: bool, what: str) -> None:
    say(f"{path}: {what}", quiet=quiet)


def _print(card: Card) -> None:
    tell(f"\n{card['claim']}")
    rows = [[each["what"], _points(each)] for each in card["beside"]]
    for each in card["ensemble"]:
        reaches = f"{each['sets']} sets: {_point(each['low'])} to {_point(each['high'])}"
        held = f"{reaches}, sign holds in {each['same_sign']:.0%}"
        rows.append([f"ensemble, {each['rule']}", held])
    flip = card["flips_if"]
    if flip is not None:
        rows.append([f"flips if {flip['path']} {_short(flip['now'])} -> {_short(flip['then'])}", _points(flip)])
    elif card["searched"] is not None:
        rows.append(
            ["flips if", f"none confirmed among {len(card['searched']['parameters'])} parameters, one at a time"]
        )
    print_table(make_table("", ["beside it", "points"], rows))


def _points(effect: Any) -> str:
    return f"{_point(effect['estimate'])} ({_point(effect['low'])} to {_point(effect['high'])})"


def _point(share: float) -> str:
    return f"{100 * share:+.2f}"


def _short(value: Any) -> str:
    if isinstance(value, dict) and "median" in value:
        return f"median {value['median']}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
