"""Jensen, Valeriano and Whitt 2024: cyber options substitute for force."""

from __future__ import annotations

from tests.studies.published.statistics import first_chance, measured
from tests.studies.published.study import Contrast, Statistic, Study

FORCE, AT_ONCE, WAR = "rung 8 or above", "rung 8 or above at the first decision", "rung 9 or above"
OPTION = {"cyber option": 1.0, "no cyber option": -1.0}

STUDY = Study(
    name="jensen_2024",
    title="Cyber options substitute for force",
    cited="Jensen, Valeriano and Whitt 2024",
    source="B. Jensen, B. Valeriano and S. Whitt, How cyber operations can reduce escalation pressures: Evidence "
    "from an experimental wargame study, Journal of Peace Research 61(1), 2024, 119-133, "
    "doi:10.1177/00223433231219440.",
    claim="In wargames of a crisis between rivals, players who had cyber responses at hand chose less escalatory "
    "answers; without them they turned to conventional, graver ones.",
    reading="A grave public incident in the middle of a crisis (rung 5, tension .6), half the time the suspect's "
    "work. Without the option a norm of prohibitive weight forbids rung 7 (cyber counter-operation) to both States. "
    "The share of runs that reach rung 8 or above is over the whole run, in which a counter-operation is a new "
    "incident for its target; the chance of it in the first decision is what the players of a single round "
    "were asked for.",
    expected="The share of runs that reach rung 8 is smaller with the option than without. (At the first decision as "
    "well; told apart, not judged.)",
    statistics=(
        Statistic(FORCE, measured("chance_8")),
        Statistic(AT_ONCE, first_chance(8)),
        Statistic(WAR, measured("chance_9")),
        Statistic("counter-operations", measured("counter_operations"), "count"),
        Statistic("acts", measured("acts"), "count"),
    ),
    contrasts=(
        Contrast(FORCE, OPTION, "less force with the option", -1, judged=True),
        Contrast(AT_ONCE, OPTION, "less at the first decision", -1),
        Contrast(WAR, OPTION, "less use of force", -1),
        Contrast("counter-operations", OPTION, "counter-operations", +1),
        Contrast("acts", OPTION, "acts in all"),
    ),
    shown=(FORCE, AT_ONCE),
    worlds={"culpable": {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}}, "innocent": {}},
    runs=4000,
    why="It is a substitution, and more. From rung 6, 41 % of acts cross the firebreak if there is no cyber option, 4 "
    "% if there is, and 63 % are counter-operations (`logit`, innocent suspect, 500 replications). And a "
    "counter-operation is not seen: it raises no rung and opens no case until it is discovered, so that it ends "
    "an exchange which a public act would have carried on. At the first decision, where the players of the "
    "wargames stood, nothing can be told: from rung 5 force is next to never chosen either way. Under `logit` "
    "acts in all become more, under `threshold` fewer. How far one substitutes for the other is a property of the "
    "ladder, which puts rung 7 just below the firebreak.",
)
