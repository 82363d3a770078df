"""WHAT: scenario files."""

from simcrisis.scenario.loader import Scenario, digest_of, load
from simcrisis.scenario.shelf import shipped

__all__ = ["Scenario", "digest_of", "load", "shipped"]
