"""The page in a real headless browser: `make test-office-web` installs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simcrisis as sc
from simcrisis.report.page import page
from simcrisis.report.player import player_page
from tests.hostile import hostile as made_hostile

pytestmark = pytest.mark.web

WIDTHS = (360, 768, 1440)


LEVELS = {"states.*.policy.reply": ["1 h", "12 h", "2 days", "8 days"], "model.kappa": [0.1, 1.0]}


def plain() -> sc.Batch:
    return sc.run_batch(sc.load("belgrade_2015"), 60, 3, workers=1)


def many_arms() -> sc.Batch:
    return sc.run_batch(sc.load("sixteen_measures"), 6, 1, workers=1)


def design() -> sc.Batch:
    return sc.run_batch(sc.load("belgrade_2015"), 6, 1, vary=LEVELS, workers=1)


def over_ensemble() -> sc.Batch:
    return sc.run_batch(sc.load("belgrade_2015"), 6, 1, ensemble=4, workers=1)


def hostile() -> sc.Batch:
    return sc.run_batch(made_hostile(dict(sc.load("hotline_down").data)).scenario, 6, 1, workers=1)


@pytest.fixture(scope="module", params=[plain, many_arms, design, over_ensemble, hostile])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(request.param()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    binary = shutil.which("chromium")
    assert binary, "chromium is missing: make test-office-web installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_error_no_request_no_horizontal_scroll(browser: Any, file: Path, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    errors: list[str] = []
    requests: list[str] = []
    tab.on("dialog", lambda dialog: errors.append(dialog.message))
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    tab.wait_for_timeout(200)
    assert errors == []
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    pictures = tab.evaluate("[...document.images].map(i => i.complete && i.naturalWidth > 100)")
    told_once = "The most typical and most surprising run" in file.read_text(encoding="utf-8")
    assert len(pictures) >= 5 - told_once
    assert all(pictures)
    tab.close()


@pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
def test_accessible(browser: Any, file: Path, width: int) -> None:
    from axe_core_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    found = Axe().run(tab)["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []
    context.close()


def test_without_scripts_everything_is_there(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    assert tab.get_by_role("heading", name="The answer").is_visible()
    tab.get_by_text("parameters, with their defaults and standing").click()
    assert tab.get_by_role("columnheader", name="what it does").is_visible()
    context.close()


def test_prints_on_a4_with_no_table_cut(browser: Any, file: Path) -> None:
    """On paper no table is wider than the page between its margins."""
    tab = browser.new_page(viewport={"width": 680, "height": 1000})  # 180 mm at 96 dots per inch
    tab.emulate_media(media="print")
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    cut = tab.evaluate(
        "[...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.closest('.wide').clientWidth)"
        ".map(t => [t.caption?.textContent, t.scrollWidth])"
    )
    assert cut == []
    assert len(tab.pdf(format="A4")) > 20_000
    tab.close()


@pytest.mark.parametrize("file", [many_arms], indirect=True)
@pytest.mark.parametrize("lower", [0, 80, 160])
def test_on_paper_a_table_stands_on_one_page(browser: Any, file: Path, tmp_path: Path, lower: int) -> None:
    """Wherever on a page, in millimetres, what is before it ends."""
    paper = tmp_path / "report.pdf"
    tab = browser.new_page()
    tab.goto(file.as_uri())
    tab.evaluate(f"document.getElementById('compared').style.marginBottom = '{lower}mm'")
    tab.pdf(path=paper, format="A4")
    tab.close()
    told = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    first, last = (rf"^\s*{arm}\s+6\s+\d+ %" for arm in ("lines", "all"))
    with_risks = [each for each in told.split("\f") if re.search(first, each, re.MULTILINE)]
    assert len(with_risks) == 1
    assert re.search(last, with_risks[0], re.MULTILINE)


def test_on_a_phone_plots_are_of_a_size_to_be_read(browser: Any, file: Path) -> None:
    """They are wider than the phone and move by themselves, by keyboard too; the page does not."""
    tab = browser.new_page(viewport={"width": WIDTHS[0], "height": 800})
    tab.goto(file.as_uri())
    plots = tab.locator(".plot").all()
    assert len(plots) >= 4
    for plot in plots:
        assert plot.locator("img").bounding_box()["width"] >= 600
        plot.focus()
        tab.keyboard.press("ArrowRight")
        tab.wait_for_timeout(150)
        assert plot.evaluate("each => each.scrollLeft") > 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[0]
    tab.close()


@pytest.fixture
def tab(browser: Any, file: Path) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 768, "height": 900})
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def _hidden(player: Any) -> int:
    return int(player.locator("svg[role=img] [data-seq][hidden]").count())


def test_the_slider_moves_by_keyboard_and_the_caption_says_what_happened(tab: Any) -> None:
    player = tab.locator(".player").last
    slider, said = player.get_by_role("slider", name="Time"), player.locator(".said")
    slider.focus()
    tab.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext").startswith("Day 1, hour 0 ")
    assert said.text_content() == "Nothing has happened yet."
    assert said.get_attribute("aria-live") == "polite"
    seen = set()
    for _ in range(12):
        tab.keyboard.press("PageUp")
        seen.add((slider.input_value(), said.text_content(), player.locator(".when").text_content(), _hidden(player)))
    assert len({value for value, *_ in seen}) >= 8
    assert len({text for _, text, *_ in seen}) >= 5
    assert len({hidden for *_, hidden in seen}) >= 3
    before = slider.input_value()
    tab.keyboard.press("ArrowLeft")
    assert int(slider.input_value()) == int(before) - 1


def test_events_follow_each_other_and_messages_are_on_their_way(tab: Any) -> None:
    player = tab.locator(".player").last
    player.get_by_role("slider").fill("0")
    told, marks = [], set()
    for _ in range(15):
        player.get_by_role("button", name="Next event").press("Enter")
        told.append(player.locator(".said").text_content())
        for mark in player.locator("svg[role=img] g:not([hidden]) > [data-way]").all():
            marks.add(mark.get_attribute("transform"))
    told_in_full = player.locator("xpath=following-sibling::details[1]").locator("tbody tr td:last-child")
    entries = [text.strip() for text in told_in_full.all_text_contents()]
    assert [text.partition(": ")[2] for text in told] == [
        text for text in entries if text in {each.partition(": ")[2] for each in told}
    ][: len(told)]
    assert len(marks) >= 5
    player.get_by_role("button", name="Previous event").click()
    assert player.locator(".said").text_content() == told[-2]


def test_it_plays_when_asked_and_not_before(tab: Any) -> None:
    player = tab.locator(".player").first
    slider = player.get_by_role("slider")
    before = slider.input_value()
    tab.wait_for_timeout(400)
    assert slider.input_value() == before
    player.get_by_role("button", name="Play").click()
    tab.wait_for_timeout(1500)
    now = int(slider.input_value())
    assert 5 <= now <= 20
    player.get_by_role("button", name="Pause").click()
    tab.wait_for_timeout(300)
    assert abs(int(slider.input_value()) - now) <= 3
    assert player.get_by_role("button", name="Play").is_visible()


def test_with_reduced_motion_it_steps_from_event_to_event(browser: Any, file: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(file.as_uri())
    player = tab.locator(".player").last
    player.get_by_role("button", name="Play").click()
    tab.wait_for_timeout(1500)
    assert player.get_by_role("slider").input_value() == "0"
    tab.wait_for_timeout(2200)
    assert int(player.get_by_role("slider").input_value()) > 0
    assert player.locator(".said").text_content() != "Nothing has happened yet."
    context.close()


def test_without_scripts_a_player_is_a_still(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    for player in tab.locator(".player").all():
        assert player.locator("svg[role=img]").is_visible()
        assert not player.get_by_role("slider").is_visible()
        assert not player.get_by_role("button").first.is_visible()
        assert len(player.locator(".said").text_content()) > 20
    assert tab.locator(".player").last.locator("svg[role=img] g[data-seq]:not([hidden])").count() > 1
    context.close()


def test_on_paper_the_still_stays_and_the_controls_go(tab: Any) -> None:
    tab.emulate_media(media="print")
    for player in tab.locator(".player").all():
        assert player.locator("svg[role=img]").is_visible()
        assert not player.locator(".bar").is_visible()


def test_a_page_with_hostile_names_runs_nothing_of_them(browser: Any, tmp_path: Path) -> None:
    hostile = "<!--<script>alert(1)<img src=x onerror=alert(2)>"
    scenario = sc.load("belgrade_2015").with_({"states.Alderland.name": hostile, "title": f"</script>{hostile}\u202e"})
    path = tmp_path / "run.html"
    path.write_text(player_page(sc.run(scenario, "both", 1, 3)), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 360, "height": 800})
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("dialog", lambda dialog: heard.append(dialog.message))
    tab.on("request", lambda request: heard.append(request.url))
    tab.goto(path.as_uri())
    tab.get_by_role("slider").fill("30")
    assert hostile in tab.locator(".said").text_content()
    assert tab.locator("img").count() == 0
    assert heard == [path.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.close()


def test_every_link_leads_to_its_heading_by_keyboard(browser: Any, file: Path) -> None:
    tab = browser.new_page()
    tab.goto(file.as_uri())
    links = tab.evaluate("[...document.querySelectorAll('nav a')].map(a => a.hash)")
    assert len(links) >= 5
    for link in links:
        tab.focus(f"nav a[href='{link}']")
        tab.keyboard.press("Enter")
        assert tab.evaluate("location.hash") == link
        assert tab.evaluate(f"document.querySelector('{link}').tagName") == "H2"
    tab.close()
