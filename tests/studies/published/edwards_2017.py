"""Edwards, Furnas, Forrest and Axelrod 2017: skill in attribution on one side only raises the risk."""

from __future__ import annotations

from tests.studies.published.statistics import measured
from tests.studies.published.study import Contrast, Statistic, Study

GRAVE, FORCE, BLAMED = "rung 6 or above", "rung 8 or above", "acts against innocents"
ONE_SIDED = {"first": 0.5, "second": 0.5}
AGAINST_NEITHER, AGAINST_BOTH = {**ONE_SIDED, "neither": -1.0}, {**ONE_SIDED, "both": -1.0}

STUDY = Study(
    name="edwards_2017",
    title="One-sided skill in attribution raises the risk",
    cited="Edwards, Furnas, Forrest and Axelrod 2017",
    source="B. Edwards, A. Furnas, S. Forrest and R. Axelrod, Strategic aspects of cyberattack, attribution, and "
    "blame, PNAS 114(11), 2017, 2825-2830, doi:10.1073/pnas.1700442114.",
    claim="In a game of attack and blame, technical attribution that one side has and the other has not can be more "
    "dangerous than if neither had it, or both.",
    reading="Two rivals, alike in everything, with a stream of incidents in both directions, half the rival's work; "
    "d' of findings is 0.1 (unskilled) or 1.2 (skilled) for neither, one, the other, both. In the game States also "
    "choose whether to attack, and know of each other's skill; here incidents are given, and nobody weighs "
    "the other's skill.",
    expected="The share of runs that reach rung 6 is greater with one skilled side (mean of the two) than with "
    "neither, and greater than with both.",
    statistics=(
        Statistic(GRAVE, measured("chance_6")),
        Statistic(FORCE, measured("chance_8")),
        Statistic(BLAMED, measured("misattributed_acts"), "count"),
        Statistic("acts", measured("acts"), "count"),
    ),
    contrasts=(
        Contrast(GRAVE, AGAINST_NEITHER, "more with one skilled side than with neither", +1, judged=True),
        Contrast(GRAVE, AGAINST_BOTH, "more with one skilled side than with both", +1, judged=True),
        Contrast(FORCE, AGAINST_NEITHER, "force: than with neither", +1),
        Contrast(FORCE, AGAINST_BOTH, "force: than with both", +1),
        Contrast(BLAMED, AGAINST_NEITHER, "innocents blamed: than with neither"),
        Contrast(BLAMED, AGAINST_BOTH, "innocents blamed: than with both"),
    ),
    shown=(GRAVE, FORCE),
    runs=3000,
    why="The first half holds (one skilled side is more dangerous than none), the second does not: two skilled sides "
    "are the most dangerous of all. Here skill makes a victim surer that it may act, and does nothing else. In "
    "the game it also holds attackers back, who know of it; here incidents are given, nobody weighs whether to "
    "attack, and nobody knows of the other's skill. A model without deterrence by attribution cannot show that "
    "both may be safer than one: read nothing here about who should be able to attribute.",
)
