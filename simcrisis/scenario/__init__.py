"""WHAT: scenario files."""

from simcrisis.scenario.loader import Scenario, load
from simcrisis.scenario.shelf import shipped

__all__ = ["Scenario", "load", "shipped"]
