"""`exercise`: what a workshop needs, made from a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli import way_back
from simcrisis.cli.common import FileArgument, QuietOption, SeedOption, SetOption, load_to_tell
from simcrisis.cli.output import INTERRUPTED, located_errors, make_table, print_table, say, tell
from simcrisis.errors import ExerciseError

app = typer.Typer(
    help="Make an exercise from a scenario, and a report from what its tables decided.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_WISHES = (
    "Which run is played: median (the most typical), p90 (it goes further than nine in ten), line-down (a line is down "
    "when it is wanted), unanswered (an unanswered question changes a decision)."
)


@app.command()
def build(
    file: FileArgument,
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder for the pack.")],
    seed: SeedOption = 1,
    arm: Annotated[
        str | None, typer.Option(metavar="ARM", help="The arm that is played; default: the last one.")
    ] = None,
    wish: Annotated[str, typer.Option(metavar="WISH", help=_WISHES)] = "median",
    replication: Annotated[
        int | None, typer.Option(min=0, max=10_000_000, metavar="N", help="Play this very run, whatever the wish.")
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=100_000, metavar="N", help="How many runs to choose from.")
    ] = 400,
    tables: Annotated[
        str | None,
        typer.Option(
            metavar="STATES", help="States with a table, one to five, with commas; default: as the scenario says."
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Language of the pack: en, fr, or your own file .toml.")
    ] = "en",
    changes: SetOption = None,
    quiet: QuietOption = False,
) -> None:
    """Build an exercise pack: all that a discussion exercise needs on paper, from one run of a scenario.

    Manual, briefing and inject cards for each table, decision sheets, facilitator guide, events list (MSEL), forms,
    signs, and the sealed truth: PDF to print, DOCX and XLSX to change. Takes about ten seconds.
    """
    with located_errors():
        try:
            from simcrisis.exercise.build import Request, build_pack
        except ModuleNotFoundError as error:
            needed = (error.name or "").partition(".")[0]
            raise ExerciseError(f'exercise needs {needed}: pip install "simcrisis[office]"') from None

        scenario = load_to_tell(file, changes)
        played = [name.strip() for name in tables.split(",")] if tables else []
        request = Request(scenario, seed, arm, wish, replication, replications, played, language)
        chosen = f"one of {replications:,} runs" if replication is None else f"replication {replication}"
        say(f"building the pack from {chosen}: about ten seconds", quiet=quiet)
        try:
            built = build_pack(request, out)
        except KeyboardInterrupt:
            say("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None
    if not quiet:
        tell(f"Played: replication {built.candidates[0][0]}. It goes as far as step {built.peak}")
        if len(built.candidates) > 1:
            print_table(make_table("", built.heads, built.candidates, numbers=built.heads))
            tell("Any of them is played with --replication.")
    say(f"{len(built.files)} files in {out}; begin with {out / 'start_here.pdf'}", quiet=quiet)


@app.command()
def words(
    code: Annotated[str, typer.Argument(metavar="CODE", help="A packaged language: en or fr.")] = "en",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there; default: to the terminal.")] = None,
) -> None:
    """Print a language file, to be changed or translated, and given to `exercise build --language FILE`."""
    from simcrisis.exercise.language import language_file

    with located_errors():
        text = language_file(code)
        if out is None:
            typer.echo(text, nl=False)
            return
        if out.exists():
            raise ExerciseError(f"{out}: is there already; name a new file")
        out.write_text(text, encoding="utf-8")
    say(f"{out}: change its texts, then build with --language {out}")


for command in way_back.COMMANDS:
    app.command(name=command.__name__)(command)
