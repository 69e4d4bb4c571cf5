# ruff: noqa: D103 - the names of the tests say it
"""People judge in headless Chromium: by keyboard alone, on a phone, and checked for accessibility."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline_tests.browser.test_pages import CHROMIUM, QUIET
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import copy_sample, make_assessment
from cj_pipeline_tests.support.judging import running_page

pytestmark = pytest.mark.browser

_DESKTOP, _PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture
def pairs(tmp_path: Path, rig: Rig) -> PairSet:
    """A class of which people judge every pair, with ties."""
    make_assessment(
        tmp_path, n_essays=12, people_share=1.0, people_ties=True, max_pairs_cap=66, reversed_repeats_share=0.0
    )
    return rig.plan()


@pytest.fixture
def url(rig: Rig, pairs: PairSet) -> Iterator[str]:
    """The page's address."""
    with running_page(rig.engine, pairs) as address:
        yield address


def _opened(browser: Browser, size: dict[str, int], url: str) -> Page:
    page = browser.new_context(viewport={"width": size["width"], "height": size["height"]}).new_page()
    page.set_default_timeout(20_000)
    page.goto(url)
    return page


def _keep(page: Page, tmp_path: Path, name: str) -> None:
    folder = Path(os.environ.get("CJ_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def _faults(page: Page) -> list[str]:
    """Serious findings of the accessibility audit."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}" for v in found if v["impact"] in _SERIOUS]


def test_twenty_decisions_with_the_keyboard_alone(
    browser: Browser, url: str, rig: Rig, pairs: PairSet, tmp_path: Path
) -> None:
    page = _opened(browser, _DESKTOP, url)
    page.keyboard.type("Anna")
    page.keyboard.press("Enter")
    wanted = []
    for number in range(20):
        page.get_by_text(f"{number} of 24 pairs judged by you").first.wait_for()
        rig.clock.advance(10)
        key, winner = [("ArrowLeft", "first"), ("ArrowRight", "second"), ("Shift+ArrowDown", "tie")][number % 3]
        page.keyboard.press(key)
        wanted.append(winner)
    page.get_by_text("20 of 24 pairs judged by you").first.wait_for()
    _keep(page, tmp_path, "judging-desktop")

    kept = current_decisions(rig.engine, pairs.snapshot)
    assert [d.winner for d in kept] == wanted
    assert all(d.time_ms is not None and d.time_ms < 10_000 for d in kept)
    page.keyboard.press("Control+z")
    page.get_by_text("19 of 24 pairs judged by you").first.wait_for()
    assert len(current_decisions(rig.engine, pairs.snapshot)) == 19


def test_twenty_decisions_on_a_phone(browser: Browser, url: str, rig: Rig, pairs: PairSet, tmp_path: Path) -> None:
    page = _opened(browser, _PHONE, url)
    page.get_by_label("Your name or initials").fill("Bo")
    page.get_by_role("button", name="Begin").click()
    for number in range(20):
        page.get_by_text(f"{number} of 24 pairs judged by you").first.wait_for()
        page.get_by_role("button", name="B is better").click()
    page.get_by_text("20 of 24 pairs judged by you").first.wait_for()
    _keep(page, tmp_path, "judging-phone")

    assert len(current_decisions(rig.engine, pairs.snapshot)) == 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.get_by_role("button", name="A is better").bounding_box()
    assert box is not None
    assert box["height"] >= 44


@pytest.mark.parametrize("size", [_DESKTOP, _PHONE], ids=["desktop", "phone"])
def test_no_page_has_serious_faults_of_accessibility(browser: Browser, url: str, size: dict[str, int]) -> None:
    page = _opened(browser, size, url)
    assert _faults(page) == []
    page.get_by_label("Your name or initials").fill("Cleo")
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("The task and what counts").click()
    assert _faults(page) == []
    for _ in range(24):
        page.get_by_role("button", name="A is better").click()
    page.get_by_text("Thank you, that was all").wait_for()
    assert _faults(page) == []


def test_a_sample_is_judged_on_its_real_texts(browser: Browser, rig: Rig, tmp_path: Path) -> None:
    copy_sample(tmp_path, "eng5-role-models")
    with running_page(rig.engine, rig.plan("eng5-role-models"), "Anna") as url:
        for name, size in (("judging-sample", _DESKTOP), ("judging-sample-phone", _PHONE)):
            page = _opened(browser, size, url)
            page.get_by_role("button", name="A is better").wait_for()
            assert page.get_by_role("article").count() == 2
            _keep(page, tmp_path, name)
