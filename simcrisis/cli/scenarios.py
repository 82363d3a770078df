"""`list`, `new`, `validate`, `schema`: scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli.common import JsonOption, QuietOption, TrustOption, refuse_existing
from simcrisis.cli.output import WRONG_INPUT, located_errors, make_table, print_json, print_table, say
from simcrisis.errors import ScenarioError, isolated, printable


def list_(as_json: JsonOption = False) -> None:
    """List the shipped scenarios with their questions."""
    from simcrisis.scenario import load, shipped

    with located_errors():
        scenarios = {name: load(name) for name in shipped()}
    if as_json:
        print_json(
            [
                {"name": name, "title": s.title, "question": s.question, "arms": list(s.arms)}
                for name, s in scenarios.items()
            ]
        )
        return
    rows = [[name, f"{s.title}\n{s.question}", ", ".join(s.arms)] for name, s in scenarios.items()]
    print_table(make_table("", ["scenario", "question", "arms"], rows))


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it, e.g. my_crisis.yaml.")],
    quiet: QuietOption = False,
) -> None:
    """Write a commented scenario file to start from."""
    from simcrisis.scenario.shelf import starter

    with located_errors():
        refuse_existing(file)
        file.write_text(starter(), encoding="utf-8")
    say(f"{file} written; try: simcrisis batch {file}", quiet=quiet)


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files or shipped names.")],
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
) -> None:
    """Report every problem of scenario files, or one line a file; exit status 0 or 2."""
    from simcrisis.scenario import load

    found: list[dict[str, object]] = []
    wrong = False
    for file in files:
        try:
            scenario = load(file, trust_code=trust_code)
        except ScenarioError as error:
            wrong = True
            for problem in error.problems:
                typer.echo(str(problem), err=True)
            found.append({"file": file, "valid": False, "problems": [_as_dict(p) for p in error.problems]})
            continue
        found.append({"file": file, "valid": True, "title": scenario.title, "problems": []})
        if not as_json:
            things = {"State": len(scenario.states), "incident": len(scenario.incidents), "arm": len(scenario.arms)}
            if scenario.experiment is not None:
                things["factor"] = len(scenario.experiment.vary)
            counted = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in things.items())
            typer.echo(f"{printable(file)}: valid: {isolated(scenario.title)} ({counted})")
    if as_json:
        print_json(found)
    if wrong:
        raise typer.Exit(WRONG_INPUT)


def _as_dict(problem: object) -> dict[str, object]:
    return {name: getattr(problem, name) for name in ("file", "line", "column", "path", "message")}


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simcrisis.scenario.schema import json_schema

    print_json(json_schema())
