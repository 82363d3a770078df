"""Which records of a run a film stops for, and the few words for each where nobody brings better ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from simcrisis.plots.records import Row, shown
from simcrisis.plots.words import act

MOST_TOLD = 12
"""As many as can be read in half a minute."""
_WORTH: Mapping[str, float] = {
    "strike": 6.0,
    "sector_down": 5.0,
    "assurance": 4.5,
    "line_down": 4.4,
    "silence": 4.2,
    "meeting": 4.1,
    "withdrawn": 4.0,
    "called_off": 4.0,
    "inquiry": 3.5,
    "formulaic": 3.4,
    "decision": 3.2,
}
"""Of an act: its rung. So war is told before a strike, and a strike before a protest."""
_AGAIN = 0.8
"""Each record of a kind is worth so much of the one before it: what repeats itself gives way to what is new."""
_HIGHER = 5.0
"""What it adds to an act that no act before has been so grave."""


def told_of(rows: Sequence[Row]) -> dict[int, str]:
    """Return the records that a film stops for, in their order, by seq, each in a few words."""
    worth: dict[int, float] = {}
    before: Counter[str] = Counter()
    peak = 0.0
    for row in rows:
        kind, value = row["kind"], row["value"]
        if kind != "act" and kind not in _WORTH:
            continue
        worth[row["seq"]] = _AGAIN ** before[kind] * (value if kind == "act" else _WORTH[kind])
        before[kind] += 1
        if kind == "act" and value > peak:
            worth[row["seq"]] += _HIGHER
            peak = value
    chosen = set(sorted(worth, key=lambda seq: (-worth[seq], seq))[:MOST_TOLD])
    return {row["seq"]: _words(row) for row in rows if row["seq"] in chosen}


def _words(row: Row) -> str:
    """Return who does what to whom, as the log has it."""
    if row["kind"] == "strike":
        return f"{shown(row['counterpart'] or '')} is struck: {shown(row['incident'] or 'incident')}"
    other = f", {shown(row['counterpart'])}" if row["counterpart"] else ""
    rung = f", rung {row['value']:.0f}: {act(round(row['value']))}" if row["kind"] in {"act", "decision"} else ""
    detail = f" ({shown(row['detail'])})" if row["kind"].startswith("sector") else ""
    return f"{shown(row['actor'] or '')}{other}: {row['kind'].replace('_', ' ')}{rung}{detail}"
