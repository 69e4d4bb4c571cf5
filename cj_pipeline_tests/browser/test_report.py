# ruff: noqa: D103 - the names of the tests say it
"""The report in headless Chromium: audited for accessibility, at a desk and on a phone, and printed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from cj_pipeline.reporting.html_report.pages import report_pages
from cj_pipeline_tests.browser.test_pages import CHROMIUM, QUIET
from cj_pipeline_tests.support.reports import Judged

pytestmark = pytest.mark.browser

_SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
_SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="module", params=["en", "sv"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with everything in it: grades, people, disagreements, the texts."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_pages(Judged(synthetic=True).report(), request.param, with_texts=True)[""], "utf-8")
    return path


def _opened(browser: Browser, size: str, report: Path) -> Page:
    width, height = _SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(report.as_uri())
    return page


@pytest.mark.parametrize("size", _SIZES)
def test_the_report_has_no_serious_faults_of_accessibility(browser: Browser, report: Path, size: str) -> None:
    page = _opened(browser, size, report)
    found = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['help']}" for v in found if v["impact"] in _SERIOUS] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= _SIZES[size][0]
    folder = Path(os.environ.get("CJ_SCREENSHOTS") or report.parent)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"report-{page.locator('html').get_attribute('lang')}-{size}.png", full_page=True)


def test_a_reader_gets_from_the_ranking_to_an_essay_and_its_reasons(browser: Browser, report: Path) -> None:
    page = _opened(browser, "desktop", report)
    page.get_by_role("link", name="essay-22").first.click()
    assert page.url.endswith("#essay-1")
    section = page.locator("#essay-1")
    assert section.get_by_text("clearer structure").first.is_visible()


def test_the_report_prints_with_every_essay_on_a_page_of_its_own(browser: Browser, report: Path) -> None:
    page = _opened(browser, "desktop", report)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") >= 24
