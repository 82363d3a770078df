"""The report in a real office and a real browser: `make test-office-web` installs both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simcrisis.exercise.debrief.report import debriefing, write_report
from simcrisis.exercise.language import language
from tests.exercise_back import answered, bare, fill, sheet_of
from tests.office import as_text, convert

WIDTHS = (360, 768, 1440)


@pytest.fixture(scope="module", params=["en", "fr"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = bare(tmp_path_factory.mktemp("day") / "pack", named=request.param)
    fill(folder, lambda inject, decision: {"rung": (decision.act + 3) % 10, "belief": 40, "reasons": "word " * 60})
    answered(folder)
    write_report(debriefing(folder, ["Brevia"], 20), folder)
    return folder, request.param


@pytest.mark.office
def test_the_report_opens_and_prints_with_its_marks_on_every_page(day: tuple[Path, str], tmp_path: Path) -> None:
    folder, code = day
    words = language(code)
    (pdf,) = convert(folder / "debrief" / "report.docx", "pdf", tmp_path)
    pages = ["".join(page.split()) for page in as_text(pdf).split("\f")[:-1]]
    assert 5 <= len(pages) <= 14
    for page in pages:
        assert page.count("".join(words.text("marks.exercise").split())) >= 2
        assert "".join(words.text("tlp.GREEN").split()) in page
        assert "".join(words.text("marks.invented").split()) in page
    whole = "".join(pages)
    titles = [words.text(f"documents.debrief.{name}.title") for name in
              ("overview", "objectives", "happened", "decided", "talk", "strengths", "areas", "plan")]  # fmt: skip
    places = [whole.index("".join(title.split())) for title in titles]
    assert places == sorted(places)


@pytest.mark.office
def test_a_sheet_that_an_office_has_saved_is_read(day: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = day
    pack = tmp_path / "pack"
    shutil.copytree(folder, pack)
    before = answered(pack)
    for state in ("Alderland", "Brevia", "Dunmere"):
        (saved,) = convert(sheet_of(pack, state), "xlsx", tmp_path / state)
        shutil.copy(saved, sheet_of(pack, state))
    after = answered(pack)
    assert [(each.number, each.step, each.belief, each.status) for each in after.decisions] == [
        (each.number, each.step, each.belief, each.status) for each in before.decisions
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    binary = shutil.which("chromium")
    assert binary, "chromium is missing: make test-office-web installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.web
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_asks_for_nothing_fits_and_shows_its_pictures(
    browser: Any, day: tuple[Path, str], width: int, scripts: bool
) -> None:
    file = day[0] / "debrief" / "report.html"
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    tab = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(file.as_uri())
    assert errors == []
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    if scripts:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert all(tab.evaluate("[...document.images].map(i => i.complete && i.naturalWidth > 100)"))
        assert tab.evaluate("document.images.length") >= 3
        wide = tab.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert wide == "rgb(0, 80, 125)"  # its style is allowed
    context.close()


@pytest.mark.web
def test_the_page_prints_without_losing_a_column(browser: Any, day: tuple[Path, str], tmp_path: Path) -> None:
    tab = browser.new_page()
    tab.goto((day[0] / "debrief" / "report.html").as_uri())
    tab.pdf(path=str(tmp_path / "print.pdf"), prefer_css_page_size=True)
    words = language(day[1])
    told = "".join(as_text(tmp_path / "print.pdf").split())
    for key in ("plan.due", "courses.later_change", "decided.status", "talk.became"):
        head = words.text(f"documents.debrief.{key}").split()[0]
        assert head in told


@pytest.mark.web
def test_who_cannot_see_or_point_can_read_the_page(browser: Any, day: tuple[Path, str]) -> None:
    from axe_core_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": 768, "height": 900}, bypass_csp=True)
    tab.goto((day[0] / "debrief" / "report.html").as_uri())
    found = Axe().run(tab)["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
