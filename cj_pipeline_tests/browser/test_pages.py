# ruff: noqa: D103 - the names of the tests say it
"""Dagster's UI in headless Chromium, on a finished sample assessment.

Screenshots are kept in the folder named by CJ_SCREENSHOTS, or in the test's own folder.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from cj_pipeline_tests.support.folders import copy_sample
from cj_pipeline_tests.support.processes import run_cj
from cj_pipeline_tests.support.servers import DagsterServer, running_dagster

pytestmark = pytest.mark.browser

SAMPLE = "eng5-role-models"
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample, run to its ranking from the command line."""
    folder = tmp_path_factory.mktemp("pages")
    copy_sample(folder, SAMPLE)
    (folder / "dagster").mkdir()
    done = run_cj(folder, "run", SAMPLE, "--emulator", DAGSTER_HOME=str(folder / "dagster"))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def dagster(root: Path) -> Iterator[DagsterServer]:
    """The web UI on that instance: what the command line did is seen here."""
    with running_dagster(root, {}) as server:
        yield server


@pytest.fixture
def page(root: Path) -> Iterator[Page]:
    """A page of a desktop's size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = browser.new_context(viewport={"width": 1500, "height": 1100})
        made = context.new_page()
        made.set_default_timeout(_PATIENCE_MS)
        yield made
        keep = Path(os.environ.get("CJ_SCREENSHOTS") or root)
        keep.mkdir(parents=True, exist_ok=True)
        test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]
        made.screenshot(path=keep / f"{test}.png")
        browser.close()


def test_the_asset_graph_shows_the_line_from_essays_to_grades(page: Page, dagster: DagsterServer) -> None:
    page.set_viewport_size({"width": 2600, "height": 700})  # wide enough for states and kinds to be drawn
    groups = ",".join(f"global%40global%3A{group}" for group in ("plan", "judge", "rank"))
    page.goto(f"{dagster.url}/asset-groups?expanded={groups}")

    for name in (
        "essays",
        "pair_set",
        "batch_submissions",
        "raw_results",
        "comparisons",
        "rankings",
        "grade_projections",
    ):
        page.get_by_text(name, exact=True).first.wait_for()
    page.get_by_text("OpenAI").first.wait_for()


def test_the_rankings_page_shows_ranking_and_picture(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/rankings?view=partitions&partition={SAMPLE}")
    page.get_by_text("synthetic judge").first.wait_for()
    page.get_by_text("position_effect", exact=True).first.wait_for()
    page.get_by_text("student-02").first.wait_for()
    page.get_by_text("anchor-05").first.wait_for()

    page.get_by_text("Show Markdown").first.click()
    page.locator("img[src^='data:image/png']").first.wait_for()


def test_the_grades_page_shows_grades_picture_and_evidence(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/grade_projections?view=partitions&partition={SAMPLE}")
    page.get_by_text("leave_one_out_mean_error", exact=True).first.wait_for()
    page.get_by_text("begins at (logits)").first.wait_for()
    page.get_by_text("by the others").first.wait_for()
    page.get_by_text("student-02").first.wait_for()

    page.get_by_text("Show Markdown").first.click()
    page.locator("img[src^='data:image/png']").first.wait_for()


def test_the_checks_page_shows_the_checks_of_the_anchors(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/grade_projections?view=checks")

    page.get_by_text("anchors_are_in_order").first.wait_for()
    page.get_by_text("two_grades_are_anchored").first.wait_for()


def test_the_overview_describes_the_asset_for_a_teacher(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/rankings?view=overview")

    page.get_by_text("how sure that place is").first.wait_for()


def test_the_checks_page_shows_that_the_ranking_converged(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/rankings?view=checks")

    page.get_by_text("ranking_has_converged").first.wait_for()


def test_the_pair_set_page_says_what_it_will_cost(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/pair_set?view=partitions&partition={SAMPLE}")

    page.get_by_text("cost_expected_usd", exact=True).first.wait_for()
    page.get_by_text("still to be asked").first.wait_for()
    page.get_by_text("openai/gpt-6.1-terra").first.wait_for()


def test_the_sensors_page_says_which_of_them_may_spend(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/locations/cj_pipeline/sensors")

    for name in ("assessment_folder_sensor", "batch_job_sensor", "continuation_sensor", "cancel_sensor"):
        page.get_by_text(name, exact=True).first.wait_for()
