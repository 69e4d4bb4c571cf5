# ruff: noqa: D103 - the names of the tests say it
"""Nights on real processes: webserver, daemon, code server, PostgreSQL, emulator. The long form: `make acceptance`."""

import sys
from collections.abc import Iterator

import pytest

from benchmarks.acceptance.figures import rows
from benchmarks.acceptance.night import Site, begin_night, finished, running_site, unfinished_runs
from benchmarks.acceptance.suite import N_ASSESSMENTS, one_night
from benchmarks.count_payments import count, provider_state
from benchmarks.two_workers.cohort import cohort
from cj_pipeline_tests.support import instigation
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import start_cj, until
from tools.running_dagster_page import night_table

pytestmark = pytest.mark.slow

SEED = 4711
PATIENCE_S = 1500.0
"""For a machine that does other things as well; minutes on a quiet one."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Site]:
    """An installation in which nothing is pending yet."""
    with running_site(tmp_path_factory.mktemp("nights"), postgres, SEED) as site:
        yield site


def test_a_night_under_faults_brings_every_ranking_loses_nothing_and_pays_nothing_twice(site: Site) -> None:
    names = [member.name for member in cohort(site.root, N_ASSESSMENTS, SEED)]

    night = one_night(site, names, SEED, PATIENCE_S)

    sys.stdout.write(night_table(night.row()) + "\n")
    assert not night.is_violated, (night.row(), night.counts.notes)
    assert night.ranked == len(names)
    assert night.struck > 0
    assert night.unevaluated == {}
    [backfill] = night.backfills
    assert backfill["isAssetBackfill"]
    assert set(backfill["partitionNames"]) == set(names)
    assert len(backfill["runs"]) >= len(names)
    assert {asset["path"][0] for asset in backfill["assetSelection"]} == {"essays", "pair_set", "batch_submissions"}
    # The daemon closes a backfill some time after its last run.
    until(lambda: _status(site, backfill["id"]) != "REQUESTED", "the backfill to be closed", PATIENCE_S)
    assert _status(site, backfill["id"]) == "COMPLETED_SUCCESS"


def test_one_partition_from_ui_night_sensor_and_command_line_at_once_is_paid_once(site: Site) -> None:
    make_assessment(site.root, "contested", 5)
    until(lambda: "contested" in site.dagster.partitions(), "the folder sensor to add the partition", PATIENCE_S)
    before = _billed(site)

    # The night first: what somebody else has submitted already is not pending any more, and there would be no night.
    begin_night(site, ["contested"])
    command = start_cj(site.root, "run", "contested", "--no-wait", **site.variables)
    for job in ("submit_assessment", "submit_assessment", "continue_submission"):
        site.dagster.launch(job, "contested")
    command.wait(PATIENCE_S)
    until(lambda: "contested" in finished(site.ledger_url), "its ranking", PATIENCE_S)
    until(lambda: not unfinished_runs(site.dagster), "the last runs to end", PATIENCE_S)

    assert _comparisons(site, "contested") == 10
    assert _billed(site) - before == 10


def test_cancelling_a_nights_backfill_stops_what_was_not_submitted(site: Site) -> None:
    names = [f"late-{number}" for number in range(10)]
    for name in names:
        make_assessment(site.root, name, 4)

    backfill = begin_night(site, names)
    until(lambda: bool(_submitted(site) & set(names)), "the first submission", PATIENCE_S)
    instigation.cancel_backfill(site.dagster, backfill["id"])
    until(lambda: _status(site, backfill["id"]) == "CANCELED", "the backfill to be cancelled", PATIENCE_S)
    submitted = _submitted(site) & set(names)
    until(lambda: submitted <= finished(site.ledger_url), "what was submitted to be ranked", PATIENCE_S)
    until(lambda: not unfinished_runs(site.dagster), "the last runs to end", PATIENCE_S)
    counts = count(
        site.ledger_url, site.root / "store" / "raw", site.emulator.journal(), provider_state(site.emulator.url)
    )

    assert 0 < len(submitted) < len(names)
    assert _submitted(site) & set(names) == submitted
    assert {name for name in names if name in site.dagster.materialised("rankings")} == submitted
    assert (counts.paid_twice, counts.left_open, counts.live_duplicates) == (0, 0, 0)


def _billed(site: Site) -> int:
    return int(site.emulator.summary()["billed_answers"])


def _submitted(site: Site) -> set[str]:
    return {str(row[0]) for row in rows(site.ledger_url, "select assessment from standings")}


def _comparisons(site: Site, name: str) -> int:
    query = f"select count(*) from comparisons join judging_sessions using (session_id) where assessment = '{name}'"  # noqa: S608 (our own word)
    [(n,)] = rows(site.ledger_url, query)
    return int(n)


def _status(site: Site, backfill_id: str) -> str:
    return str(site.dagster.backfill_status(backfill_id)["status"])
