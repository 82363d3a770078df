"""The page in a real headless browser: `make test-office-web` installs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simcrisis as sc
from simcrisis.report.page import page

pytestmark = pytest.mark.web

WIDTHS = (360, 768, 1440)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    batch = sc.run_batch(sc.load("belgrade_2015"), 60, 3, workers=1)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(batch), encoding="utf-8")
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
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(file.as_uri())
    assert errors == []
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    pictures = tab.evaluate("[...document.images].map(i => i.complete && i.naturalWidth > 100)")
    assert pictures == [True] * 6
    tab.close()


@pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
def test_accessible(browser: Any, file: Path, width: int) -> None:
    from axe_core_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto(file.as_uri())
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
    cut = tab.evaluate(
        "[...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.closest('.wide').clientWidth)"
        ".map(t => [t.caption?.textContent, t.scrollWidth])"
    )
    assert cut == []
    assert len(tab.pdf(format="A4")) > 20_000
    tab.close()
