# ruff: noqa: D103 - the names of the tests say it
"""A light selection of the suites; `make eng5-heavy` runs all of them."""

import pytest

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.harness.suites.judging import judge
from cj_pipeline.harness.suites.running import Workplace
from cj_pipeline.harness.suites.specs import SUITES, Case

_SELECTION = (
    ("small-net", "per_request", "openai"),
    ("batch-expiry", "provider_batch_api", "anthropic"),
    ("cj-generic", "serial_bundle", "anthropic"),
    ("cj-generic-batch-api", "provider_batch_api", "openai"),
    ("eng5-anchor", "per_request", "anthropic"),
)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """One ledger for all cases, so that metrics are held to differences."""
    return Workplace(tmp_path_factory.mktemp("suites"))


@pytest.mark.parametrize(("suite", "mode", "provider"), _SELECTION)
def test_a_suite_holds(workplace: Workplace, suite: str, mode: str, provider: str) -> None:
    verdict = judge(workplace, Case(SUITES[suite], BatchingMode(mode), provider))

    assert [f"{check.what}: {check.saw}" for check in verdict.failed] == []
