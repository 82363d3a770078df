"""Evaluated points, kept on disk as they come, so that nothing is evaluated twice and the same command goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simcrisis.errors import CalibrationError
from simcrisis.files import aside

POINTS, ABOUT = "points.jsonl", "calibration.json"
FORMAT = 1


class Points:
    """What was measured at points, by key; in a folder where there is one, else for as long as this object lives.

    `about` says what all points hang on: a folder in which something else is said is refused. Raises CalibrationError
    for such a folder, one that holds other things, or one that cannot be read or written.
    """

    def __init__(self, folder: Path | None, about: Mapping[str, Any]) -> None:
        self.folder = folder
        self._kept: dict[str, Any] = {}
        if folder is None:
            return
        try:
            self._enter(folder, {"calibration": FORMAT, **about})
        except OSError as error:
            raise CalibrationError(f"{error.filename or folder}: {error.strerror or error}") from None

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __getitem__(self, key: str) -> Any:
        return self._kept[key]

    def keep(self, key: str, found: Any) -> None:
        """Keep what was measured at a point."""
        self._kept[key] = found
        if self.folder is None:
            return
        try:
            with (self.folder / POINTS).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps([key, found]) + "\n")
        except OSError as error:
            raise CalibrationError(
                f"{self.folder / POINTS}: {error.strerror or error}; what was kept before is whole: the same command "
                "goes on"
            ) from None

    def _enter(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Make the folder, or read what it holds."""
        if folder.exists() and not folder.is_dir():
            raise CalibrationError(f"{folder}: is a file; choose a new or empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        said = folder / ABOUT
        if not said.exists():
            others = [each.name for each in folder.iterdir()]
            if others:
                raise CalibrationError(
                    f"{folder}: holds no calibration, but '{others[0]}'; choose a new or empty folder"
                )
            with aside(said) as part:
                part.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
            return
        try:
            there = json.loads(said.read_text(encoding="utf-8"))
        except ValueError:
            raise CalibrationError(f"{said}: cannot be read; choose another folder, or remove this one") from None
        differing = sorted(name for name in {*there, *about} if there.get(name) != about.get(name))
        if differing:
            raise CalibrationError(f"{folder}: holds another calibration ({', '.join(differing)} differ)")
        self._read(folder / POINTS)

    def _read(self, path: Path) -> None:
        """Read what was kept; a last line that was cut short is dropped."""
        if not path.exists():
            return
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines[-1]:
            lines[-1] = ""
            with aside(path) as part:
                part.write_text("\n".join(lines), encoding="utf-8")
        for number, line in enumerate(lines[:-1], start=1):
            try:
                key, found = json.loads(line)
            except ValueError:
                raise CalibrationError(f"{path}:{number}: cannot be read; remove this line, or the folder") from None
            self._kept[key] = found
