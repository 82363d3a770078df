"""What is measured at a point."""

from __future__ import annotations

from typing import NamedTuple


class Moment(NamedTuple):
    """A moment over replications, with the standard error that their number leaves."""

    value: float
    error: float


Measured = dict[str, Moment]
"""Moments by name. Where nothing was counted a share is 0, and its error 1: nothing is known."""
