"""Every system that the source documents name: its mechanism, scenario, test, and what it moves in a batch."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from simcrisis import load
from simcrisis.scenario import Scenario
from tests.paired import Movement, movement
from tests.studies import table, write

RUNS = 1000
SIDES = ("without", "with")
NO_EFFECT = "-"


@cache
def catalogue() -> Mapping[str, Any]:
    """Return the rows: documents, systems (`row`), and what is named and not modelled (`left`)."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def contrast(name: str, sides: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """Return a shipped scenario with two arms, `without` and `with`: each one of its own or given CBMs, and changed."""
    scenario = load(name)
    arms: dict[str, Any] = {}
    for side in SIDES:
        given = sides[side]
        arm = scenario.data["arms"][given["arm"]] if "arm" in given else {"cbms": _by_number(given["cbms"])}
        arms[side] = {**arm, "set": {**arm.get("set", {}), **given.get("set", {})}}
    return load({**scenario.data, "arms": arms})


def _by_number(cbms: Any) -> Any:
    return {int(number): how for number, how in cbms.items()} if isinstance(cbms, Mapping) else cbms


def measured(row: Mapping[str, Any], effect: Mapping[str, Any], runs: int, workers: int = 1) -> Movement:
    """Return how far one contrast of a row moves its measure."""
    return movement(contrast(row["scenario"], effect), *SIDES, effect["measure"], runs, workers)


def told(found: Movement, runs: int) -> str:
    """Return a change in words: from where, how far, and whether it can be told from nothing."""
    change = f"{_round(found.change, '+')} ({_round(found.low, '+')} to {_round(found.high, '+')})"
    change += f" from {_round(found.without)}"
    if found.pairs < runs:
        change += f" in {found.pairs} of {runs:,} pairs"
    return change if found.low > 0 or found.high < 0 else f"{change}: not told from zero"


def _round(value: float, sign: str = "") -> str:
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.3g}"


def standing(row: Mapping[str, Any]) -> str:
    """Return what stands of a row whatever a batch shows: all but its effects."""
    files = ", ".join(f"[{name.rsplit('/')[-1]}](../simcrisis/{name})" for name in row["files"])
    tests = ", ".join(f"`{test.rsplit('::')[-1]}`" for test in row["tests"])
    return f"{row['mechanism']}: {files} | `{row['scenario']}` | {tests}"


def contrasted(effect: Mapping[str, Any]) -> str:
    """Return what a contrast changes, and which of its parameters do nothing by default."""
    null = "".join(f" `{path}`" for path in effect.get("null", ()))
    return f"{effect['what']}; null by default:{null}" if null else effect["what"]


def rows_of(document: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a document."""
    yield from (row for row in catalogue()["row"] if row["document"] == document)


def _section(document: str, title: str) -> str:
    rows = []
    for row in rows_of(document):
        runs = row.get("runs", RUNS)
        for n, effect in enumerate(row["effect"]):
            head = [f"**{row['system']}**", *standing(row).split(" | ")] if n == 0 else [""] * 4
            found = measured(row, effect, runs, workers=2)
            rows.append([*head, contrasted(effect), f"`{effect['measure']}` {told(found, runs)}"])
    heads = ["system", "mechanism", "scenario", "tests", "contrast", "change with it (95 %)"]
    return f"## Document {document}: {title}\n\n{table(heads, rows)}"


def main() -> None:
    """Write docs/sources.md."""
    known = catalogue()
    left = [[entry["document"], entry["what"], entry["why"]] for entry in known["left"]]
    write(
        "sources.md",
        "What the source documents name, and what became of it",
        "Each system that the five source documents name, with the mechanism that stands for it, the shipped scenario"
        " that shows it, the tests that hold it, and what it moves there: the mean of a measure without it, and the "
        f"paired change with it over {RUNS:,} replications of both arms under the same luck (fewer where a row of "
        "`tests/studies/sources.toml` says so). Measures are columns of `runs` ([tables.md](tables.md)). Every size "
        "is assumed: a change says what the mechanism does in this model with the size that was put in, and nothing "
        "about the world. Null by default: the parameter named ships at the value at which it does nothing; lines, "
        "hubs' procedures, dependencies, checks and background do nothing where a scenario writes none. A median of "
        "delays is there only in runs in which at least half of what it is about has come to its end: pairs in which "
        "either run has none are left out, and counted. Of contrasts without any effect one in twenty would be told "
        "from zero by chance.",
        *(_section(document, title) for document, title in known["documents"].items()),
        "## Named and not modelled\n\n" + table(["document", "what", "why"], left),
    )


if __name__ == "__main__":
    main()
