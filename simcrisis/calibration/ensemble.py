"""The ensemble: parameter sets that no pattern rules out, found in waves of a history match.

Craig, Goldstein, Seheult and Smith 1997 (doi:10.1007/978-1-4612-2290-3_2); Vernon, Goldstein and Bower 2010
(doi:10.1214/10-BA524). The first wave fills the whole space with few replications a set; what it does not rule out is
looked at again with more. Later waves draw their candidates around the sets that are not ruled out so far. Let in are
those of them that would not be ruled out either if there were no luck to excuse what was measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simcrisis import __version__
from simcrisis.batch.design import shares
from simcrisis.calibration.crew import Crew, Progress
from simcrisis.calibration.evaluate import calibration_world
from simcrisis.calibration.measured import Measured
from simcrisis.calibration.patterns import CRISIS, CRISIS_RUNS, IMPLAUSIBLE, PATTERNS, implausible, screened
from simcrisis.calibration.points import Points
from simcrisis.errors import CalibrationError
from simcrisis.files import aside
from simcrisis.scenario import load
from simcrisis.scenario.experiment import Experiment, Range, parse_factor

Shares = npt.NDArray[np.float64]


def _log(low: Any, high: Any) -> dict[str, Any]:
    return {"low": low, "high": high, "scale": "log"}


def _even(low: Any, high: Any) -> dict[str, Any]:
    return {"low": low, "high": high}


SPACE: Mapping[str, Mapping[str, Any]] = {
    "model.lambda": _log(8.0, 40.0),
    "model.ten": _log(0.3, 4.0),
    "model.wrong": _log(0.2, 2.0),
    "model.cost": _log(0.15, 2.0),
    "model.lin": _log(0.15, 1.5),
    "model.hab": _even(0.5, 1.0),
    "model.fire": _log(0.03, 0.5),
    "model.prop": _log(0.5, 8.0),
    "model.dx": _log(0.5, 5.0),
    "model.react": _log(2.0, 7.0),
    "model.b_intent": _even(-0.6, 0.8),
    "model.innocent": _even(1.0, 2.5),
    "model.half_life": _log("7 days", "28 days"),
    "model.opening": _even(-2.0, 0.0),
    "model.kappa": _even(0.4, 0.9),
    "model.reassure": _even(0.25, 0.9),
    "model.forewarned": _even(0.6, 1.0),
    "model.partner_d": _even(0.2, 0.7),
    "model.bar": _even(0.4, 0.6),
    "model.bar_slope": _even(0.3, 0.6),
}
"""The space that is searched: about a third to three times the defaults of the decision rule, and what else the effect
of a line hangs on. Ranges are assumed. The last two serve the rule `threshold` only: no pattern filters them."""
FIRST_WAVE = 1024
LATER_WAVE = 256
QUICK, THOROUGH = 8, 40
"""Replications of the calibration world for a first look at a set, and for the one that lets it in."""
_SPREAD = 0.6
"""Standard deviation of candidates around the sets that stand, in those of these sets."""
MOST_WAVES = 12


@dataclass(frozen=True)
class Match:
    """What a history match found."""

    sets: Sequence[Mapping[str, Any]]
    """Those that no pattern rules out, in the order in which they were found."""
    measured: Sequence[Measured]
    """What the patterns measured at each of them."""
    tried: int
    waves: Sequence[tuple[int, int, int, int]]
    """Of each wave: candidates, those not ruled out by a quick look, those not by a thorough one, those let in."""


def match(crew: Crew, wanted: int, seed: int, told: Callable[[str], None] | None = None) -> Match:
    """Return `wanted` parameter sets that no pattern rules out, or fewer after the last wave.

    `crew` measures patterns (`simcrisis.calibration.patterns.screened`); the same seed gives the same sets.
    """
    space = {path: parse_factor(dict(given)) for path, given in SPACE.items()}
    ranges = {path: each for path, each in space.items() if isinstance(each, Range)}
    rng = np.random.default_rng(seed)
    standing, measured = np.empty((0, len(ranges))), list[Measured]()
    sets, waves = list[Mapping[str, Any]](), list[tuple[int, int, int, int]]()
    while len(sets) < wanted and len(waves) < MOST_WAVES:
        candidates = _filling(ranges, seed) if not waves else _around(standing, rng)
        tried = [_at(ranges, row) for row in candidates]
        quick = _standing(crew.many(tried, QUICK))
        again = crew.many([tried[n] for n in quick], THOROUGH)
        stood = [quick[n] for n in _standing(again)]
        standing = np.concatenate([standing, candidates[stood]])
        before = len(sets)
        for n in _standing(again, luck=False):
            if _differs(tried[quick[n]], sets):
                sets.append(tried[quick[n]])
                measured.append(again[n])
        waves.append((len(tried), len(quick), len(stood), len(sets) - before))
        if told:
            told(
                f"wave {len(waves)}: {len(tried):,} candidates, {len(quick)} after a quick look, {len(stood)} after a "
                f"thorough one, {len(sets) - before} let in"
            )
        if len(standing) <= len(ranges):
            break  # too few to say where to look next
    return Match(sets[:wanted], measured[:wanted], sum(wave[0] for wave in waves), waves)


def found_sets(
    wanted: int,
    seed: int = 1,
    *,
    workers: int = 1,
    out: Path | None = None,
    progress: Progress | None = None,
    told: Callable[[str], None] | None = None,
) -> Match:
    """Return a match from end to end; with `out`, what is measured is kept there, and the same call goes on.

    Raises CalibrationError for a folder that does not serve.
    """
    about = {
        "version": __version__,
        "seed": seed,
        "space": {path: dict(each) for path, each in SPACE.items()},
        "patterns": [asdict(pattern) for pattern in PATTERNS],
        "worlds": [calibration_world().digest, load(CRISIS).digest],
    }
    with Crew(partial(screened, seed), Points(out, about), workers, progress, luck=seed) as crew:
        return match(crew, wanted, seed, told)


def write_sets(found: Match, folder: Path, command: str, seed: int) -> None:
    """Write `ensemble.csv`, a row a set, and `ensemble.toml`, which says how they were made."""
    if not found.sets:
        raise CalibrationError("no pattern lets any set in: there is nothing to write")
    with aside(folder / "ensemble.csv") as part:
        rows = [list(found.sets[0]), *(list(each.values()) for each in found.sets)]
        part.write_text("".join(f"{','.join(map(str, row))}\n" for row in rows), encoding="utf-8")
    with aside(folder / "ensemble.toml") as part:
        part.write_text(_origin(found, command, seed), encoding="utf-8")


def _origin(found: Match, command: str, seed: int) -> str:
    """Return how sets were made, as TOML; JSON texts and numbers are TOML's as well."""
    head = {
        "command": command,
        "version": __version__,
        "seed": seed,
        "sets": len(found.sets),
        "tried": found.tried,
        "replications": THOROUGH,
        "crisis_replications": CRISIS_RUNS * THOROUGH,
        "crisis": CRISIS,
        "implausible_above": IMPLAUSIBLE,
        "rule": "logit",
    }
    parts = [
        "# How ensemble.csv was made: parameter sets that no pattern below rules out (docs/calibration.md).",
        *(f"{name} = {json.dumps(value)}" for name, value in head.items()),
        f"waves = {json.dumps([list(wave) for wave in found.waves])}  # tried, left by each look, let in",
    ]
    for pattern in PATTERNS:
        parts += ["", "[[pattern]]", *(f"{name} = {json.dumps(value)}" for name, value in asdict(pattern).items())]
    parts += ["", "[space]", *(f"{json.dumps(path)} = {_inline(each)}" for path, each in SPACE.items())]
    return "\n".join(parts) + "\n"


def _inline(factor: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {json.dumps(value)}" for name, value in factor.items()) + " }"


def _standing(found: Sequence[Measured], *, luck: bool = True) -> list[int]:
    """Return which sets no pattern rules out, of those at which all patterns were measured; see `implausible`."""
    whole = {pattern.name for pattern in PATTERNS}
    return [n for n, each in enumerate(found) if set(each) >= whole and implausible(each, luck=luck) <= IMPLAUSIBLE]


def _differs(changes: Mapping[str, Any], sets: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a set shares no value with others: levels of a factor must differ."""
    return all(changes[path] != one[path] for one in sets for path in changes)


def _filling(ranges: Mapping[str, Range], seed: int) -> Shares:
    experiment = Experiment(vary=dict(ranges), points=FIRST_WAVE, sample="latin_hypercube", seed=seed)
    return shares(experiment)


def _around(standing: Shares, rng: np.random.Generator) -> Shares:
    """Return candidates near sets that stand: a normal step as their spread is, drawn again where it leaves."""
    root = np.linalg.cholesky(np.cov(standing.T) + 1e-9 * np.eye(standing.shape[1])) * _SPREAD
    found = list[Shares]()
    while len(found) < LATER_WAVE:
        base = standing[rng.integers(len(standing))]
        step = base + root @ rng.standard_normal(len(base))
        if ((step >= 0.0) & (step <= 1.0)).all():
            found.append(step)
    return np.array(found)


def _at(ranges: Mapping[str, Range], row: Shares) -> dict[str, Any]:
    return {path: each.value(float(share)) for (path, each), share in zip(ranges.items(), row, strict=True)}
