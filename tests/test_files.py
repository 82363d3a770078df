"""Files are there whole or not at all, and what is wrong is told of the file that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcrisis.files import aside


def test_it_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with aside(path) as file:
        file.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def test_what_goes_wrong_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with aside(path) as file:
            file.write_text("half", encoding="utf-8")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(("name", "says"), [("", "this is a folder"), ("no/page.html", "there is no folder")])
def test_where_no_file_can_be_is_known_before_anything_is_done(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(OSError, match=says), aside(tmp_path / name):
        pytest.fail("it began")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told_of_the_file_asked_for() -> None:
    with pytest.raises(OSError, match=r"'/proc/page\.html'"), aside(Path("/proc/page.html")) as file:
        file.write_text("new", encoding="utf-8")
