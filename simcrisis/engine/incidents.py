"""Strike and detection."""

from __future__ import annotations

from simcrisis.draws import Purpose
from simcrisis.engine.cases import open_incident_case
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.outages import cut
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, Kind
from simcrisis.units import to_hours


def unfold(sim: Simulation, number: int, cause: int = NOBODY) -> Process:
    """Let an incident strike, cut what it cuts, and be detected by its victim."""
    incident = sim.incidents[number]
    model = sim.world.model
    yield Deadline(sim.env, incident.at - sim.now, Rank.WORLD)
    strike = sim.record(
        Kind.STRIKE, incident.author, incident.victim, incident=number, cause=cause, value=incident.severity
    )
    for sector, length in incident.cuts:
        cut(sim, incident.victim, sector, length, number, strike)
    law = model.detection_covert if incident.covert else model.detection_public
    yield Deadline(sim.env, law.at(sim.luck.normal(Purpose.DETECTION, incident.path)), Rank.LEARN)
    waited = to_hours(sim.now - incident.at)
    seen = sim.record(Kind.DETECTION, incident.victim, incident=number, cause=strike, value=waited)
    open_incident_case(sim, number, seen)
