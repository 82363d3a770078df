"""The part of docs/validation.md that puts the model beside the world: targets, published results, claims.

Figures are made elsewhere (docs/calibration.md, docs/validation/, docs/cards/) and gathered here, so that they stand in
one place and cannot differ from it. `python -m tests.evidence` renews that part alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simcrisis.shown import ASSUMED

DOCS = Path(__file__).parent.parent / "docs"
FIRST, LAST = "## Targets", "## Written twice"
"""The headings from which, and up to which, this part of the page reaches."""


def tables(page: Path) -> Iterator[list[list[str]]]:
    """Yield the tables of a page in Markdown: rows of cells, heads first."""
    rows: list[list[str]] = []
    for line in [*page.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split(" | ")])
        elif rows:
            yield [row for row in rows if not set(row[0]) <= {"-", "|", " "}]
            rows = []


def table_with(page: Path, *heads: str) -> list[dict[str, str]]:
    """Return the first table of a page that has all these columns, a row a mapping."""
    for found in tables(page):
        if set(heads) <= set(found[0]):
            return [dict(zip(found[0], row, strict=True)) for row in found[1:]]
    raise LookupError(f"{page}: no table with the columns {', '.join(heads)}")


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets() -> list[str]:
    """Return every target with its source, what is simulated, and whether it is met; red rows in bold."""
    page = DOCS / "calibration.md"
    known = {row["target"]: row for row in table_with(page, "target", "what", "source (standing)")}
    rows = []
    for row in table_with(page, "target", "default (95 %)", "met"):
        name = row["target"]
        met_now = _within(row["default (95 %)"], known[name])
        rows.append(
            [
                known[name]["what"],
                known[name]["source (standing)"],
                row["used"],
                row["published (se)"],
                f"{row['default (95 %)']}{'' if met_now else ' **off**'}",
                f"{row['fitted (95 %)']}{'' if row['met'] == 'yes' else ' **off**'}",
            ]
        )
    return [
        FIRST,
        "What published data say, through an observation filter, at the parameters of before the fit and at the fitted "
        "ones; half the targets were held back ([calibration.md](calibration.md) says how, with weights and profiles). "
        "**off**: further from the published figure than its error, the discrepancy granted to the model and luck "
        "allow (|z| > 2). Of the fitted values one has become a default, how often the same side strikes again; the "
        "rule's weights have not, for data tell no single one of them.",
        markdown(
            ["Target", "Source (standing)", "Used", "Published (se)", "Before the fit (95 %)", "Fitted (95 %)"], rows
        ),
        "Never fitted: the shape of crises that reach force, in `belgrade_2015` without lines. **off**: the published "
        "share lies outside the 95 % interval.",
        shape(page),
    ]


def shape(page: Path) -> str:
    """Return the shape of crises that reach force beside militarised disputes."""
    found = table_with(page, "of crises with force", "default")
    (disputes,) = [head for head in found[0] if head.startswith("militarised disputes")]
    rows = [
        [row["of crises with force"], row[disputes], f"{row['default']}{_off(row['default'], row[disputes])}"]
        for row in found
    ]
    return markdown(["Of crises with force", disputes[0].upper() + disputes[1:], "Simulated (95 %)"], rows)


def _off(simulated: str, published: str) -> str:
    if not published[0].isdigit():
        return ""
    value, half = (float(each) for each in _NUMBER.findall(simulated)[:2])
    return " **off**" if abs(value - float(_NUMBER.findall(published)[0])) > half else ""


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _within(simulated: str, target: dict[str, str]) -> bool:
    """Return whether a simulated figure lies within two errors of a published one, all errors together."""
    figures = [float(each) for each in _NUMBER.findall(simulated.replace("-", " -").replace("( -", "(-"))]
    value, half = figures[0], abs(abs(figures[2]) - abs(figures[1])) / 2 / 1.96
    published = float(_NUMBER.findall(target["published"])[-1])
    if target["published"].startswith("at most") and value <= published:
        return True
    spread = float(target["error"]) ** 2 + float(target["discrepancy"]) ** 2 + half**2
    return abs(value - published) <= 2.0 * float(spread**0.5)


def published() -> list[str]:
    """Return the verdicts on published results."""
    found = table_with(DOCS / "validation" / "README.md", "result", "verdict (logit)", "verdict (threshold)")
    rows = [
        [row["result"].replace("](", "](validation/"), row["verdict (logit)"], row["verdict (threshold)"]]
        for row in found
    ]
    return [
        "## Published results",
        "Directions that papers found, each in a study of its own; what was expected was written down before the first "
        "run ([validation/README.md](validation/README.md)). Where the model disagrees it stays so.",
        markdown(["Result", "Rule `logit`", "Rule `threshold`"], rows),
    ]


def claims() -> list[str]:
    """Return the claim cards: what they say, how far it reaches, what reverses it."""
    rows = []
    for path in sorted((DOCS / "cards").glob("*.json")):
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        reaches = {each["rule"]: each for each in card["ensemble"]}
        rows.append(
            [
                f"[{card['arm']}](cards/{path.name})",
                _points(card),
                _points(card["beside"][0]),
                _points(card["beside"][1]),
                *(f"{_reach(reaches[rule])}" for rule in ("logit", "threshold")),
                _flip(card),
            ]
        )
    return [
        "## Claims",
        f"{ASSUMED}: what the arms of `belgrade_2015` change in the share of runs that cross the firebreak (rung 8), "
        "in percentage points against no lines, with 95 % intervals, 10,000 runs of each arm. Beside it the same where "
        "no answer is believed, and under the other rule. Ensemble: the default by stated chances of 300 runs, the "
        "middle nine tenths of 200 parameter sets, and the share of sets with that default's sign; these are shares of "
        "sets that somebody drew, not probabilities, and the luck of few runs is in them. Under `threshold` the sets "
        "are not filtered. Each is a card that `simcrisis verify` recomputes to the digit. Flips if: the nearest "
        "change of one parameter of the model that reverses the sign, others as they are; how far is the part of the "
        "way to the end of what was searched (a share between 0 and 1 to either end, anything else to a quarter or "
        "four times). What the scenario itself states (desks, lines, incidents) was not searched.",
        markdown(
            [
                "Arm", "Points", "Credibility 0", "Rule `threshold`", "Ensemble, `logit`", "Ensemble, `threshold`",
                "Flips if",
            ],
            rows,
        ),
    ]  # fmt: skip


def _points(effect: dict[str, Any]) -> str:
    low, high = 100 * effect["low"], 100 * effect["high"]
    return f"{100 * effect['estimate']:+.2f} ({low:+.2f} to {high:+.2f})"


def _reach(reach: dict[str, Any]) -> str:
    reaches = f"{100 * reach['low']:+.2f} to {100 * reach['high']:+.2f}"
    held = f"{reach['same_sign']:.0%}".replace("%", " %") if reach["default"] else "-"
    return f"{100 * reach['default']:+.2f}; {reaches}; {held}"


def _flip(card: dict[str, Any]) -> str:
    flip, other = card["flips_if"], card["beside"][1]
    rule = "; the rule `threshold`" if other["estimate"] * card["estimate"] < 0.0 else ""
    if card["low"] <= 0.0 <= card["high"]:
        return "no sign that luck alone could not make"
    if flip is None:
        return f"none confirmed among {len(card['searched']['parameters'])} numbers{rule}"
    now, then = (each["median"] if isinstance(each, dict) else f"{each:.3g}" for each in (flip["now"], flip["then"]))
    way = f"{flip['part_of_the_way']:.0%} of the way".replace("%", " %")
    return f"`{flip['path']}` {now} -> {then} ({way}): {_points(flip)}{rule}"


def evidence() -> list[str]:
    """Return this part of the page."""
    return [*targets(), *published(), *claims()]


def main() -> None:
    """Renew this part of docs/validation.md."""
    page = DOCS / "validation.md"
    text = page.read_text(encoding="utf-8")
    start = text.index(FIRST) if FIRST in text else text.index(LAST)
    page.write_text(text[:start] + "\n\n".join(evidence()) + "\n\n" + text[text.index(LAST) :], encoding="utf-8")


if __name__ == "__main__":
    main()
