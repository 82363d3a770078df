"""Military activities: announced in advance or not, and alarming to the State that watches them."""

from __future__ import annotations

from simcrisis.draws import purposes
from simcrisis.engine.case import Case
from simcrisis.engine.learning import learn
from simcrisis.engine.simulation import Simulation
from simcrisis.events import kinds
from simcrisis.rules import belief, tension


def watch(sim: Simulation, case: Case) -> None:
    """Let the activity of another alarm the holder of a case, less if it was announced; both ways that says something.

    To announce what is a threat as an exercise is a false assurance, and read as such.
    """
    model, watcher, other = sim.world.model, case.actor, case.suspect
    notifies = sim.states[other].policy.notifies
    k = sim.credibility(watcher, other, model.kappa)
    u = sim.luck.uniform(purposes.ANNOUNCES, case.path)
    announced = belief.answer(notifies, 0.0, sim.honesty(other, k), case.culpable, u) == belief.ASSURANCE
    eased = model.announced if announced and model.reassurance else 1.0
    dyad = sim.dyad(watcher, other)
    alarm = tension.alarmed(model.alarm, case.severity, eased)
    dyad.set_tension(watcher, dyad.tension(watcher, sim.now) + alarm, sim.now)
    if notifies == 0.0:
        return
    read = k if model.information else 0.0
    kind = kinds.ANNOUNCED if announced else kinds.UNANNOUNCED
    expected = min(notifies, model.most_certain)
    shift = belief.assurance_shift(read) if announced else belief.silence_shift(expected, read, 0.0)
    seq = sim.note(case, kind, other, watcher, cause=case.seq, value=shift)
    learn(sim, case, other, shift, seq)
