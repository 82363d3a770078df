"""What every test shares."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _a_terminal_of_known_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the width of the terminal that happens to run the tests out of them."""
    monkeypatch.setenv("COLUMNS", "120")
