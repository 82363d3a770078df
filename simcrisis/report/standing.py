"""The words that every printed risk carries."""

from simcrisis.shown import ASSUMED

__all__ = ["ASSUMED"]
