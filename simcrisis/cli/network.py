"""`network`: who reaches whom by what, and what hangs on one State or one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import FileArgument, JsonOption, QuietOption, SetOption, TrustOption, load_with
from simcrisis.cli.output import located_errors, make_table, print_json, print_table, say
from simcrisis.errors import Problem, ScenarioError, isolated
from simcrisis.files import aside, check_target

if TYPE_CHECKING:
    from simcrisis.report.network import Network
    from simcrisis.scenario import Scenario

_ARMS_BESIDE = 5
"""Arms that a terminal shows side by side."""
_TERMS = (
    "Parts: groups of States that reach each other, an isolated State being one. Articulation point: a State without "
    "which others no longer reach each other. Betweenness: share of all pairs of States whose shortest route (fewest "
    "lines, technical or policy-level) runs over the line; lines side by side share it equally. In brackets after "
    "what a line cuts off: pairs of States that without it no longer reach each other, not through third States either."
)


def network(
    file: FileArgument,
    arm: Annotated[str | None, typer.Option(help="Which arm; default: every arm.")] = None,
    graphml: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Also write the graph of the arm: .graphml, for Gephi.")
    ] = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print who reaches whom by what, and what is lost with each line."""
    from simcrisis.report.network import network_of

    with located_errors():
        scenario = load_with(file, changes, trust_code)
        arms = [arm] if arm is not None else list(scenario.arms)
        if graphml is not None:
            _check_target(graphml, arms)
        networks = [network_of(scenario, each) for each in arms]
        if graphml is not None:
            _write_graph(scenario, arms[0], graphml)
            say(f"graph of arm '{arms[0]}' written to {graphml}; in Gephi, choose not to merge edges", quiet=quiet)
    if as_json:
        print_json(_document(scenario, networks))
    else:
        _print(scenario, networks)


def _check_target(path: Path, arms: list[str]) -> None:
    if path.suffix != ".graphml":
        raise ScenarioError([Problem("--graphml", 0, 0, "", f"'{path}' must end in .graphml, by which Gephi knows it")])
    check_target(path)
    if len(arms) > 1:
        choice = ", ".join(arms[:12]) + (", ..." if len(arms) > 12 else "")
        raise ScenarioError([Problem("--graphml", 0, 0, "", f"a graph is that of one arm; add --arm, one of {choice}")])


def _write_graph(scenario: Scenario, arm: str, path: Path) -> None:
    from simcrisis.report.network import graphml

    with aside(path) as file:
        file.write_bytes(graphml(scenario, arm))


def _document(scenario: Scenario, networks: list[Network]) -> dict[str, object]:
    from simcrisis.report.network import STANDING, document

    return {
        "scenario": scenario.title,
        "scenario_sha256": scenario.digest,
        "standing": STANDING,
        "notice": scenario.notice,
        "arms": [document(each) for each in networks],
    }


def _print(scenario: Scenario, networks: list[Network]) -> None:
    from simcrisis.report.network import STANDING, alike, line_rows, reach_rows, shape_rows

    groups = {_arms(same): same[0] for same in alike(networks)}
    whole, pairs = networks[0].whole, len(networks[0].reaches)
    title = (
        "Which States reach each other, by what" if whole else f"By what the {pairs:,} pairs of States reach each other"
    )
    typer.echo(f"{isolated(scenario.title)}\n")
    for n in range(0, len(groups), _ARMS_BESIDE):
        beside = list(groups)[n : n + _ARMS_BESIDE]
        rows = reach_rows([groups[arms] for arms in beside])
        heads = ["States" if whole else "by", *beside]
        print_table(make_table(title, heads, rows, numbers=[] if whole else beside))
    counts = ["lines", "pairs joined", "parts"]
    for arms, each in groups.items():
        heads = ["level", *counts, "isolated States", "articulation points"]
        print_table(make_table(f"How the States hang together: {arms}", heads, shape_rows(each), numbers=counts))
        heads = ["kind", "lines", "median latency", "in use from", "betweenness", "lost with one of them"]
        if each.losses:
            title = f"What is lost with each line: {arms}"
            print_table(make_table(title, heads, line_rows(each), numbers=["median latency", "betweenness"]))
        if each.too_late:
            typer.echo(f"Not counted, as in use only after the end of the run: {each.too_late:,}.\n")
    typer.echo(f"{_TERMS}\n\n{STANDING}")
    if scenario.notice:
        typer.echo(f"\n{scenario.notice}")


def _arms(networks: list[Network]) -> str:
    return f"arm{'s' if len(networks) > 1 else ''} {', '.join(isolated(each.arm) for each in networks)}"
