"""The sixteen measures: what each is, how far it goes, and what it moves."""

from __future__ import annotations

from simcrisis.catalogue import Cbm, cbms
from tests.cbms import CONDITIONS, OFF, movement, pair_of
from tests.cbms import RUNS as TESTED
from tests.studies import table, write

RUNS = 2000


def _sizes(cbm: Cbm) -> str:
    sizes = [
        f"`effects.{cbm.key}.{name}` {effect.size} ({effect.how.value.replace('_', ' ')}; null {effect.null}): "
        f"`{effect.lever}`"
        for name, effect in cbm.effect.items()
    ]
    if cbm.line:
        off = ", ".join(f"`{path}` {value}" for path, value in OFF[cbm.number].items())
        sizes.append(f"brings {cbm.line.replace('_', ' ')} lines, which do nothing at {off}")
    return "; ".join(sizes)


def _conditions(number: int) -> str:
    changes = CONDITIONS.get(number, {})
    return ", ".join(f"`{path}` {value}" for path, value in changes.items()) or "-"


def main() -> None:
    """Write docs/cbms.md."""
    what, moved = [], []
    for cbm in cbms().values():
        what.append([str(cbm.number), cbm.title, " ".join(cbm.acts_on.split()), _sizes(cbm)])
        found = movement(cbm, RUNS)
        moved.append(
            [
                str(cbm.number),
                " against ".join(reversed(pair_of(cbm.number))),
                f"{cbm.measure} ({cbm.direction})",
                f"{found.without:.3g}",
                f"{found.change:+.3g} ({found.low:+.3g} to {found.high:+.3g})",
                f"{found.z:.1f}",
                _conditions(cbm.number),
            ]
        )
    write(
        "cbms.md",
        "The sixteen CBMs as treatments",
        "What each paraphrases, and what evidence there is: `simcrisis catalogue cbms`. The texts are voluntary and "
        "political, and these are our words: check the wording before you quote. Every size is assumed; each has a "
        "null at which the measure does nothing, and a path by which it is swept.",
        table(["CBM", "title", "acts on", "sizes"], what),
        "## What each moves",
        f"The measure that each should move first, in `sixteen_measures`: mean over {RUNS:,} replications without it, "
        "and the paired change with it (95 %). z counts standard errors in the stated direction. The tests hold that "
        f"each at its null changes no event but its own messages, and that z is at least 4 in {TESTED} replications "
        "(false alarm 3e-5).",
        table(["CBM", "arms", "measure", "without", "change", "z", "besides"], moved),
        "How to add one: [how_to_add_a_cbm.md](how_to_add_a_cbm.md).",
    )


if __name__ == "__main__":
    main()
