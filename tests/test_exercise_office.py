"""Packs in a real office, and on pages: `make test-office-web` installs what this needs."""

from __future__ import annotations

from pathlib import Path

import pytest

import simcrisis as sc
from simcrisis.exercise.build import Request, build_pack
from simcrisis.exercise.language import language
from tests.exercise_hostile import NAMES, SEEN, SITUATION, TITLE, hostile, spoken
from tests.office import as_text, convert

pytestmark = pytest.mark.office
WORDS = language()
_TLP = {"controllers": "RED", "everyone": "GREEN", "tables": "AMBER", "start_here": "RED"}
_CLEAR = {"cbm_cards", "forms"}
_GREEN = {"role_sheets", "table_signs"}
_MOST_PAGES = {"sealed_truth": 40, "inject_cards": 12, "decision_sheet": 12, "facilitator_guide": 12}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "pack"
    build_pack(Request(hostile(), arm="both", replication=0), out)
    return out


def _flat(text: str) -> str:
    return "".join(text.split())


def _pages(pdf: Path) -> list[str]:
    return [_flat(page) for page in as_text(pdf).split("\f")[:-1]]


def _tlp(path: Path, folder: str) -> str:
    if path.stem in _CLEAR:
        return WORDS.text("tlp.CLEAR")
    return WORDS.text("tlp.GREEN" if path.stem in _GREEN else f"tlp.{_TLP[folder]}")


def _check_marks(path: Path, pages: list[str], folder: str, notice: str) -> None:
    assert 1 <= len(pages) <= _MOST_PAGES.get(path.stem, 8), path
    for number, page in enumerate(pages, 1):
        assert page.count(_flat(WORDS.text("marks.exercise"))) >= 2, (path, number)
        assert _flat(_tlp(path, folder)) in page, (path, number)
        assert _flat(notice) in page, (path, number)
        assert _flat(WORDS.text("marks.page", page=number)) in page, (path, number)


def test_every_page_of_every_pdf_has_its_marks(packed: Path) -> None:
    files = list(packed.rglob("*.pdf"))
    assert len(files) == 18
    for path in files:
        folder = path.relative_to(packed).parts[0].removesuffix(".pdf")
        _check_marks(path, _pages(path), folder, WORDS.text("marks.invented"))


def test_the_notice_for_states_that_exist_stands_whole_on_every_page(tmp_path: Path) -> None:
    scenario = sc.load("energy_grid").with_({"states.Halvania.name": "Austria", "acknowledge": "real-states"})
    assert scenario.notice
    build_pack(Request(scenario, arm="both", replication=4), tmp_path / "pack")
    for path in (tmp_path / "pack").rglob("*.pdf"):
        folder = path.relative_to(tmp_path / "pack").parts[0].removesuffix(".pdf")
        _check_marks(path, _pages(path), folder, scenario.notice)


def test_pdf_says_hostile_texts_as_they_stand(packed: Path) -> None:
    manual = "".join(_pages(packed / "everyone" / "situation_manual.pdf"))
    for text in (TITLE, SITUATION):
        assert _flat(spoken(text)) in manual
    cards = "".join("".join(_pages(path)) for path in packed.rglob("inject_cards.pdf"))
    assert _flat(spoken(SEEN)) in cards
    for word in ("Brevia", "Corvania"):
        assert _flat(spoken(NAMES[word])) in cards


def test_every_docx_opens_and_prints_with_its_marks_and_texts(packed: Path, tmp_path: Path) -> None:
    files = sorted((packed / "edit").rglob("*.docx"))
    assert len(files) == 17
    for number, path in enumerate(files):
        (pdf,) = convert(path, "pdf", tmp_path / str(number))
        pages = _pages(pdf)
        folder = path.relative_to(packed / "edit").parts[0]
        _check_marks(path, pages, folder, WORDS.text("marks.invented"))
        own = packed / path.relative_to(packed / "edit").with_suffix(".pdf")
        assert len(pages) <= 2 * len(_pages(own)) + 1
        if path.stem == "situation_manual":
            assert _flat(spoken(SITUATION)) in "".join(pages)


def test_every_workbook_opens_prints_and_computes_nothing(packed: Path, tmp_path: Path) -> None:
    files = sorted(packed.rglob("*.xlsx"))
    assert len(files) == 4
    for number, path in enumerate(files):
        (pdf,) = convert(path, "pdf", tmp_path / str(number))
        pages = _pages(pdf)
        assert 1 <= len(pages) <= 12
        for page in pages:
            assert page.count(_flat(WORDS.text("marks.exercise"))) >= 2
            assert "TLP:" in page
            assert _flat(WORDS.text("marks.invented")) in page
        (sheet,) = convert(path, "csv", tmp_path / str(number))
        told = sheet.read_text(encoding="utf-8")
        assert "#NAME?" not in told
        assert "Err:" not in told
