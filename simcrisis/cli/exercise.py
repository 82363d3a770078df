"""`exercise`: what a workshop needs, made from a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli.common import FileArgument, QuietOption, SeedOption, SetOption, load_to_tell
from simcrisis.cli.output import located_errors, say, tell
from simcrisis.errors import ExerciseError

app = typer.Typer(help="Make an exercise from a scenario.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def build(
    file: FileArgument,
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder for the pack.")],
    seed: SeedOption = 1,
    arm: Annotated[str | None, typer.Option(help="The arm that is played; default: the last.")] = None,
    wish: Annotated[str, typer.Option(help="Which run is played: median, p90, line-down or unanswered.")] = "median",
    replication: Annotated[
        int | None, typer.Option(min=0, max=10_000_000, help="Play this run, whatever the wish.")
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=100_000, help="Runs to choose from.")
    ] = 400,
    tables: Annotated[str | None, typer.Option(help="States that are played, with commas.")] = None,
    language: Annotated[str, typer.Option(help="Language of the pack: a code, or a file .toml.")] = "en",
    changes: SetOption = None,
    quiet: QuietOption = False,
) -> None:
    """Build an exercise pack: manual, briefings, inject cards, events list, sheets, forms, and the sealed truth."""
    with located_errors():
        try:
            from simcrisis.exercise.build import Request, build_pack
        except ModuleNotFoundError as error:
            needed = (error.name or "").partition(".")[0]
            raise ExerciseError(f'exercise needs {needed}: pip install "simcrisis[office]"') from None

        scenario = load_to_tell(file, changes)
        played = [name.strip() for name in tables.split(",")] if tables else []
        request = Request(scenario, seed, arm, wish, replication, replications, played, language)
        built = build_pack(request, out)
    if not quiet:
        tell("\n".join(built.told))
    say(f"{len(built.files)} files in {out}; begin with {out / 'start_here.pdf'}", quiet=quiet)
