"""The tables of figures in the READMEs, renewed from what is kept; and how figures are written everywhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.history import Entry, kept
from benchmarks.results import Figure, Size

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- benchmarks: {} -->", "<!-- end of benchmarks -->"
FILES = {"README.md": "headline", "benchmarks/README.md": "all"}
"""Where tables stand, and which: between a line `BEGIN` and one `END`."""
HEADLINE = re.compile(r"^(speed of simcrisis|exponent in (States|events|arms|workers)|simcrisis |[\d,]+ x 4 runs)")
"""Figures that the first README shows."""


def renew(folder: Path, root: Path = ROOT) -> None:
    """Write the latest full figures of each part into the READMEs; files without the two lines are left as they are."""
    latest = _latest(folder)
    if not latest:
        sys.exit(f"nothing is kept in {folder}: python -m benchmarks --store")
    for name, which in FILES.items():
        path, begin = root / name, BEGIN.format(which)
        before, found, rest = path.read_text(encoding="utf-8").partition(begin)
        _, ended, after = rest.partition(END)
        if not (found and ended):
            print(f"{name}: no lines {begin} and {END}; left as it is", file=sys.stderr)
            continue
        path.write_text(f"{before}{begin}\n{page(latest, which)}\n{END}{after}", encoding="utf-8")
        print(f"{name}: renewed", file=sys.stderr)


def page(latest: dict[str, Entry], which: str) -> str:
    """Return the figures as a Markdown table, and what they were measured on."""
    rows = ["| Figure | Value | Limit |", "|---|---|---|"]
    for part, entry in latest.items():
        for each in entry.parts[part]:
            if which == "all" or HEADLINE.match(each.name):
                missed = " (missed)" if each.kept is False else ""
                ranged = f" ({span(each)})" if span(each) else ""
                rows.append(
                    f"| {each.name} | {f'{number(each.value)} {each.unit}'.strip()}{ranged} | {limit(each)}{missed} |"
                )
    return "\n".join([*rows, "", *_measured(latest)])


def _measured(latest: dict[str, Entry]) -> Iterator[str]:
    """Yield a line for each occasion on which figures were taken."""
    occasions: dict[str, list[str]] = {}
    for part, entry in latest.items():
        of = entry.machine
        on = f"{entry.date[:10]}, simcrisis {entry.version} at {entry.commit}, Python {entry.python}, "
        occasions.setdefault(f"{on}{of['cores']} cores, {of['processor']}", []).append(part)
    for occasion, parts in occasions.items():
        yield f"Measured {occasion}{'' if len(occasions) == 1 else ': ' + ', '.join(parts)}."


def _latest(folder: Path) -> dict[str, Entry]:
    """Return the latest full entry of each part."""
    found: dict[str, Entry] = {}
    for entry in kept(folder):
        if entry.size is Size.FULL:
            for part in entry.parts:
                found.setdefault(part, entry)
    return found


def number(value: float) -> str:
    """Return a figure to three digits: whole from a hundred on, and no finer than a thousandth."""
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    return f"{value:z,.{digits}f}"


def span(figure: Figure) -> str:
    """Return the range of a figure; nothing where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.spread} {number(figure.low)} to {number(figure.high)}"


def limit(figure: Figure) -> str:
    """Return the limits of a figure; nothing where it has none."""
    if figure.least is not None and figure.most is not None:
        return f"{number(figure.least)} to {number(figure.most)}"
    if figure.least is not None:
        return f"at least {number(figure.least)}"
    return "" if figure.most is None else f"at most {number(figure.most)}"
