"""Baliga, Bueno de Mesquita and Wolitzky 2020: better attribution can embolden the victim."""

from __future__ import annotations

from tests.studies.published.statistics import measured
from tests.studies.published.study import Contrast, Statistic, Study

AGAINST_CULPRIT = "attributes to a culprit"
AGAINST_INNOCENT = "attributes to an innocent"
GRAVE = "rung 6 or above"
FORCE = "rung 8 or above"
SHARPER = {"sharp": 1.0, "blind": -1.0}

STUDY = Study(
    name="baliga_2020",
    title="Better attribution can embolden the victim",
    cited="Baliga, Bueno de Mesquita and Wolitzky 2020",
    source="S. Baliga, E. Bueno de Mesquita and A. Wolitzky, Deterrence with Imperfect Attribution, American "
    "Political Science Review 114(4), 2020, 1155-1178, doi:10.1017/S0003055420000362.",
    claim="A victim that cannot tell for certain who attacked holds back. Better attribution lets it retaliate "
    "against the right State with more confidence; whether that deters attackers depends on what becomes better, and "
    "some improvements backfire.",
    reading="One public incident, half the time the first suspect's work; the arms raise the strength d' of the "
    "victim's technical findings from nothing to three times the default. Only the victim's half of the result can "
    "be asked: incidents here are given, attackers do not weigh whether to attack, so that nothing can be said about "
    "deterrence, nor about how attackers' choices hang together.",
    expected="The victim attributes more often when the suspect did it, and with it the share of runs that reach "
    "rung 6 (sanctions, indictments) rises over culprits and innocents together: sharp minus blind is above "
    "zero in both.",
    statistics=(
        Statistic(AGAINST_CULPRIT, measured("chance_4"), weights={"culpable": 1.0}),
        Statistic(AGAINST_INNOCENT, measured("chance_4"), weights={"innocent": 1.0}),
        Statistic(GRAVE, measured("chance_6")),
        Statistic(FORCE, measured("chance_8")),
        Statistic("rung-hours", measured("rung_hours"), "hours"),
    ),
    contrasts=(
        Contrast(AGAINST_CULPRIT, SHARPER, "a sharper victim answers a culprit more often", +1, judged=True),
        Contrast(GRAVE, SHARPER, "and there is more grave escalation in all", +1, judged=True),
        Contrast(AGAINST_INNOCENT, SHARPER, "innocents are blamed less", -1),
        Contrast(FORCE, SHARPER, "force"),
        Contrast("rung-hours", SHARPER, "how high for how long"),
    ),
    shown=(AGAINST_CULPRIT, GRAVE),
    worlds={"culpable": {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}}, "innocent": {}},
    why="Under both rules the surer a State is, the graver it answers, and a victim that learns nothing stays with "
    "its opening doubt and hardly acts at all: the direction was built in, its size was not. One thing came out "
    "otherwise than expected: a sharper victim blames innocents more often, not less. Without evidence it blames "
    "nobody; with evidence it is now and then misled, most often at middling strength (`good`), less so at "
    "`sharp`. Whether attackers would be deterred cannot be asked here.",
)
