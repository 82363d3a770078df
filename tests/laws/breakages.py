"""For each law a way to break the code that it guards: a law that still held then would guard nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from simcrisis.draws import Purpose
from simcrisis.engine import consultation, dyad, simulation
from simcrisis.engine.case import Case
from simcrisis.engine.learning import learn_finding
from simcrisis.engine.staff import Staff
from simcrisis.events import Decision
from simcrisis.rules import availability, belief
from simcrisis.rules.doctrines import RULES
from simcrisis.rules.situation import Situation, Weights
from tests.laws import choice, compensator, settings, spiral

Patch = Callable[[pytest.MonkeyPatch], None]


def _no_silence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(belief, "silence_shift", lambda r, k, f: 0.0)


def _no_assurance(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(belief, "assurance_shift", lambda k: 0.0)


def _findings_lean(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(belief, "finding", lambda d, culpable, score: 0.1 + d * score)


def _hours_ignored(patch: pytest.MonkeyPatch) -> None:
    real = availability.readings
    patch.setattr(availability, "readings", lambda sent, out, opens: real(sent, out, None))


def _queue_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(simulation, "Staff", lambda env, count: Staff(env, 4 * max(1, count)))


def _always_up_at_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(availability, "share_up", lambda mtbf, mttr: 1.0)


def _lazy_rule(patch: pytest.MonkeyPatch) -> None:
    def lazy(situation: Situation, weights: Weights, g: Any) -> list[float]:
        return [0.5] + [0.05] * 10

    patch.setattr(choice, "logit", lazy)


def _bold(patch: pytest.MonkeyPatch) -> None:
    def bold(situation: Situation, weights: Weights, g: Any) -> list[float]:
        return [0.5] + [0.0] * 7 + [0.1, 0.2, 0.2]

    patch.setattr("simcrisis.engine.compiler.rule_named", lambda name: bold)


def _timid(patch: pytest.MonkeyPatch) -> None:
    real = RULES["logit"]
    patch.setattr(choice, "logit", lambda s, w, g: real(s._replace(severity=5 - s.severity), w, g))


def _drawn_by_order(patch: pytest.MonkeyPatch) -> None:
    """Luck by order of call instead of by occasion."""
    calls = [0]

    def by_order(self: Any, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        calls[0] += 1
        return (calls[0] * 0.6180339887 % 1.0 - 0.5) * 3.0

    patch.setattr("simcrisis.draws.Luck.normal", by_order)


def _inquiry_takes_time(patch: pytest.MonkeyPatch) -> None:
    """Contact reassures although the switch is off."""
    real = consultation._receive

    def receive(sim: Any, case: Case, *rest: Any) -> None:
        real(sim, case, *rest)
        sim.dyad(case.actor, case.suspects[0]).ease(0.5, sim.now)

    patch.setattr(consultation, "_receive", receive)


def _answers_work(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "simcrisis.engine.cooperation.learn_finding",
        lambda sim, case, s, weight, seq: learn_finding(sim, case, s, weight + 0.3, seq),
    )


def _nothing_happens(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("simcrisis.engine.cases.ask_certs", lambda sim, case: None)
    patch.setattr("simcrisis.engine.cases.consult", lambda sim, case: None)


def _asks_the_dead(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(simulation.Simulation, "believed_answers", lambda self, asker, asked, listed: 0.5)


def _silence_exonerates(patch: pytest.MonkeyPatch) -> None:
    real = belief.silence_shift
    patch.setattr(belief, "silence_shift", lambda r, k, f: -real(r, k, f))


def _stated_chances_wrong(patch: pytest.MonkeyPatch) -> None:
    def halved(*values: Any, **named: Any) -> Decision:
        named["chances"] = tuple(chance / 2 for chance in named["chances"])
        return Decision(*values, **named)

    patch.setattr("simcrisis.engine.decision.Decision", halved)


def _crowd_matters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        dyad.Dyad,
        "mistrust",
        lambda self, holder, now, acquainted: min(1.0, self.relation.mistrust + 0.001 * self.members[1]),
    )


def _reaction_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(spiral, "best_reply", lambda gravity, x, weights, react: 1.01 * gravity)


def _runs_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(spiral, "utilities", lambda s, w, g: [float(rung) for rung in range(len(g))])


BREAKAGES: dict[str, tuple[str, Patch]] = {
    "Bayes: findings": ("findings lean towards guilt", _findings_lean),
    "Bayes: findings and CERT answers": ("an assurance by a CERT is not counted", _no_assurance),
    "Bayes: replies and silences": ("silence is not counted", _no_silence),
    "Bayes: late replies": ("office hours are left out of the law of an answer's arrival", _hours_ignored),
    "Bayes: decisions that do not wait": ("silence is not counted", _no_silence),
    "Bayes: police": ("silence is not counted", _no_silence),
    "Bayes: intelligence and sharper findings": ("findings lean towards guilt", _findings_lean),
    "Bayes: announcements, explanations and visits": ("silence is not counted", _no_silence),
    "Bayes: explanations in mid-wait": ("silence is not counted", _no_silence),
    "Bayes: reports of operators": ("findings lean towards guilt", _findings_lean),
    "Bayes: everything": ("findings lean towards guilt", _findings_lean),
    "Signal detection": ("findings lean towards guilt", _findings_lean),
    "Choice: no rationality": ("a rule with a favourite", _lazy_rule),
    "Choice: full rationality": ("a rule with a favourite", _lazy_rule),
    "Choice: monotone": ("severity is read the wrong way round", _timid),
    "No leaps: from peace": ("a rule that leaps", _bold),
    "No leaps: over the firebreak": ("a rule that leaps", _bold),
    "Common luck: unused line": ("luck by order of call", _drawn_by_order),
    "Common luck: attributes of an unused line": ("luck by order of call", _drawn_by_order),
    "Common luck: first difference": ("luck by order of call", _drawn_by_order),
    "Null of CBM 8": ("contact reassures although the switch is off", _inquiry_takes_time),
    "Null of CBM 2": ("answers carry weight at their null", _answers_work),
    "Away from the nulls": ("nobody asks", _nothing_happens),
    "Dead lines: believed dead": ("what is believed of a line is ignored", _asks_the_dead),
    "Dead lines: believed live": ("silence speaks for innocence", _silence_exonerates),
    "Queues: Erlang C": ("more analysts than there are", _queue_forgotten),
    "Queues: Pollaczek-Khinchine": ("more analysts than there are", _queue_forgotten),
    "Lines: share of time up": ("every line is up at first", _always_up_at_first),
    "Spiral: Richardson": ("the reply does not depend on the act's severity", _reaction_forgotten),
    "Spiral: default does not run away by itself": ("graver is always better", _runs_away),
    "Compensator": ("stated chances are half the true ones", _stated_chances_wrong),
    "Scale: bystanders": ("mistrust depends on how many States there are", _crowd_matters),
}
"""Law -> what is broken, in words, and how."""


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Break the code that a law guards, with empty caches before and after."""
    _forget()
    with pytest.MonkeyPatch.context() as patch:
        BREAKAGES[name][1](patch)
        yield
    _forget()


def _forget() -> None:
    for cached in (settings.logs, compensator.batch_of, availability.total):
        cached.cache_clear()
