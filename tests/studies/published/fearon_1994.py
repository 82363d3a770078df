"""Fearon 1994: publicity locks in."""

from __future__ import annotations

from tests.studies.published.statistics import backs_down, measured
from tests.studies.published.study import Contrast, Statistic, Study

BACKS_DOWN, GRAVE, FORCE = "backs down", "rung 6 or above", "rung 8 or above"
BOUND = {"public, bound": 1.0, "public, free": -1.0}
MORE_IN_PUBLIC = {**BOUND, "covert, bound": -1.0, "covert, free": 1.0}

STUDY = Study(
    name="fearon_1994",
    title="Publicity locks in",
    cited="Fearon 1994",
    source="J. D. Fearon, Domestic Political Audiences and the Escalation of International Disputes, American "
    "Political Science Review 88(3), 1994, 577-592, doi:10.2307/2944796.",
    claim="A leader whose public punishes backing down in a public crisis is less likely to back down.",
    reading="The victim of two incidents, a grave and a slight one, has an audience cost (`aud`) of 0 or 1 for "
    "falling below its own last public act. Backing down: its first choice after its first act of rung 4 or above is "
    "below that act (runs without such a choice are left out, the same in both arms). The rule `threshold` knows no "
    "audience cost. Here it is public acts that bind, whether or not the incident was public: a crisis in secret, "
    "with threats that nobody else hears, cannot be written. Nor does an opponent read resolve from what it "
    "costs to back down.",
    expected="Backing down falls with the audience cost, in public incidents. (And, if publicity of the incident "
    "mattered as that of a crisis does, by more than in covert ones; not judged, for that is not the same.)",
    statistics=(
        Statistic(BACKS_DOWN, backs_down),
        Statistic(GRAVE, measured("chance_6")),
        Statistic(FORCE, measured("chance_8")),
        Statistic("rung-hours", measured("rung_hours"), "hours"),
    ),
    contrasts=(
        Contrast(BACKS_DOWN, BOUND, "who is bound backs down less", -1, judged=True),
        Contrast(BACKS_DOWN, MORE_IN_PUBLIC, "by more than if the incidents are covert", -1),
        Contrast(GRAVE, BOUND, "grave escalation", +1),
        Contrast(FORCE, BOUND, "force", +1),
        Contrast("rung-hours", BOUND, "how high for how long", +1),
    ),
    shown=(BACKS_DOWN, GRAVE),
    worlds={
        "culpable": {
            "incidents.grave.cause": {"kind": "state", "by": "Bexia"},
            "incidents.slight.cause": {"kind": "state", "by": "Bexia"},
        },
        "innocent": {},
    },
    why="Under `logit` the audience cost is a term of the utility, so that who is bound holds on by construction; "
    "what was not put in is that rung 6 and force become likelier with it. The rule `threshold` has no such term, "
    "and no run differs. That the effect is somewhat greater in public incidents than in covert ones (not judged) "
    "rests on the 465 replications in which all four arms come to such a choice; no rule says so, and which of "
    "the two incidents is discovered first may be all there is to it.",
)
