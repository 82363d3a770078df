"""The fonts that come with the plots, for others that need files."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl


def font_file(*, bold: bool = False) -> Path:
    """Return the file of DejaVu Sans: Latin, Greek and Cyrillic letters."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
