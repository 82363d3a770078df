"""simcrisis: how communication channels change the risk that an ICT incident escalates."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcrisis.batch.audit import Audit, audit
    from simcrisis.batch.batch import Batch, read_batch
    from simcrisis.batch.run import Run, run
    from simcrisis.batch.running import run_batch
    from simcrisis.errors import BatchError, Problem, ScenarioError, SimcrisisError
    from simcrisis.scenario import Scenario, load

__version__ = "0.1.0"

_HOMES = {
    "load": "simcrisis.scenario",
    "Scenario": "simcrisis.scenario",
    "run": "simcrisis.batch.run",
    "Run": "simcrisis.batch.run",
    "run_batch": "simcrisis.batch.running",
    "read_batch": "simcrisis.batch.batch",
    "Batch": "simcrisis.batch.batch",
    "audit": "simcrisis.batch.audit",
    "Audit": "simcrisis.batch.audit",
    "Problem": "simcrisis.errors",
    "SimcrisisError": "simcrisis.errors",
    "ScenarioError": "simcrisis.errors",
    "BatchError": "simcrisis.errors",
}

__all__ = [
    "Audit",
    "Batch",
    "BatchError",
    "Problem",
    "Run",
    "Scenario",
    "ScenarioError",
    "SimcrisisError",
    "audit",
    "load",
    "read_batch",
    "run",
    "run_batch",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simcrisis' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
