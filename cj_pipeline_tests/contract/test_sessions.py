# ruff: noqa: D103 - the names of the tests say it
"""What happens to running jobs when the assessment or the account changes under them."""

from contextlib import suppress

import pytest

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.advance import collect_groups
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.errors import CostLimitError, StorageError, TransientProviderError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.folders import make_assessment, write_settings

pytestmark = pytest.mark.parametrize("provider", ["openai", "anthropic"])


def test_jobs_of_an_earlier_session_are_collected_all_the_same(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    write_settings(folder, provider=provider, rubric="The funnier essay is better.")
    rig.submit()
    ranking = rig.finish()

    assert isinstance(ranking, Ranking)
    assert {job.phase for job in rig.engine.ledger.jobs()} == {JobPhase.COLLECTED}
    assert collect_groups(rig.engine) == []


def test_a_job_of_another_account_does_not_hold_up_this_one(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    manager = rig.engine.managers[provider]
    manager.account = "api.example.org"
    rig.submit()
    rig.advance(A_DAY_S)
    report = rig.poll()

    assert "not set up here" in report.trouble[0]
    assert len(collect_groups(rig.engine)) == 1
    assert isinstance(rig.finish(), Ranking)


def test_a_new_prompt_does_not_start_at_zero_cost(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    reserved = sum(job.reserved_usd or 0.0 for job in rig.engine.ledger.jobs())
    limit = 1.5 * reserved
    write_settings(folder, provider=provider, rubric="The funnier essay is better.", max_cost_usd=limit)

    with pytest.raises(CostLimitError):
        rig.submit()


def test_altered_raw_bytes_are_found_out(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "drop_before_commit"})
    rig.submit()
    [job] = rig.engine.ledger.jobs()
    path = rig.bench.settings.raw_dir / job.request_path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"Which essay", b"What essay "))

    with pytest.raises(StorageError, match="altered"):
        list(rig.engine.raw.lines(job.request_path))


@pytest.mark.parametrize("fault", [{"kind": "drop_before_commit"}, {"kind": "rate_limited", "path": "batches$"}])
def test_a_job_of_an_earlier_session_that_was_never_created_is_let_go(
    rig: Rig, provider: str, fault: dict[str, object]
) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({**fault, "method": "POST"} if "path" in fault else fault)
    with suppress(TransientProviderError):
        rig.submit()
    write_settings(folder, provider=provider, rubric="The funnier essay is better.")
    rig.advance(rig.engine.options.settle_s + 1)

    rig.submit()

    earlier, now = rig.engine.ledger.sessions("small")
    [old] = rig.engine.ledger.jobs(session_id=earlier.session_id)
    assert old.phase is JobPhase.REJECTED
    assert rig.engine.ledger.totals(earlier.session_id).reserved_usd == 0.0
    assert rig.poll().lost == []
    assert isinstance(rig.finish(), Ranking)
    assert len(rig.engine.ledger.jobs(session_id=now.session_id)) == 1
