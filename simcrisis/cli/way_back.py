"""`exercise read`, `debrief`, `purge`, `pool` and `fit`: from what tables decided to a report, and to data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.cli.common import JsonOption, QuietOption, words
from simcrisis.cli.output import INTERRUPTED, located_errors, make_table, print_json, print_table, say, tell
from simcrisis.errors import ExerciseError, isolated
from simcrisis.shown import ASSUMED, figure

if TYPE_CHECKING:
    from simcrisis.exercise.back.answers import Answers
    from simcrisis.exercise.back.doctrine import Doctrine

PackArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A pack that `exercise build` made.")]


@contextmanager
def errors() -> Iterator[None]:
    """Turn errors that a user can put right into lines and exit status 2, a part that is not installed among them."""
    with located_errors():
        try:
            yield
        except ModuleNotFoundError as error:
            needed = (error.name or "").partition(".")[0]
            raise ExerciseError(f'exercise needs {needed}: pip install "simcrisis[office]"') from None


def read(
    pack: PackArgument,
    paste: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Rows as copied from a sheet or a message, of any table. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read the decision sheets of a pack: tables/STATE/decisions.xlsx, or .xlsm, .csv, .txt beside it.

    Every problem is one line with file, sheet and cell, and then nothing is written. What could be repaired is said.
    The result is answers/decisions.json in the pack.
    """
    with errors():
        from simcrisis.exercise.back.answers import write_answers
        from simcrisis.exercise.back.reading import read_pack

        found = read_pack(pack, paste or [])
        file = write_answers(found, pack)
    for line in found.said:
        say(line, quiet=quiet)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if not quiet:
        print_table(_decisions(found))
    say(f"{file}; next: simcrisis exercise debrief {pack}", quiet=quiet)


def _decisions(found: Answers) -> Any:
    heads = ("card", "step", "sure (%)")
    rows = [
        (
            each.table,
            str(each.number),
            "-" if each.step is None else str(each.step),
            "-" if each.belief is None else figure(each.belief),
            str(each.status),
        )
        for each in found.decisions
    ]
    return make_table("What the tables decided", ["table", *heads, "entry"], rows, numbers=heads)


def debrief(
    pack: PackArgument,
    table: Annotated[
        str | None,
        typer.Option(metavar="STATES", help="Tables that want their alternative courses in it, with commas, or 'all'."),
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=10, max=100_000, metavar="N", help="Continuations of each step.")
    ] = 1000,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the after-action report of a pack that was read: debrief/report.docx to change, report.html to send.

    Notes of hot washes (notes/*.txt, .md, .docx) and questionnaire.csv or .xlsx in the pack are merged. Alternative
    courses are for tables that ask for them; about 15 seconds a decision. The same command writes the report anew.
    """
    with errors():
        from simcrisis.exercise.debrief.report import debriefing, tables_named, write_report

        try:
            with _bar(quiet) as reached:
                wanted = tables_named(pack, words(table) or [])
                found = debriefing(pack, wanted, replications, reached)
            files = write_report(found, pack)
        except KeyboardInterrupt:
            say("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None
    said = [*found.notes.said, *(found.questionnaire.said if found.questionnaire else ())]
    said += [f"{name}: no decision of this table counts; there are no alternative courses" for name in found.uncounted]
    for line in said:
        say(line, quiet=quiet)
    if as_json:
        courses = [
            {"table": each.answer.table, "card": each.answer.number, "step": each.answer.step, "played": each.played,
             "story": each.story, "courses": each.table.to_dicts()}
            for each in found.courses
        ]  # fmt: skip
        print_json({"standing": ASSUMED, "files": [str(file) for file in files], "said": said, "courses": courses})
        return
    say("\n".join(map(str, files)), quiet=quiet)


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give what draws how many runs are done, at a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("alternative courses", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def purge(
    pack: PackArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it without asking.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Remove what participants typed, and what was made of it.

    Answers, notes, questionnaires and reports go; decision sheets are made empty. It lists everything and asks, unless
    --yes is given. Other files that the pack was not built with are named: they, and files elsewhere (pasted ones,
    pools, copies of reports), are yours to remove.
    """
    with errors():
        from simcrisis.exercise.back.purge import purge as remove
        from simcrisis.exercise.back.purge import to_purge

        found = to_purge(pack)
        gone, emptied = [str(path) for path in found.gone], [str(path) for path, _ in found.emptied]
        if found.unmade:
            say(f"{found.unmade}\nthe empty sheets cannot be made again: they are removed; look for others")
        for path in gone:
            say(f"remove {path}", quiet=quiet)
        for path in emptied:
            say(f"empty {path}", quiet=quiet)
        if (gone or emptied) and not yes:
            if not sys.stdin.isatty():
                raise ExerciseError("nothing was removed; say --yes to remove it")
            if not typer.confirm("Remove all this for good?", err=True):
                say("nothing was removed", quiet=quiet)
                return
        remove(found)
    strange = [str(path) for path in found.strange]
    for path in strange:
        say(f"{path}: the pack was not built with it, and it stays; look into it, and remove it")
    if as_json:
        print_json({"removed": gone, "emptied": emptied, "left": strange})
    elif gone or emptied:
        say(f"{len(gone)} removed, {len(emptied)} decision sheets emptied", quiet=quiet)
    elif not strange:
        say("there is nothing that anybody has typed", quiet=quiet)


def pool(
    packs: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Packs that were read, one a workshop.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="A table .csv or .parquet.")],
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Pool the decisions of several workshops into one table: situation and step, a row a decision; no texts."""
    with errors():
        from simcrisis.exercise.back.pooling import pool as pooled
        from simcrisis.exercise.back.pooling import write_pool

        table = pooled(packs)
        write_pool(table, out)
    if as_json:
        print_json(table.to_dicts())
    say(f"{len(table)} decisions of {table['workshop'].n_unique()} workshops in {out}", quiet=quiet)


def fit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Decisions as `exercise pool` or `export` writes them.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the doctrine there, as YAML.")] = None,
    belief: Annotated[
        str, typer.Option(metavar="WHOSE", help="The belief of the 'table' where it said one, or of the 'story'.")
    ] = "table",
    late: Annotated[bool, typer.Option("--late", help="With decisions that were late.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Fit a doctrine to decisions: the parameters of the rule `logit`, with 95 % bounds, for a scenario to use.

    Parameters of which the decisions say nothing are held at the catalogue's value and named.
    """
    with errors():
        from simcrisis.exercise.back.doctrine import fit_file, fragment
        from simcrisis.files import aside

        found = fit_file(file, belief, late)
        text = fragment(found)
        if out is not None:
            with aside(out) as part:
                part.write_text(text, encoding="utf-8")
    if as_json:
        print_json(_fitted(found))
    elif not quiet:
        _print_fit(found)
    if out is not None:
        say(f"{out}: put it into a scenario", quiet=quiet)


def _fitted(found: Doctrine) -> dict[str, Any]:
    estimates = {
        each.name: {"value": each.value, "low": each.low, "high": each.high, "standard_error": each.error,
                    "verdict": str(each.verdict)}
        for each in found.estimates
    }  # fmt: skip
    return {
        "standing": ASSUMED,
        "decisions": found.decisions,
        "left_out": found.left_out,
        "log_likelihood": found.log_likelihood,
        "log_likelihood_of_chance": found.of_chance,
        "proportion": found.proportion,
        "parameters": estimates,
    }


def _print_fit(found: Doctrine) -> None:
    from simcrisis.exercise.back.doctrine import Verdict, bounds, rounded

    heads = ["value", "95 % bounds", "standard error"]
    rows = [
        (e.name, figure(e.value), "-" if e.verdict is Verdict.HELD else bounds(e), figure(e.error), str(e.verdict))
        for e in rounded(found).estimates
    ]
    title = isolated(f"A doctrine fitted to {found.decisions} decisions")
    print_table(make_table(title, ["parameter", *heads, "what the decisions say"], rows, numbers=[heads[0], heads[2]]))
    if found.left_out:
        tell(f"{found.left_out} left out: a step beyond 3 without a suspect, which the rule does not know.")
    tell(
        f"{ASSUMED}: tables choose as the logit rule does, all alike, each decision by itself. Log-likelihood "
        f"{found.log_likelihood:.1f}; {found.of_chance:.1f} if every open step were equally likely."
    )


COMMANDS = (read, debrief, purge, pool, fit)
