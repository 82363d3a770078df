"""The page on mutation testing (docs/mutation.md), from what `cosmic-ray dump` says: see `make mutation`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

DOCUMENT = Path(__file__).parent.parent / "docs" / "mutation.md"
RULES = "simcrisis/rules/"
LEAST = 0.9
"""The share of mutants that the tests must kill."""

EXPLAINED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Precision, not behaviour: by how many points a law is represented, how many laws are remembered. The golden logs "
    "hold the first.": {
        "availability.py": (
            "WAY_POINTS, REST_POINTS = 23, 96",
            "WAY_POINTS, REST_POINTS = 25, 96",
            "WAY_POINTS, REST_POINTS = 24, 95",
            "WAY_POINTS, REST_POINTS = 24, 97",
            "@lru_cache(maxsize= 4095)",
            "@lru_cache(maxsize= 4097)",
        ),
    },
    "Memory only: objects without slots do the same.": {
        "doctrines/foreign.py": ("@dataclass(frozen=True, slots=False)",),
        "doctrines/scripted.py": ("@dataclass(frozen=True, slots=False)",),
    },
    "Small integers and booleans are one object each in CPython, so `is` says what `==` says (of rungs, and of "
    "numbers of points, at most 96).": {
        "availability.py": ("if above is len(law):",),
        "situation.py": ("if highest is HIGHEST:",),
        "doctrines/foreign.py": (
            "if len(chances) is not HIGHEST + 1 or min(chances) < 0.0 or not math.isclose(math.fsum(chances), 1.0):",
        ),
        "doctrines/logit.py": ("- (weights.norm if rung is COUNTER_OPERATION and situation.protected else 0.0)",),
        "doctrines/threshold.py": (
            "breach = weights.norm if rung is COUNTER_OPERATION and situation.protected else 0.0",
            "return [1.0 if rung is chosen else 0.0 for rung in range(len(g))]",
        ),
        "doctrines/scripted.py": (
            "and (self.of_act is None or self.of_act is situation.of_act)",
            "return [1.0 if rung is row.rung else 0.0 for rung in range(len(g))]",
        ),
    },
    "Both branches are the same function there: the logistic function is written twice, against overflow far from 0.": {
        "belief.py": ("if log_odds > 0.0:", "if log_odds >= 1.0:", "if log_odds >= -1.0:"),
    },
    "A name for an answer; any three different numbers do.": {
        "belief.py": ("SILENT, ASSURANCE, FORMULAIC = -1, 1, 2", "SILENT, ASSURANCE, FORMULAIC = 0, 1, 3"),
    },
    "Out of range: a law has a point at least, of which none is passed or all at most; no rung lies above the highest; "
    "chances and beliefs lie in [0, 1], rungs in 0 to 10, and chances add up to one, so that some rung is possible.": {
        "availability.py": ("if len(law) <= 1:", "if above <= 0:", "if above >= len(law):"),
        "situation.py": (
            "if highest == HIGHEST:",
            "kept = [chance / whole for chance in kept] if whole != 0.0 else [1.0] + [0.0] * highest",
            "if chance != 0.0:",
            "reached, last = 0.0, 1",
            "reached, last = 0.0, -1",
        ),
        "doctrines/scripted.py": (
            "belief: tuple[float, float] = (-1.0, 1.0)",
            "belief: tuple[float, float] = (0.0, 2.0)",
            "rung_before: tuple[int, int] = (-1, 10)",
            "rung_before: tuple[int, int] = (0, 11)",
        ),
    },
    "One point is its first and its last.": {
        "availability.py": ("return 1.0 if elapsed >= law[-1] else 0.0",),
    },
    "Shares of one point each are those points; and a sum has as many points as wanted, or the square of that, so that "
    "equal shares are whole numbers of points.": {
        "availability.py": (
            "summed = tuple(pairs) if len(pairs) < count else _thinned(pairs, count)",
            "size = len(points) // count",
        ),
    },
    "Ways ascend, and what arrives at `at` or later is read no earlier: the loop ends early to save time.": {
        "availability.py": ("if there > at:", "continue"),
    },
    "Rung 2 is what is chosen anyway; that it may also be passed changes nothing.": {
        "doctrines/threshold.py": (
            "for rung in range(OTHERWISE + 0, highest + 1):",
            "for rung in range(OTHERWISE * 1, highest + 1):",
            "for rung in range(OTHERWISE ** 1, highest + 1):",
            "for rung in range(OTHERWISE // 1, highest + 1):",
        ),
    },
}
"""Why -> module -> the lines as mutated that no test can, or need, tell from the code."""


class Mutant(NamedTuple):
    """A mutant that was tried, by the line that it changes."""

    module: str
    survived: bool
    timed_out: bool
    before: str
    after: str


def tried(dump: Iterable[str]) -> list[Mutant]:
    """Return the mutants of a session; those that tests/mutation.toml leaves out do not count."""
    mutants = []
    for line in dump:
        item, result = json.loads(line)
        if result is None:
            raise SystemExit("the session is not complete: cosmic-ray exec goes on where it stopped")
        if result["worker_outcome"] == "skipped":
            continue
        changed = [each for each in result["diff"].splitlines() if each[:1] in ("+", "-")][3:]
        mutants.append(
            Mutant(
                module=item["mutations"][0]["module_path"].removeprefix(RULES),
                survived=result["test_outcome"] == "survived",
                timed_out=result["output"] == "timeout",
                before=next((each[1:].strip() for each in changed if each[0] == "-"), ""),
                after=next((each[1:].strip() for each in changed if each[0] == "+"), ""),
            )
        )
    return mutants


def why(mutant: Mutant) -> str | None:
    """Return why a mutant survives, as far as that is known. Spaces do not count: the tool adds some."""
    for reason, places in EXPLAINED.items():
        if any(_bare(line) == _bare(mutant.after) for line in places.get(mutant.module, ())):
            return reason
    return None


def _bare(line: str) -> str:
    return "".join(line.split())


def page(mutants: list[Mutant]) -> str:
    """Return the page."""
    modules: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        modules.setdefault(mutant.module, []).append(mutant)
    survivors = [mutant for mutant in mutants if mutant.survived]
    open_ones = [mutant for mutant in survivors if why(mutant) is None]
    lines = [
        "# Mutation testing of the rules",
        "",
        f"Generated by `make mutation` (Cosmic Ray {version('cosmic-ray')}, {date.today():%B %Y}).",
        "",
        "Every mutant is `simcrisis/rules` with one small change: another operator or comparison, a number one more or "
        "less, a condition negated, a loop left out, an exception that is not caught. One that `tests/test_rules.py` "
        "and `tests/properties/test_rules.py` let pass is a gap in them, or no change at all. Left out because they "
        "would flatter the score: operators that floats do not have, and types (tests/mutation.toml).",
        "",
        f"**{_score(mutants)} killed**: {len(mutants)} mutants, {len(mutants) - len(survivors)} killed "
        f"({sum(mutant.timed_out for mutant in mutants)} of them by time), {len(survivors)} survived, "
        f"{len(survivors) - len(open_ones)} of these explained.",
        "",
        "| Module | mutants | killed | survived | score |",
        "|---|---|---|---|---|",
    ]
    for module, of_it in sorted(modules.items()):
        left = sum(mutant.survived for mutant in of_it)
        lines.append(f"| `{module}` | {len(of_it)} | {len(of_it) - left} | {left} | {_score(of_it)} |")
    lines += ["", "## Survivors, and why"]
    for reason in (*EXPLAINED, None):
        found = [mutant for mutant in survivors if why(mutant) == reason]
        if found:
            lines += ["", reason or "**Not explained:**", ""]
            counted = Counter((mutant.module, mutant.before, mutant.after) for mutant in found)
            for (module, before, after), n in sorted(counted.items()):
                times = f" ({n} times)" if n > 1 else ""
                lines.append(f"- `{module}`: `{before}` as `{after}`{times}")
    return "\n".join(lines) + "\n"


def _score(mutants: list[Mutant]) -> str:
    return f"{100 * (1 - sum(mutant.survived for mutant in mutants) / len(mutants)):.1f} %"


def main() -> None:
    """Write the page; fail if too few mutants are killed or one survives for no known reason."""
    mutants = tried(sys.stdin)
    DOCUMENT.write_text(page(mutants), encoding="utf-8")
    survivors = [mutant for mutant in mutants if mutant.survived]
    strange = [mutant for mutant in survivors if why(mutant) is None]
    for mutant in strange:
        print(f"survived: {mutant.module}: {mutant.before}  as  {mutant.after}")
    print(
        f"{_score(mutants)} of {len(mutants)} mutants killed, {len(strange)} survivors not explained: {DOCUMENT.name}"
    )
    if strange or len(survivors) > (1 - LEAST) * len(mutants):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
