# ruff: noqa: D103 - the names of the tests say it
"""A job that never came to be does not keep a cancelled assessment open."""

import pytest

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.cancel import cancel, unfinished_cancellations
from cj_pipeline.engine.rank import rank
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import TooFewVerdictsError
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_job_that_was_never_created_is_let_go_by_a_cancellation(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "drop_before_commit"})
    rig.submit()
    cancel(rig.engine, "small")
    before = [each.assessment for each in unfinished_cancellations(rig.engine)]

    rig.advance(rig.engine.options.settle_s)
    cancel(rig.engine, "small")

    assert before == ["small"]
    assert unfinished_cancellations(rig.engine) == []
    assert {job.phase for job in rig.engine.ledger.jobs()} == {JobPhase.REJECTED}
    assert [group.assessment for group in collect_groups(rig.engine)] == ["small"]
    with pytest.raises(TooFewVerdictsError, match="0 of 0 comparisons gave a verdict; there is nothing to rank"):
        rank(rig.engine, "small")
    assert unfinished_assessments(rig.engine) == []


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_lost_job_is_sent_again_while_a_canary_waits_to_be_collected(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig = make_rig(rig.root, rig.emulator, CJ_CANARY_FROM="5")
    rig.emulator.script_faults({"kind": "drop_before_commit"})
    rig.submit()
    rig.advance(rig.engine.options.settle_s)
    rig.poll()

    [more] = continuations(rig.engine)
    submit(rig.engine, more.assessment, continues=True)
    rig.finish()

    assert collect_groups(rig.engine) == []
    assert {c.status for c in rig.comparisons()} == {"ok"}
    assert rig.billed() == 12
    rig.bench.close()
