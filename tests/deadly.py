"""A decision rule that ends its process at one belief."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

from simcrisis.rules.doctrines.logit import logit
from simcrisis.rules.situation import Situation, Weights

BELIEF = "SIMCRISIS_TEST_DEADLY_BELIEF"


def deadly(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
    """Decide as logit does; end the process where the belief is the deadly one."""
    if math.isclose(situation.belief, float(os.environ[BELIEF]), rel_tol=1e-12):
        os._exit(9)
    return logit(situation, weights, g)
