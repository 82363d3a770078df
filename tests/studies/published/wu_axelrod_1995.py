"""Wu and Axelrod 1995: noise feeds feuds; generosity and contrition dampen them."""

from __future__ import annotations

from tests.studies.published.statistics import answers_to_acts, measured
from tests.studies.published.study import Contrast, Statistic, Study

ECHO, FIRST, GRAVE = "acts in answer to acts", "innocents blamed for incidents", "rung 6 or above"
NOISE = {"noise": 1.0, "clear": -1.0}
GENEROUS, CONTRITE, FORGETFUL = ({f"noise, {how}": 1.0, "noise": -1.0} for how in ("generous", "contrite", "forgetful"))

STUDY = Study(
    name="wu_axelrod_1995",
    title="Noise feeds feuds, forgiveness dampens them",
    cited="Wu and Axelrod 1995",
    source="J. Wu and R. Axelrod, How to Cope with Noise in the Iterated Prisoner's Dilemma, Journal of Conflict "
    "Resolution 39(1), 1995, 183-189, doi:10.1177/0022002795039001008.",
    claim="A single error makes two players who answer like with like strike each other in turn. Generosity (leaving "
    "some defections unanswered) and contrition (not answering what one's own error has provoked) end such an echo.",
    reading="Two States that do nothing to each other; three criminal incidents look like the other's work. Noise: "
    "traces that push the first four findings the wrong way, by 0, 0.4 or 0.8 each. The echo: acts of rung 4 and "
    "above that answer acts. Generosity: an act is given the benefit of the doubt (`b_intent` -1.5 for .11, "
    "`wronged` 0 for .6). Contrition: who finds that it named the wrong State always withdraws (`withdraws` 1 for "
    "0), which eases tension and steps down a rung. Besides, forgetting: tension and rungs fade three times as fast. "
    "There are no payoffs and no rounds here, and no State learns how the other plays.",
    expected="Acts in answer to acts rise with noise (0.8 against none), and fall with generosity and with "
    "contrition, each under noise of 0.8.",
    statistics=(
        Statistic(ECHO, answers_to_acts, "count"),
        Statistic(FIRST, measured("misattributed_acts"), "count"),
        Statistic(GRAVE, measured("chance_6")),
    ),
    contrasts=(
        Contrast(ECHO, NOISE, "noise feeds the echo", +1, judged=True),
        Contrast(ECHO, GENEROUS, "generosity dampens it", -1, judged=True),
        Contrast(ECHO, CONTRITE, "contrition dampens it", -1, judged=True),
        Contrast(ECHO, FORGETFUL, "forgetting dampens it", -1),
        Contrast(ECHO, {"some noise": 1.0, "clear": -1.0}, "so does half the noise feed it", +1),
        Contrast(GRAVE, NOISE, "noise: grave escalation", +1),
        Contrast(GRAVE, GENEROUS, "generosity: grave escalation", -1),
        Contrast(GRAVE, CONTRITE, "contrition: grave escalation", -1),
        Contrast(FIRST, CONTRITE, "contrition: innocents blamed"),
    ),
    shown=(ECHO, GRAVE),
    why="Noise feeds the echo and generosity dampens it, strongly and under both rules. Contrition does nothing that "
    "could be told, because it hardly ever comes up: a withdrawal changed 29 and 31 of 2,000 runs, although about "
    "two innocents are blamed in each. A State decides again but once in a case, when a finding moves its belief "
    "across one half; and after four misleading findings the few that follow (d' .52) seldom bring it down again. "
    "Whoever was wrong on good evidence stays wrong: a limit of the model, not a finding about contrition. "
    "Forgetting helps much under `logit` and little under `threshold`.",
)
