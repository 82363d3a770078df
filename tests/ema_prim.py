"""Boxes by another implementation of PRIM: `python -m tests.ema_prim` writes prim.json anew, by hand.

It needs `pip install ema_workbench`, which is no part of the development environment: the file keeps what it said.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("prim.json")
ALPHA, LEAST_MASS = 0.05, 0.05

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def samples() -> dict[str, tuple[Floats, Flags]]:
    """Return points and cases of interest, of which the boxes are known."""
    made = {}
    x = _points(1, 200, 3)
    made["a corner of two parameters"] = x, (x[:, 0] < 0.4) & (x[:, 1] > 0.5)
    x = _points(2, 250, 4)
    noise = np.random.default_rng(20).random(250) < 0.1
    made["a slab of one parameter, one point in ten wrong"] = x, ((x[:, 2] > 0.3) & (x[:, 2] < 0.6)) ^ noise
    x = _points(3, 200, 5)
    kept = np.random.default_rng(30).random(200) < 0.9
    made["three of five parameters, one case in ten lost"] = (
        x,
        (x[:, 0] > 0.3) & (x[:, 3] < 0.7) & (x[:, 4] > 0.2) & kept,
    )
    return made


def _points(seed: int, size: int, parameters: int) -> Floats:
    return np.random.default_rng(seed).random((size, parameters)).round(6)


def boxes(where: Floats, interest: Flags) -> list[dict[str, Any]]:
    """Return the peeled and pasted boxes of ema_workbench: points, cases, bounds (null: none), quasi-p-values."""
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]
    from ema_workbench.analysis import prim
    from ema_workbench.analysis.prim_util import PRIMObjectiveFunctions

    found = prim.Prim(
        pd.DataFrame(where, columns=[str(n) for n in range(where.shape[1])]),
        interest.astype(float),
        threshold=0.5,
        obj_function=PRIMObjectiveFunctions.ORIGINAL,
        peel_alpha=ALPHA,
        paste_alpha=ALPHA,
        mass_min=LEAST_MASS,
    ).find_box()
    first = found.box_lims[0].to_numpy()
    return [
        {
            "points": int(row["n"]),
            "cases": int(row["k"]),
            "low": [None if bound == least else bound for bound, least in zip(limits[0], first[0], strict=True)],
            "high": [None if bound == most else bound for bound, most in zip(limits[1], first[1], strict=True)],
            "quasi_p": {name: [None if p == -1 else p for p in both] for name, both in quasi_p.items()},
        }
        for (_, row), limits, quasi_p in zip(
            found.peeling_trajectory.iterrows(), (each.to_numpy() for each in found.box_lims), found.qp, strict=True
        )
    ]


def main() -> None:
    """Write the file."""
    document = {
        "made_by": "python -m tests.ema_prim",
        "made_with": {name: version(name) for name in ("ema_workbench", "numpy", "pandas")},
        "settings": {"objective": "ORIGINAL", "peel_alpha": ALPHA, "paste_alpha": ALPHA, "mass_min": LEAST_MASS},
        "samples": {
            name: {"where": where.tolist(), "interest": interest.astype(int).tolist(), "boxes": boxes(where, interest)}
            for name, (where, interest) in samples().items()
        },
    }
    FILE.write_text(json.dumps(document, separators=(",", ":")).replace('"samples"', '\n"samples"') + "\n")


if __name__ == "__main__":
    main()
