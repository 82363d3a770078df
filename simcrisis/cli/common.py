"""What several commands share: options, and loading with overrides."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.errors import Problem, ScenarioError, printable

if TYPE_CHECKING:
    from simcrisis.scenario import Scenario

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value, e.g. lines.hotline.latency='1 h'. Repeatable."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No messages and no progress.")]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Worker processes; default: one a core if it takes long.")
]
OutOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Keep shards and tables here; the same command goes on.")
]
DEFAULT_SEED = 1
SeedOption = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of the luck.")]
ArmsOption = Annotated[str | None, typer.Option(help="Arms to run, with commas; default: all.")]
TrustOption = Annotated[
    bool, typer.Option("--trust-code", help="Import decision rules that the file names as module:function.")
]


def load_with(file: str, changes: list[str] | None, trust_code: bool = False) -> Scenario:
    """Return a scenario with `--set` overrides; raises ScenarioError."""
    from simcrisis.scenario import load

    scenario = load(file, trust_code=trust_code)
    parsed = dict(parsed_setting(change) for change in changes or [])
    return scenario.with_(parsed) if parsed else scenario


def load_to_tell(file: str, changes: list[str] | None, trust_code: bool = False) -> Scenario:
    """Return a scenario of which single runs are told; raises ScenarioError also where it shows aggregates only."""
    scenario = load_with(file, changes, trust_code)
    if scenario.aggregates_only:
        message = "shows what is common to many runs and tells no single one; use `simcrisis batch`"
        raise ScenarioError([Problem(scenario.file, 0, 0, "aggregates_only", message)])
    return scenario


def parsed_setting(text: str, option: str = "--set") -> tuple[str, Any]:
    """Return path and value of `PATH=VALUE`, the value read as YAML; raises ScenarioError."""
    from simcrisis.scenario.text import read_yaml

    path, equals, value = text.partition("=")
    if not equals or not path:
        raise ScenarioError([Problem(option, 0, 0, text[:80], "write PATH=VALUE, e.g. model.kappa=0.5")])
    if not value.strip():
        raise ScenarioError([Problem(option, 0, 0, path[:80], "a value is missing after the equals sign")])
    source = read_yaml(value.encode("utf-8", "surrogateescape"), f"{option} {path[:80]}")
    if source.problems:
        raise ScenarioError(source.problems)
    return path.strip(), source.data


def refuse_existing(path: Path) -> None:
    """Raise ScenarioError when a file would be overwritten."""
    if path.exists():
        raise ScenarioError([Problem(str(path), 0, 0, "", "is there already; nothing was written")])


def words(text: str | None) -> list[str] | None:
    """Return what stands between commas; None where nothing was given."""
    return None if text is None else [word.strip() for word in text.split(",")]


def given_command() -> str:
    """Return the command that was given, without its share of a batch."""
    given = [word for word in sys.argv[1:] if not word.startswith("--shard=")]
    if "--shard" in given:
        at = given.index("--shard")
        del given[at : at + 2]
    return printable(shlex.join(["simcrisis", *given]))
