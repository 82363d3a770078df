"""Designs and analyses made by SALib (Iwanaga et al. 2022, doi:10.18174/sesmo.18155), on shares 0 to 1 of ranges.

The only importer of SALib, which is an extra, and takes two seconds to import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simcrisis.errors import BatchError

Floats = npt.NDArray[np.float64]

LEVELS = 4
"""Of the grid on which trajectories move; a step is two thirds of a range."""
RESAMPLES = 1000
_SEED = 1
"""Of the resampling, so that the same outputs have the same intervals."""


class Effects(NamedTuple):
    """What a Morris screening says of a range."""

    mu_star: float
    mu_star_low: float
    mu_star_high: float
    mu: float
    sigma: float


class Indices(NamedTuple):
    """The Sobol indices of a range."""

    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "SALib").partition(".")[0]
        raise BatchError(f'{missing} is not installed: pip install "simcrisis[sensitivity]"') from None


def _cube(size: int) -> dict[str, Any]:
    """Return the problem, in the words of SALib, of ranges 0 to 1."""
    return {"num_vars": size, "names": [str(n) for n in range(size)], "bounds": [[0.0, 1.0]] * size}


def trajectories(size: int, number: int, seed: int) -> Floats:
    """Return [point, range] of Morris trajectories: from point to point, one range moves by two thirds.

    Morris 1991, doi:10.1080/00401706.1991.10484804. Raises BatchError without SALib.
    """
    with _installed():
        from SALib.sample import morris
    return np.asarray(morris.sample(_cube(size), number, num_levels=LEVELS, seed=seed), np.float64)


def saltelli_rows(size: int, number: int, seed: int) -> Floats:
    """Return [point, range] of rows A, A with one column of B at a time, B, where A and B are scrambled Sobol points.

    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018. Raises BatchError without SALib.
    """
    with _installed():
        from SALib.sample import sobol
    found = sobol.sample(_cube(size), number, calc_second_order=False, scramble=True, seed=seed)
    return np.asarray(found, np.float64)


def effects(shares: Floats, output: Floats) -> list[Effects]:
    """Return the screening of each range: mean size, mean and spread of the elementary effects.

    `shares` are those of `trajectories`, `output` has a value a point. An elementary effect is the change of the output
    by a step, divided by the step: the output's own units per whole range. 95 % intervals of the mean size resample
    trajectories. Morris 1991; mu_star: Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004.
    """
    with _installed():
        from SALib.analyze import morris
    size = shares.shape[1]
    found = morris.analyze(
        _cube(size), shares, output, num_resamples=RESAMPLES, conf_level=0.95, num_levels=LEVELS, seed=_SEED
    )
    columns = (np.asarray(found[name], np.float64).tolist() for name in ("mu_star", "mu_star_conf", "mu", "sigma"))
    return [
        Effects(mu_star, max(0.0, mu_star - half), mu_star + half, mu, sigma)
        for mu_star, half, mu, sigma in zip(*columns, strict=True)
    ]


def sobol_indices(size: int, output: Floats) -> list[Indices] | None:
    """Return first-order and total indices of each range; None where the output is the same at every point.

    `output` has a value a point of `saltelli_rows`. 95 % intervals are percentiles over
    resampled rows. Saltelli et al. 2010.
    """
    with _installed():
        from SALib.analyze import sobol
    if np.ptp(output) == 0.0:
        return None
    found = sobol.analyze(
        _cube(size),
        output,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=0.95,
        keep_resamples=True,
        seed=_SEED,
    )
    first, total = (np.quantile(found[f"{name}_conf_all"], (0.025, 0.975), axis=0) for name in ("S1", "ST"))
    columns = (found["S1"], *first, found["ST"], *total)
    return [Indices._make(float(column[n]) for column in columns) for n in range(size)]
