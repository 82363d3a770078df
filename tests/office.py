"""The office that tests open files in: Debian's LibreOffice, without a window and with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def convert(file: Path, to: str, folder: Path) -> list[Path]:
    """Return the files that LibreOffice makes of one, as `pdf`, `txt` or `csv` (a file a worksheet)."""
    binary = shutil.which("soffice")
    assert binary, "LibreOffice is missing: make test-office-web installs it"
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1" if to == "csv" else to
    words = [binary, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(file)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    return sorted(folder.glob(f"{file.stem}*.{to}"))


def as_text(pdf: Path) -> str:
    """Return the text of a PDF file."""
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
