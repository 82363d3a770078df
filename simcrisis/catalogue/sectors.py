"""Sectors of critical infrastructure."""

from __future__ import annotations

from enum import StrEnum


class Sector(StrEnum):
    """What incidents strike, outages put out, and norms may protect."""

    ENERGY = "energy"
    TELECOM = "telecom"
    FINANCE = "finance"
    TRANSPORT = "transport"
    HEALTH = "health"
    WATER = "water"
    GOVERNMENT = "government"
    MEDIA = "media"
    DEFENCE = "defence"
