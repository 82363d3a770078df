"""Choice: the limits of the logit rule, and the shape of escalation that it must not have."""

from __future__ import annotations

import itertools
import math

from simcrisis.catalogue import Parameters, gravities
from simcrisis.engine.compiler import weights_of
from simcrisis.rules.doctrines.logit import logit, utilities
from simcrisis.rules.situation import Situation
from tests.laws.law import Outcome, law
from tests.laws.settings import belgrade, logs

GRID = [
    Situation(p, s, x, rung, 10)
    for p, s, x, rung in itertools.product((0.05, 0.5, 0.95), (1.0, 3.0, 5.0), (0.0, 0.5, 2.0), (0, 3, 6, 8))
]
DEFAULT = weights_of(Parameters())
REPLICATIONS = 600


@law("Choice: no rationality", "lambda -> 0 is uniform over the eleven rungs", tolerance="1e-12", false_alarm="none")
def uniform() -> Outcome:
    blind = DEFAULT._replace(rationality=0.0)
    worst = max(abs(chance - 1 / 11) for each in GRID for chance in logit(each, blind, gravities()))
    return Outcome(f"largest deviation {worst:.1e}", worst, 1e-12)


@law("Choice: full rationality", "lambda -> infinity is the best reply", tolerance="1e-9", false_alarm="none")
def best_reply() -> Outcome:
    sure = DEFAULT._replace(rationality=1e7)
    worst = 0.0
    for each in GRID:
        worth = utilities(each, sure, gravities())
        worst = max(worst, 1.0 - logit(each, sure, gravities())[worth.index(max(worth))])
    return Outcome(f"largest probability of another rung {worst:.1e}", worst, 1e-9)


@law(
    "Choice: monotone",
    "P(a >= r) rises with belief, severity, tension and present rung, for every r",
    tolerance="1e-12",
    false_alarm="none",
)
def monotone() -> Outcome:
    worst = -math.inf
    for each in GRID:
        raised = [
            each._replace(belief=each.belief + 0.04),
            each._replace(severity=each.severity + 0.5),
            each._replace(tension=each.tension + 0.3),
            each._replace(rung=each.rung + 1),
        ]
        before = logit(each, DEFAULT, gravities())
        for after in (logit(more, DEFAULT, gravities()) for more in raised):
            worst = max(worst, *(math.fsum(before[r:]) - math.fsum(after[r:]) for r in range(1, 11)))
    return Outcome(f"largest fall of P(a >= r) {max(worst, 0.0):.1e}", worst, 1e-12)


@law(
    "No leaps: from peace",
    "At most 1 % of a batch's decisions from rungs 0-3 choose rung 8 or above (belgrade_2015, every arm)",
    tolerance="0.01",
    false_alarm="none at this distance",
)
def no_leap_from_peace() -> Outcome:
    worst, told = 0.0, []
    for arm in belgrade().arms:
        low = [d for log in logs(belgrade(), arm, REPLICATIONS) for d in log.decisions if d.rung_before <= 3]
        share = sum(d.act >= 8 for d in low) / len(low)
        stated = math.fsum(d.chances[5] for d in low) / len(low)
        worst = max(worst, share, stated)
        told.append(f"{arm} {share:.1e} (stated chance {stated:.1e}, {len(low)} decisions)")
    return Outcome("; ".join(told), worst, 0.01)


@law(
    "No leaps: over the firebreak",
    "At most 5 % of first crossings of the firebreak enter above rung 8: summed chance_9 over summed chance_8, "
    "decisions before the first crossing (belgrade_2015, all arms)",
    tolerance="0.05",
    false_alarm="estimated from 600 replications of each arm",
)
def no_leap_over_the_firebreak() -> Outcome:
    eight: list[float] = []
    nine: list[float] = []
    for arm in belgrade().arms:
        for log in logs(belgrade(), arm, REPLICATIONS):
            for decision in log.decisions:
                eight.append(decision.chances[5])
                nine.append(decision.chances[6])
                if decision.act >= 8 and not decision.private:
                    break
    ratio = math.fsum(nine) / math.fsum(eight)
    return Outcome(f"{ratio:.3f} ({math.fsum(nine):.3f} / {math.fsum(eight):.3f})", ratio, 0.05)
