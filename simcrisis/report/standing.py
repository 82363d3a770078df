"""The words that every printed risk carries."""

from __future__ import annotations

ASSUMED = "In this model, under these assumptions"
