"""The drawing of a player: shapes with the positions of the slider at which they are seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from simcrisis.catalogue import line_kinds
from simcrisis.events import FIREBREAK
from simcrisis.plots.globe import Point
from simcrisis.plots.play import Play, Sign, Span
from simcrisis.plots.records import shown
from simcrisis.plots.stage import MEMBERSHIP, Chord, look_of
from simcrisis.plots.strokes import STROKES
from simcrisis.plots.words import line_words

WIDE, HIGH = 600, 470
_MARGIN = 52
STRIP = (40, 500, 540, 60)
"""Left, top, width and height of the strip of rungs."""
_FEW = 30
_LETTER, _LONGEST = 9.0, 18
"""Width of a letter of a name, and letters that are shown."""
SHAPES: Mapping[str, str] = {
    "o": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
    "s": "M-7-7H7V7H-7Z",
    "^": "M0-9L9 7H-9Z",
    "D": "M0-9L9 0L0 9L-9 0Z",
    "X": "M-8-4L-4-8L0-4L4-8L8-4L4 0L8 4L4 8L0 4L-4 8L-8 4L-4 0Z",
    "P": "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z",
    "*": "M0-16L4-5H15L6 2L10 13L0 6L-10 13L-6 2L-15-5H-4Z",
}
"""The marks of plots, about (0, 0)."""
ToTicks = Callable[[Span], tuple[int, int]]


@dataclass(frozen=True)
class Shape:
    """Something that is seen at some positions of the slider."""

    sort: str
    seqs: str
    """The records that it stands for."""
    on: str
    """Positions: from, to, from, to ..."""
    seen: bool
    """Whether it is seen in the still."""
    path: str = ""
    mark: str = ""
    way: str = ""
    """What a mark moves along: start, control and end."""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    text: str = ""
    label: tuple[float, float, str] = (0.0, 0.0, "middle")
    """Where a text stands from the mark, and how it is set."""
    faint: bool = False


@dataclass(frozen=True)
class Drawn:
    """The drawing of a run."""

    size: tuple[int, int]
    many: bool
    """Whether States are so many that marks are small."""
    states: list[dict[str, Any]]
    hubs: list[dict[str, Any]]
    lines: list[Shape]
    dyads: list[Shape]
    messages: list[Shape]
    signs: list[Shape]
    rungs: str
    """The strip of rungs as a path."""
    firebreak: float
    strip: tuple[int, int, int, int]
    legend: list[dict[str, Any]]
    left_out: str


def drawing(play: Play, still: int, ticks: ToTicks) -> Drawn:
    """Return the drawing of a played run; `still` is the position that it shows without a script."""
    brush = _Brush(play, still, ticks)
    many = sum(row["kind"] == "state" for row in play.nodes) >= _FEW
    return Drawn(
        size=(WIDE, STRIP[1] + STRIP[3] + 8),
        many=many,
        states=[_state(brush, row, many) for row in play.nodes if row["kind"] == "state"],
        hubs=[_node(brush, row) for row in play.nodes if row["kind"] == "hub"],
        lines=list(brush.lines()),
        dyads=[brush.dyad(sign) for sign in play.signs if sign.sort == "dyad"],
        messages=list(brush.messages()),
        signs=[brush.sign(sign) for sign in play.signs if sign.sort != "dyad"],
        rungs=_rungs(play),
        firebreak=_height(FIREBREAK),
        strip=STRIP,
        legend=list(_legend(play)),
        left_out=play.left_out,
    )


class _Brush:
    """Draws in the coordinates of the page."""

    def __init__(self, play: Play, still: int, ticks: ToTicks) -> None:
        self._play, self._still, self._ticks = play, still, ticks
        xs, ys = [place.x for place in play.places.values()], [place.y for place in play.places.values()]
        self._middle = Point((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        wide, high = max(max(xs) - min(xs), 0.1), max(max(ys) - min(ys), 0.1)
        longest = max((len(shown(row["label"], _LONGEST)) for row in play.nodes), default=0)
        beside = min(_MARGIN + _LETTER * longest, WIDE / 3)
        self._scale = min((WIDE - 2 * beside) / wide, (HIGH - 2 * _MARGIN) / high)

    def at(self, place: Point) -> Point:
        """Return a place in the drawing, whose y runs downwards."""
        return Point(
            round(WIDE / 2 + self._scale * (place.x - self._middle.x), 1),
            round(HIGH / 2 - self._scale * (place.y - self._middle.y), 1),
        )

    def place(self, name: str) -> Point:
        """Return where a State or hub stands."""
        return self.at(self._play.places[name])

    def _bezier(self, path: Chord) -> tuple[str, str]:
        points = [self.at(point) for point in path]
        (a, b), (c, d), (e, f) = points
        return f"M{a:g} {b:g}Q{c:g} {d:g} {e:g} {f:g}", " ".join(f"{each:g}" for point in points for each in point)

    def _shape(self, sort: str, seqs: Sequence[int], spans: Sequence[Span], **rest: Any) -> Shape:
        ticks = [self._ticks(span) for span in spans]
        on = " ".join(f"{start} {end}" for start, end in ticks)
        seen = any(start <= self._still < end for start, end in ticks)
        return Shape(sort, " ".join(map(str, seqs)), on, seen, **rest)

    def lines(self) -> Iterator[Shape]:
        """Yield the lines, which are seen broken at some positions."""
        for wire in self._play.wires:
            path, _ = self._bezier(wire.path)
            x, y = self.at(wire.path.at(0.5))
            yield self._shape(wire.kind, wire.seqs, wire.broken, path=path, x=x, y=y, faint=not wire.whole)

    def dyad(self, sign: Sign) -> Shape:
        """Return the rung of a dyad, as a bar that is the wider the higher it is."""
        (a, b), (c, d) = (self.place(state) for state in sign.states)
        x, y = round(0.62 * a + 0.38 * c, 1), round(0.62 * b + 0.38 * d, 1)
        path = f"M{a:g} {b:g}L{c:g} {d:g}"
        return self._shape("dyad", sign.seqs, [sign.seen], path=path, x=x, y=y, width=3 + 2 * sign.rung, text=sign.text)

    def messages(self) -> Iterator[Shape]:
        """Yield what goes between States."""
        for carried in self._play.messages:
            path, way = self._bezier(carried.path)
            start, end = self._ticks(carried.seen)
            silent = carried.arrow.sort == "silence"
            share = 0.5 if silent else min(1.0, max(0.0, (self._still - start) / (end - start)))
            x, y = self.at(carried.path.at(share))
            mark = SHAPES[STROKES[carried.arrow.sort].marker]
            way = "" if silent else way
            yield self._shape(carried.arrow.sort, carried.seqs, [carried.seen], path=path, mark=mark, way=way, x=x, y=y)

    def sign(self, sign: Sign) -> Shape:
        """Return a decision, an incident or an outage at its State."""
        x, y = self.place(sign.states[0])
        return self._shape(
            sign.sort, sign.seqs, [sign.seen], x=x, y=y, text=sign.text, faint=sign.faint, label=_inwards(x, y)
        )


def _node(brush: _Brush, row: Mapping[str, Any]) -> dict[str, Any]:
    x, y = brush.place(row["name"])
    label = shown(row["label"], _LONGEST)
    return {"label": label, "x": x, "y": y, "width": 1.1 * _LETTER * len(label) + 14}


def _state(brush: _Brush, row: Mapping[str, Any], many: bool) -> dict[str, Any]:
    """Return a State with the place of its name: beside it, away from the middle."""
    found = _node(brush, row)
    x, y = found["x"] - WIDE / 2, found["y"] - HIGH / 2
    far = 14.0 if many else 20.0
    length = max(hypot(x, y), 0.1)
    found["text_x"] = round(found["x"] + far * x / length, 1)
    found["text_y"] = round(found["y"] + (far if abs(x) > 40 else 1.25 * far) * y / length + 5, 1)
    found["anchor"] = "middle" if abs(x) < 30 else "start" if x > 0 else "end"
    return found


def _inwards(x: float, y: float) -> tuple[float, float, str]:
    """Return where a text beside a mark stands, towards the middle of the drawing, and how it is set."""
    away = Point(WIDE / 2 - x, HIGH / 2 - y)
    length = max(hypot(*away), 0.1)
    anchor = "middle" if abs(away.x) < 30 else "end" if away.x < 0 else "start"
    return round(24 * away.x / length, 1), round(32 * away.y / length + 5, 1), anchor


def _height(rung: float) -> float:
    return round(STRIP[1] + STRIP[3] * (1 - rung / 10), 1)


def _rungs(play: Play) -> str:
    """Return the highest rung of any dyad over the hours of the run, as a closed path."""
    left, top, width, height = STRIP
    whole = max(play.clock.hours[-1], 1.0)
    steps = "".join(f"H{left + width * step.hour / whole:.1f}V{_height(step.height):g}" for step in play.rungs)
    return f"M{left} {top + height}{steps}H{left + width}V{top + height}Z"


def _legend(play: Play) -> Iterator[dict[str, Any]]:
    """Yield what is seen of a run and what it means."""
    sorts = {carried.arrow.sort for carried in play.messages}
    for sort, stroke in STROKES.items():
        if sort in sorts:
            yield {"sort": sort, "mark": SHAPES[stroke.marker], "line": "message", "label": stroke.label}
    signs = {sign.sort for sign in play.signs}
    for name, label in _SIGNS.items():
        if name.split()[0] in signs:
            yield {"sort": name, "mark": SHAPES.get("*" if name == "incident" else "o"), "line": "", "label": label}
    for kind, count in Counter(wire.kind for wire in play.wires).items():
        yield {"sort": kind, "mark": "", "line": "line", "label": line_words(kind, count)}
    if any(not wire.whole for wire in play.wires):
        yield {"sort": "thin", "mark": "", "line": "line", "label": "thin: not practised in full"}
    if any(wire.broken for wire in play.wires):
        yield {"sort": "broken", "mark": SHAPES["X"], "line": "line", "label": "line broken: what it rides on is out"}


_SIGNS = {
    "decision": "a State, with the rung it chose last",
    "decision faint": "the same, kept private",
    "dyad": "wider: the rung on which two States stand",
    "incident": "incident",
    "outage": "a sector is out",
}


def inks() -> Iterator[str]:
    """Yield the rules of a page for sorts of messages and kinds of lines: colour, width and dashes."""
    for kind in (MEMBERSHIP, *line_kinds()):
        look = look_of(kind)
        yield f".player .k-{kind} {{ stroke: {look.colour}; {_dash(look.dash)} }}"
    for sort, each in STROKES.items():
        yield f".player .k-{sort} {{ stroke: {each.colour}; stroke-width: {max(1.4, each.width)}; {_dash(each.dash)} }}"
        yield f".player .f-{sort} {{ fill: {each.colour}; }}"


def _dash(dash: Any) -> str:
    return "" if isinstance(dash, str) else f"stroke-dasharray: {' '.join(f'{each:g}' for each in dash[1])};"
