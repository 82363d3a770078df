"""Background incidents: drawn for each dyad as a gamma-Poisson process, whose initiators tend to come back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate

from simcrisis.draws import Luck, mix, purposes
from simcrisis.engine.world import BackgroundWorld, IncidentWorld, World
from simcrisis.errors import Problem, ScenarioError
from simcrisis.events import NOBODY
from simcrisis.rules import availability
from simcrisis.units import DAY

YEAR = 365 * DAY


def background(world: World, luck: Luck) -> dict[int, IncidentWorld]:
    """Return the background incidents of a run by number, in the order in which they strike."""
    drawn = sorted(
        (incident for source in _possible(world, luck) for incident in _of_dyad(source, luck, world.horizon)),
        key=lambda incident: (incident.at, incident.path),
    )
    if len(drawn) > world.most_background:
        message = f"more than {world.most_background:,} background incidents in one run; lower the rates"
        raise ScenarioError([Problem(world.file, 0, 0, "background", message)])
    return dict(enumerate(drawn, len(world.incidents)))


def _possible(world: World, luck: Luck) -> Iterator[BackgroundWorld]:
    """Yield the sources that may have an incident in a run, and few that have none.

    Where each pair of many States has a small rate, drawing them all would be much of the cost of a run. What is left
    out here is certain to draw nothing: the square of a score is at most -2 ln 2p, where p is the tail beyond it, and
    the first incident comes no sooner than -ln(1 - u) >= u mean times. The margins are far wider than rounding, so that
    what is drawn does not depend on them.
    """
    paths = [source.path for source in world.background]
    rates = luck.first_uniforms(purposes.BACKGROUND_RATE, paths)
    times = luck.first_uniforms(purposes.BACKGROUND_TIME, paths)
    years = world.horizon / YEAR
    for source, v, u in zip(world.background, rates, times, strict=True):
        tail = min(v, 1.0 - v)
        if tail <= 0.0 or u <= 1.01 * source.rate * years * -2.0 * math.log(2.0 * tail) + 1e-9:
            yield source


def _of_dyad(source: BackgroundWorld, luck: Luck, horizon: int) -> Iterator[IncidentWorld]:
    """Yield the incidents of one dyad: a Poisson process whose rate is its mean times a squared normal score."""
    path, sides = source.path, (source.a, source.b)
    rate = source.rate * luck.normal(purposes.BACKGROUND_RATE, path) ** 2
    if rate <= 0.0:
        return
    at, n, last, last_at = 0, 0, NOBODY, 0
    while True:
        at += round(availability.exponential(YEAR / rate, luck.normal(purposes.BACKGROUND_TIME, path, n)))
        if at >= horizon:
            return
        u = luck.uniform(purposes.BACKGROUND_SIDE, path, n)
        comes_back = last != NOBODY and at - last_at <= YEAR
        side = (last if u < source.returns else 1 - last) if comes_back else int(u >= 0.5)
        yield _incident(source, luck, at, sides[side], sides[1 - side], n)
        last, last_at, n = side, at, n + 1


def _incident(source: BackgroundWorld, luck: Luck, at: int, initiator: int, victim: int, n: int) -> IncidentWorld:
    path = source.path
    by_state = luck.uniform(purposes.BACKGROUND_CAUSE, path, n) < source.states
    u = luck.uniform(purposes.BACKGROUND_SEVERITY, path, n)
    severity = next(
        (s for s, share in enumerate(accumulate(source.severities), 1) if u < share), len(source.severities)
    )
    return IncidentWorld(
        path=mix(path, n + 1),
        at=at,
        victim=victim,
        author=initiator if by_state else NOBODY,
        severity=float(severity),
        covert=luck.uniform(purposes.BACKGROUND_SEEN, path, n) >= source.public,
        suspects=(initiator,),
        cuts=(),
        rumour=0.0,
        sector=source.sector,
        criminal=not by_state,
        drawn=True,
    )
