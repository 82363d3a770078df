"""Files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR, ENOENT
from pathlib import Path


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Give a file to write that becomes `path` when the statement ends without error, and is gone otherwise.

    Raises OSError of `path`, not of the file beside it: before anything is written where its folder is missing or
    `path` is a folder.
    """
    check_target(path)
    beside = path.with_name(f"{path.name}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        if str(error.filename) == str(beside):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        beside.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Raise OSError where no file can be at a path: to be known before what takes long."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "this is a folder, name a file", str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(ENOENT, f"there is no folder {path.parent}", str(path))
