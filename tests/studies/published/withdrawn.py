"""The pattern of early misattribution that is later withdrawn."""

from __future__ import annotations

from tests.studies.published.statistics import among, at_least_once, days_until_withdrawn, measured
from tests.studies.published.study import Contrast, Statistic, Study

NAMED, WITHDRAWN, AMONG = "names the wrong State", "withdraws", "withdraws, of runs that named a wrong State"
DAYS, RUNG_HOURS, FORCE = "days from act to withdrawal", "rung-hours", "rung 8 or above"
UNSAID = {"none": 1.0, "never": -1.0}

STUDY = Study(
    name="withdrawn",
    title="A wrong attribution, later withdrawn",
    cited="pattern of section 1 of odd.md",
    source="A pattern that the model is to reproduce, not a paper: early attributions are sometimes withdrawn "
    "([odd.md](../odd.md), section 1). No share was found in the literature that could be a target.",
    claim="A State names a first, wrong suspect in public; later findings clear it; the attribution is withdrawn, "
    "and tension eases.",
    reading="A criminal's blackout, with rumour and two planted findings, that looks like a mistrusted neighbour's "
    "work. A State that no longer believes what it said in public withdraws it with probability `withdraws` (.3, "
    "assumed), when it decides again; it decides again once, if a finding moves belief across one half. A withdrawal "
    "takes 30 % of tension away and steps the two down a rung. In the arm `never` the probability is 0. All "
    "suspects are innocent.",
    expected="Withdrawals happen without any line (more than in `never`, where there are none), and rung-hours are "
    "fewer than in `never`. What lines do to it was not expected either way.",
    statistics=(
        Statistic(NAMED, at_least_once("misattributed_acts")),
        Statistic(WITHDRAWN, at_least_once("withdrawn")),
        Statistic(AMONG, among("withdrawn", "misattributed_acts")),
        Statistic(DAYS, days_until_withdrawn, "count"),
        Statistic(RUNG_HOURS, measured("rung_hours"), "hours"),
        Statistic(FORCE, measured("chance_8")),
    ),
    contrasts=(
        Contrast(WITHDRAWN, UNSAID, "attributions are withdrawn", +1, judged=True),
        Contrast(RUNG_HOURS, UNSAID, "which lowers how high for how long", -1, judged=True),
        Contrast(FORCE, UNSAID, "and force", -1),
        *(
            Contrast(statistic, {arm: 1.0, "none": -1.0}, f"{arm} against none")
            for statistic in (NAMED, WITHDRAWN, AMONG)
            for arm in ("cbm2", "cbm8", "both")
        ),
    ),
    shown=(NAMED, AMONG, RUNG_HOURS),
    why="The pattern is there, and rare. The wrong State is named in 61 % of runs (`logit`; 75 % under `threshold`), "
    "and 2.5 % of these runs (2.7 %) see it withdrawn, 23 (11) days later in the mean. Half of the States that "
    "named it decide again, but most of them because their belief rose above one half, having named somebody at "
    "less (`logit`, 600 replications); of those that no longer believe it, three in ten say so. So few runs "
    "differ from `never` (31 and 40 of 2,000) that what it spares is small, and under `threshold` cannot be told. "
    "Lines make it rarer that the wrong State is named; of the withdrawals among these runs only CBM 2 under "
    "`threshold` changes the share (by 1.7 points).",
)
