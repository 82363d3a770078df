"""Kydd 2000: reassurance works if it is credible, because it costs those who cannot be trusted more."""

from __future__ import annotations

from tests.studies.published.statistics import measured
from tests.studies.published.study import Contrast, Statistic, Study

INNOCENT, CULPRIT, GAP = "innocent blamed", "culprit blamed", "culprit less innocent blamed"
TELLING = {"telling": 1.0, "says nothing": -1.0}

STUDY = Study(
    name="kydd_2000",
    title="Reassurance works if it is credible",
    cited="Kydd 2000",
    source="A. Kydd, Trust, Reassurance, and Cooperation, International Organization 54(2), 2000, 325-357, "
    "doi:10.1162/002081800551190.",
    claim="A State that means no harm can show it by a signal that would cost one that does too much: such signals "
    "tell the two apart, cheap ones do not.",
    reading="Contact points, one public incident, half the time the suspect's work. The cost of a false assurance "
    "makes it credible: with credibility k a culpable State sends none with probability k, and the asker reads it so "
    "(the honest baseline, k = kappa x (1 - mistrust)); kappa is 0, .4, .7 or 1. That contact itself takes tension "
    "away is the same in all arms. The signal here is a word, not an act of arms control.",
    expected="An innocent suspect is blamed less if assurances are telling than if they say nothing; and the "
    "difference between culprits and innocents in being blamed (rung 4 or above) is greater.",
    statistics=(
        Statistic(INNOCENT, measured("chance_4"), weights={"innocent": 1.0}),
        Statistic(CULPRIT, measured("chance_4"), weights={"culpable": 1.0}),
        Statistic(GAP, measured("chance_4"), weights={"culpable": 1.0, "innocent": -1.0}),
    ),
    contrasts=(
        Contrast(INNOCENT, TELLING, "credible assurances spare innocents", -1, judged=True),
        Contrast(GAP, TELLING, "and tell culprits from innocents", +1, judged=True),
        Contrast(CULPRIT, TELLING, "culprits blamed"),
    ),
    shown=(INNOCENT, GAP),
    worlds={"culpable": {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}}, "innocent": {}},
    runs=3000,
    why="Assurances that tell do set culprits and innocents further apart, but by blaming both more. The more an "
    "assurance says, the more does its absence: where an innocent desk was silent until the decision (a quarter "
    "of inquiries are never answered, others late), attribution went from 6 to 14 % of runs; where it gave an "
    "assurance, from 5 to 2 % (`logit`, 2,500 replications). A suspect that is half cleared already is hardly "
    "ever blamed, so that an assurance has little to take away, and silence much to add. In Kydd's game a State "
    "that means no harm can always send the signal; here it may have nobody at the desk.",
)
