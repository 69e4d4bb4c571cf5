# ruff: noqa: D103 - the names of the tests say it
"""Code server, daemon and webservers apart, on PostgreSQL, started by the commands of `deploy/compose.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.benches import A_DAY_S
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.installations import installation_variables, running_installation
from cj_pipeline_tests.support.listening import addresses
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import until
from cj_pipeline_tests.support.servers import DagsterServer

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Site:
    """A running installation: two webservers, of which one is for readers."""

    emulator: RunningEmulator
    dagster: DagsterServer
    readers: DagsterServer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Site]:
    """All processes, on an assessment of six essays."""
    root = tmp_path_factory.mktemp("apart")
    make_assessment(root)
    with running_emulator(root / "emulator", seed=1) as emulator:
        variables = installation_variables(root, emulator.url, postgres)
        with running_installation(root, variables) as servers:
            yield Site(emulator, servers["webserver"], servers["readers"])


def test_a_submission_becomes_a_ranking_without_a_file_of_dagsters_own(site: Site) -> None:
    dagster = site.dagster
    until(lambda: dagster.partitions() == ["small"], "the folder sensor to add the partition")
    run_id = dagster.launch("submit_assessment", "small")
    until(lambda: dagster.run_status(run_id) in {"SUCCESS", "FAILURE", "CANCELED"}, "the submitting run to end")
    submitted = dagster.run_status(run_id)
    site.emulator.advance(A_DAY_S)
    until(lambda: "small" in dagster.materialised("rankings"), "the sensor to bring the ranking", 180)

    assert submitted == "SUCCESS"
    assert (dagster.logs / "store" / "tables" / "small" / "rankings.csv").exists()
    assert list((dagster.logs / "home").rglob("*.db")) == []
    assert list((dagster.logs / "work").rglob("*.db")) == []
    assert site.emulator.summary()["billed_more_than_once"] == []


def test_readers_see_everything_and_start_nothing(site: Site) -> None:
    n_jobs = len(site.emulator.journal("job"))
    with pytest.raises(AssertionError, match="UnauthorizedError"):
        site.readers.launch("submit_assessment", "small")

    assert site.readers.partitions() == site.dagster.partitions()
    assert len(site.emulator.journal("job")) == n_jobs


def test_no_process_listens_beyond_loopback(site: Site) -> None:
    for server in (site.dagster, site.readers):
        assert addresses(int(server.url.rpartition(":")[2])) == {"127.0.0.1"}
    assert addresses(int(site.emulator.url.rpartition(":")[2])) == {"127.0.0.1"}
