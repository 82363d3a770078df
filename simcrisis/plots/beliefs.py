"""What States believed of those whom they suspected, and what was true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from simcrisis.plots.records import Row, hours_axis, one_run, said_of, shown
from simcrisis.plots.style import FAINT, INK, axes, quiet

MOST_CASES = 12
_HIGH = 0.78
"""Height of a belief of 1, where rows are 1 apart."""
_CULPABLE, _INNOCENT, _UNKNOWN = "#d55e00", "#0072b2", "#6b6b6b"
_TRUTH: Mapping[bool | None, tuple[str, str, str]] = {
    True: (_CULPABLE, "s", "culpable (an act: hostile)"),
    False: (_INNOCENT, "o", "innocent (an act: not hostile)"),
    None: (_UNKNOWN, "D", "no decision tells"),
}
_OPENS = frozenset({"case_opened", "suspect_named"})
_IN_LOG_ODDS = _OPENS | {"suspect_cleared"}
_EVIDENCE = frozenset(
    {"briefing", "technical_briefing", "report", "operator_report", "intelligence", "police_result", "assurance",
     "silence", "technical_silence", "explanation", "term_passed", "announced", "unannounced", "visit",
     "visit_granted", "visit_refused"}
)  # fmt: skip
"""Records whose value shifts log-odds."""
_WORTH_DRAWING = 0.05
"""Shift of log-odds from which evidence is drawn."""
_ABOVE_LEGEND = 38.0
"""Points from the Axes to the title, so that it clears the legend between."""


@dataclass(slots=True)
class Track:
    """What one State believed of one suspect in one case, at the hours at which the log says so."""

    holder: str
    suspect: str
    matter: str
    hours: list[float] = field(default_factory=list)
    beliefs: list[float] = field(default_factory=list)
    decided: list[bool] = field(default_factory=list)
    evidence: list[tuple[float, float]] = field(default_factory=list)
    """Hour and shift of log-odds."""
    culpable: bool | None = None


@quiet
def beliefs(events: pl.DataFrame, decisions: pl.DataFrame, ax: Axes | None = None, *, most: int = MOST_CASES) -> Axes:
    """Draw belief over time, a row for each suspect of each case, with the truth as colour and mark.

    Points are beliefs that the log states: when a case opens, when a suspect is named or cleared, when a case is
    reopened, and at decisions (ringed). Between them a dotted line joins them, and small wedges show evidence that
    came in: up where it speaks against the suspect. `most` rows are drawn, the earliest; the note says how many are
    not. `events` and `decisions` are those of one run; raises ValueError where they hold several runs, or none.
    """
    rows = one_run(events)
    tracks = list(_tracks(rows, {row["seq"]: row for row in decisions.to_dicts()}))
    ax = axes(ax, 10.0, 1.6 + 0.48 * max(3, min(len(tracks), most)))
    for n, track in enumerate(tracks[:most]):
        _draw(ax, track, -n)
    drawn = min(len(tracks), most)
    ax.set_yticks([_HIGH / 2 - n for n in range(drawn)], [_label(track) for track in tracks[:most]], parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=8)
    ax.set_ylim(-max(drawn, 1) + 0.8, 1.0)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    left_out = f" {len(tracks) - drawn} further suspects are not drawn." if len(tracks) > drawn else ""
    last = rows[-1]["hour"] * 1.02
    hours_axis(ax, 0.0, last, f"{said_of(events)}. Each row: 0 to 100 %, line at 50 %.{left_out}")
    ax.set_title("Beliefs about suspects", pad=_ABOVE_LEGEND, parse_math=False)
    _legend(ax, tracks[:most])
    return ax


def _label(track: Track) -> str:
    return f"{shown(track.holder, 18)} about {shown(track.suspect, 18)}\n{track.matter}"


def _tracks(rows: Sequence[Row], decisions: Mapping[int, Row]) -> Iterator[Track]:
    """Yield what was believed of each suspect of each case, in the order in which they came under suspicion."""
    by_seq = {row["seq"]: row for row in rows}
    present: dict[int, Track] = {}
    found: list[Track] = []
    for row in rows:
        case, kind = row["case"], row["kind"]
        if kind in _OPENS and row["counterpart"] is not None:
            present[case] = Track(row["actor"], row["counterpart"], _matter(by_seq, row, present.get(case)))
            found.append(present[case])
        track = present.get(case)
        if track is not None:
            _add(track, row, decisions)
    yield from (track for track in found if track.hours)


def _matter(by_seq: Mapping[int, Row], row: Row, before: Track | None) -> str:
    if before is not None:
        return before.matter
    act = by_seq.get(row["cause_seq"])
    if act is not None and act["kind"] in {"act", "takes_up"}:
        return f"its act, rung {act['value']:.0f}"
    return shown(row["incident"] or "")


def _add(track: Track, row: Row, decisions: Mapping[int, Row]) -> None:
    """Add what a record of its case says."""
    kind, value, decision = row["kind"], row["value"], decisions.get(row["seq"])
    if decision is not None and decision["about"] == track.suspect:
        track.culpable = decision["culpable"]
        _point(track, row["hour"], decision["belief"], decided=True)
    elif value is not None and kind in _IN_LOG_ODDS:
        _point(track, row["hour"], 1.0 / (1.0 + exp(-value)))
    elif value is not None and kind == "reopened":
        _point(track, row["hour"], value)
    elif value is not None and kind in _EVIDENCE and abs(value) >= _WORTH_DRAWING:
        track.evidence.append((row["hour"], value))


def _point(track: Track, hour: float, belief: float, *, decided: bool = False) -> None:
    track.hours.append(hour)
    track.beliefs.append(belief)
    track.decided.append(decided)


def _draw(ax: Axes, track: Track, floor: float) -> None:
    colour, marker, _ = _TRUTH[track.culpable]
    ax.axhspan(floor, floor + _HIGH, color="#f4f4f4", linewidth=0, zorder=0)
    ax.axhline(floor + _HIGH / 2, color=FAINT, linewidth=0.8, zorder=0.5)
    heights = [floor + _HIGH * belief for belief in track.beliefs]
    ax.plot(track.hours, heights, color=colour, linestyle=":", linewidth=1.2)
    for hour, height, decided in zip(track.hours, heights, track.decided, strict=True):
        edge = INK if decided else colour
        size = 7.5 if decided else 4.5
        ax.plot([hour], [height], marker=marker, ms=size, color=colour, mec=edge, mew=1.2 if decided else 0, zorder=3)
    for hour, shift in track.evidence:
        wedge = "^" if shift > 0 else "v"
        ax.plot([hour], [floor - 0.1], marker=wedge, ms=min(7.0, 2.0 + 3.0 * abs(shift)), color="#5a5a5a", mew=0)
    for hour, height, belief, decided in zip(track.hours, heights, track.beliefs, track.decided, strict=True):
        if decided:
            told = ax.annotate(f"{100 * belief:.0f} %", (hour, height), xytext=(7, -3), textcoords="offset points")
            told.set(size=7.5, zorder=4, path_effects=[withStroke(linewidth=3, foreground="#f4f4f4")])


def _legend(ax: Axes, tracks: Sequence[Track]) -> None:
    truths = {track.culpable for track in tracks}
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle=":", label=f"truth: {words}")
        for truth, (colour, marker, words) in _TRUTH.items()
        if truth in truths
    ]
    handles += [
        Line2D([], [], color="white", mec=INK, marker="o", linestyle="", label="ringed: at a decision"),
        Line2D([], [], color="#5a5a5a", marker="^", linestyle="", ms=5, label="evidence against (beneath each row)"),
        Line2D([], [], color="#5a5a5a", marker="v", linestyle="", ms=5, label="evidence for innocence"),
    ]
    ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncol=3, fontsize=8)
