# ruff: noqa: D103 - the names of the tests say it
"""Dagster's UI in headless Chromium, on a finished sample assessment.

Screenshots are kept in the folder named by CJ_SCREENSHOTS, or in the test's own folder.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import playwright.sync_api
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline_tests.support.dagster import BESIDE, STAGES
from cj_pipeline_tests.support.folders import copy_sample
from cj_pipeline_tests.support.processes import run_cj, until
from cj_pipeline_tests.support.servers import DagsterServer, running_dagster

pytestmark = pytest.mark.browser

SAMPLE, OTHER = "eng5-role-models", "lower5"
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
_IS_OPAQUE = """() => {
  let at = document.querySelector("img[src^='data:image/png']");
  while (at && at !== document.body) { if (getComputedStyle(at).opacity < 1) return false; at = at.parentElement; }
  return true;
}"""
OWNERS = "team:english, anna@school.example"
ERRORS = ("Unexpected error", "Unexpected GraphQL error", "PythonError", "Something went wrong", "Operation name:")
"""What Dagster's pages say where something fails."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the samples, run to their rankings from the command line."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "dagster").mkdir()
    for name in (SAMPLE, OTHER):
        copy_sample(folder, name)
        done = run_cj(folder, "run", name, "--emulator", DAGSTER_HOME=str(folder / "dagster"))
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def dagster(root: Path) -> Iterator[DagsterServer]:
    """The web UI on that instance: what the command line did is seen here."""
    with (
        running_emulator(root / "emulator") as emulator,
        running_dagster(root, {"CJ_EMULATOR_URL": emulator.url, "CJ_OWNERS": OWNERS}) as server,
    ):
        yield server


@pytest.fixture
def page(root: Path) -> Iterator[Page]:
    """A page of a desktop's size, which must show no error; a picture of it is kept."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = browser.new_context(viewport={"width": 1500, "height": 1100})
        made = context.new_page()
        made.set_default_timeout(_PATIENCE_MS)
        faults: list[str] = []
        made.on("pageerror", lambda error: faults.append(str(error)))
        yield made
        keep = Path(os.environ.get("CJ_SCREENSHOTS") or root)
        keep.mkdir(parents=True, exist_ok=True)
        test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]
        made.screenshot(path=keep / f"{test}.png")
        shown = made.inner_text("body")
        browser.close()
    assert faults == []
    assert [words for words in ERRORS if words in shown] == []


def shows(page: Page, *texts: str) -> None:
    """Wait until all of these can be read."""
    for text in texts:
        page.get_by_text(text, exact=True).first.wait_for()


def open_picture(page: Page, of: str) -> None:
    """Open the first long Markdown of the page and wait until its picture is drawn."""
    page.get_by_text("Show Markdown").first.click()
    picture = page.locator("img[src^='data:image/png']").first
    picture.wait_for()
    assert picture.get_attribute("alt") == of
    # The dialog fades in; before that there is nothing to look at.
    page.wait_for_function(_IS_OPAQUE)
    page.wait_for_function("() => document.querySelector(\"img[src^='data:image/png']\").naturalWidth > 300")


def choose_partition(page: Page, name: str) -> None:
    """Choose in the launch form, whose list closes when the form is drawn anew: then it is opened again."""
    for _ in range(20):
        page.get_by_placeholder("Partition").click()
        try:
            page.get_by_text(name, exact=True).first.click(timeout=3_000)
        except playwright.sync_api.TimeoutError:
            page.keyboard.press("Escape")
        else:
            return
    pytest.fail(f"the launch form offers no partition {name}")


def test_the_asset_graph_shows_the_line_from_essays_to_the_report(page: Page, dagster: DagsterServer) -> None:
    page.set_viewport_size({"width": 2900, "height": 760})  # wide enough for states and kinds to be drawn
    groups = ",".join(f"global%40global%3A{group}" for group in ("plan", "judge", "rank"))
    page.goto(f"{dagster.url}/asset-groups?expanded={groups}")

    shows(page, *STAGES, *BESIDE, "OpenAI")
    page.wait_for_function(
        "n => document.body.innerText.split('2 partitions').length > n && !document.body.innerText.includes('Loading')",
        arg=len(STAGES) + len(BESIDE),
    )


@pytest.mark.parametrize(
    ("asset", "picture", "told"),
    [
        ("pair_set", "Which essays meet", ("cost_expected_usd", "max_pairs_cap")),
        ("batch_submissions", "Waves and cost so far", ("spent_usd", "progress", "waves")),
        ("raw_results", "Waves and cost so far", ("spent_usd", "outcomes", "raw_answers")),
    ],
)
def test_the_page_of_an_asset_shows_its_picture(
    page: Page, dagster: DagsterServer, asset: str, picture: str, told: tuple[str, ...]
) -> None:
    page.goto(f"{dagster.url}/assets/{asset}?view=partitions&partition={SAMPLE}")
    shows(page, *told)

    open_picture(page, picture)


def test_the_rankings_page_shows_ranking_and_picture(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/rankings?view=partitions&partition={SAMPLE}")
    page.get_by_text("synthetic judge").first.wait_for()
    shows(page, "position_effect")
    page.get_by_text("student-02").first.wait_for()
    page.get_by_text("anchor-05").first.wait_for()

    open_picture(page, "Made by a synthetic judge (the emulator), not by a language model or a person.")


def test_the_grades_page_shows_grades_picture_and_evidence(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/grade_projections?view=partitions&partition={SAMPLE}")
    shows(page, "leave_one_out_mean_error")
    page.get_by_text("begins at (logits)").first.wait_for()
    page.get_by_text("by the others").first.wait_for()
    page.get_by_text("student-02").first.wait_for()

    open_picture(page, "Probability of each grade")


def test_the_overview_describes_the_asset_its_columns_and_owners(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/rankings?view=overview")

    page.get_by_text("how sure that place is").first.wait_for()
    page.get_by_text("Standard error of the measure, logits.").first.wait_for()
    page.get_by_text("english", exact=False).first.wait_for()
    page.get_by_text("anna@school.example").first.wait_for()
    page.get_by_text("reading-a-scale.md").first.wait_for()


def test_the_checks_page_shows_what_was_found_with_its_evidence(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/assets/raw_results?view=checks&checkDetail=refusals_are_rare")

    shows(page, "raw_results_are_reconciled", "verdicts_are_enough", "verdicts_hold_in_both_orders")
    page.get_by_text("No judge refuses more than a small share").first.wait_for()


@pytest.mark.parametrize(
    ("asset", "checks"),
    [
        ("pair_set", ("pair_set_is_connected", "pairs_repeat_as_planned", "pair_set_is_affordable")),
        ("batch_submissions", ("cost_is_within_limit", "nothing_is_sent_twice", "queue_has_room")),
        ("rankings", ("ranking_has_converged",)),
        ("grade_projections", ("anchors_are_in_order", "two_grades_are_anchored")),
    ],
)
def test_every_stage_has_its_checks(page: Page, dagster: DagsterServer, asset: str, checks: tuple[str, ...]) -> None:
    page.goto(f"{dagster.url}/assets/{asset}?view=checks")

    shows(page, *checks)


def test_a_backfill_is_shown_with_its_assessments(page: Page, dagster: DagsterServer) -> None:
    backfill = dagster.backfill(("essays", "pair_set"), [SAMPLE, OTHER])
    until(lambda: dagster.backfill_status(backfill)["status"] == "COMPLETED_SUCCESS", "the backfill", 120)

    page.goto(f"{dagster.url}/runs/b/{backfill}")

    page.get_by_text(backfill).first.wait_for()
    shows(page, "essays", "pair_set")
    page.get_by_text("Completed").first.wait_for()


def test_the_runs_page_shows_whose_runs_they_are(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/runs")

    shows(page, "collect_assessment", "submit_assessment")
    page.get_by_text(f"cj/assessment: {SAMPLE}").first.wait_for()


def test_the_launch_form_of_a_submission_shows_every_wish_without_a_fault(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/locations/cj_pipeline/jobs/submit_assessment/playground")

    choose_partition(page, SAMPLE)

    page.get_by_text("llm_batching_mode").first.wait_for()
    page.get_by_text("No errors").first.wait_for()
    expect(page.get_by_role("button", name="Launch Run")).to_be_enabled(timeout=_PATIENCE_MS)


def test_the_sensors_page_says_which_of_them_may_spend(page: Page, dagster: DagsterServer) -> None:
    page.goto(f"{dagster.url}/locations/cj_pipeline/sensors")

    shows(page, "assessment_folder_sensor", "batch_job_sensor", "continuation_sensor", "cancel_sensor")
