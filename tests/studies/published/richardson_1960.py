"""Richardson 1960: reaction and grievance feed an exchange, fatigue ends it."""

from __future__ import annotations

from tests.studies.published.statistics import measured
from tests.studies.published.study import Contrast, Statistic, Study

ACTS, GRAVE, FORCE = "acts", "rung 6 or above", "rung 8 or above"
REACTIVE, FATIGUED, AGGRIEVED = ({arm: 1.0, "usual": -1.0} for arm in ("reactive", "fatigued", "aggrieved"))

STUDY = Study(
    name="richardson_1960",
    title="Reaction and grievance feed an exchange, fatigue ends it",
    cited="Richardson 1960",
    source="L. F. Richardson, Arms and Insecurity, Boxwood Press, 1960: x' = ay - mx + r, y' = bx - ny + s, stable "
    "if and only if mn > ab.",
    claim="What each side does grows with the other's doing (a, b) and with grievance (r, s), and shrinks with "
    "fatigue (m, n).",
    reading="Reaction: an act is felt to be graver (`react` 6 for 4.4) and raises more tension (`dx` 3 for 2). "
    "Fatigue: tension and rungs fade faster (half-life 4 for 14 days, quiet 3 for 10 days). Grievance: mistrust .8 "
    "for .5. The linearised map of act and reaction is a law of the model of its own "
    "([validation.md](../validation.md), Spiral); here it is the whole model, with noise, clocks and beliefs.",
    expected="Acts per run rise with reaction and with grievance, and fall with fatigue.",
    statistics=(
        Statistic(ACTS, measured("acts"), "count"),
        Statistic(GRAVE, measured("chance_6")),
        Statistic(FORCE, measured("chance_8")),
    ),
    contrasts=(
        Contrast(ACTS, REACTIVE, "reaction feeds it", +1, judged=True),
        Contrast(ACTS, FATIGUED, "fatigue ends it", -1, judged=True),
        Contrast(ACTS, AGGRIEVED, "grievance feeds it", +1, judged=True),
        Contrast(GRAVE, REACTIVE, "reaction: grave escalation", +1),
        Contrast(GRAVE, FATIGUED, "fatigue: grave escalation", -1),
        Contrast(GRAVE, AGGRIEVED, "grievance: grave escalation", +1),
    ),
    shown=(ACTS, GRAVE),
    worlds={"culpable": {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}}, "innocent": {}},
    why="Fatigue and grievance do as expected under both rules, reaction under `threshold` only. Under `logit` more "
    "reactive States climb higher (rung 6 in 13 instead of 9 % of runs, force in 5.5 instead of 0.4 %), but do "
    "not act more often: where the suspect did it, 7 % of runs end in war instead of 0.1 % (1,000 replications), "
    "and after war nobody acts any more. A statistic of how grave, not of how often, would have agreed; the one "
    "that was committed stays.",
)
