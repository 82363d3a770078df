"""The page in a real headless browser: `pip install -e ".[web]"`, Debian's chromium, `pytest -m web`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simcrisis as sc
from simcrisis.report.page import page
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


def hostile() -> sc.Batch:
    return sc.run_batch(made_hostile(dict(sc.load("hotline_down").data)).scenario, 6, 1, workers=1)


@pytest.fixture(scope="module", params=[plain, many_arms, design, hostile])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(request.param()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    binary = shutil.which("chromium")
    assert binary, "chromium is missing: apt-get install chromium"
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
    assert len(pictures) >= 5
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
