"""What counts against the cost limit, and what is refused because of it."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import pytest

from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.prices import Rates
from cj_pipeline.domain.prompting import context_of
from cj_pipeline.engine.cost import BYTES_PER_TOKEN, Spending, require_within_limit, spending, worst_case_usd
from cj_pipeline.errors import CostLimitError
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.unit.domain.factories import make_assessment as assessment_of
from cj_pipeline_tests.unit.domain.factories import make_judge

NOTHING = Spending(0.0, 0.0)


def test_the_worst_case_counts_every_byte_and_the_whole_allowance() -> None:
    # gpt-4.1: 1000 bytes are 501 tokens at 2 USD per million, 1200 tokens out at 8; half of that in a batch.
    each = (501 * 2.0 + 1200 * 8.0) / 1e6

    assert BYTES_PER_TOKEN == 2.0
    assert worst_case_usd(make_judge(), [1000, 1000]) == pytest.approx(each)
    assert worst_case_usd(make_judge(), [1000], batch=False) == pytest.approx(each)


def test_an_enlarged_allowance_is_reserved_whole() -> None:
    more = worst_case_usd(make_judge(), [1000], max_output_tokens=2400, batch=False)

    assert more == pytest.approx((501 * 2.0 + 2400 * 8.0) / 1e6)


def test_a_model_that_writes_to_a_cache_unasked_is_reserved_at_that_rate() -> None:
    # gpt-6-sol: 501 tokens written at 2.5 instead of read at 2.
    found = worst_case_usd(make_judge(model="gpt-6-sol"), [1000], batch=False)

    assert found == pytest.approx((501 * 2.5 + 1200 * 10.0) / 1e6)


def test_a_cache_that_is_asked_for_is_reserved_at_its_rate() -> None:
    judge = make_judge(provider="anthropic", model="claude-sonnet-5-5")

    assert worst_case_usd(judge, [1000], batch=False) == pytest.approx((501 * 2.0 + 1200 * 10.0) / 1e6)
    # 600 of the 1000 bytes are kept: 301 tokens written at the 4.0 of an hour, 200 at 2.
    kept = worst_case_usd(judge, [1000], batch=False, kept_bytes=600)
    assert kept == pytest.approx((301 * 4.0 + 200 * 2.0 + 1200 * 10.0) / 1e6)


def test_the_rate_of_long_requests_is_decided_for_each_by_itself() -> None:
    judge = make_judge(provider="anthropic", model="claude-haiku-5-5")
    # 100,000 bytes are 50,001 tokens: three of them are more than the 100,000 from which on one request is dearer.
    short, long = (100_000 / 2 + 1) * 0.1 + 1200 * 0.5, 5 * ((300_000 / 2 + 1) * 0.1 + 1200 * 0.5)

    assert worst_case_usd(judge, [100_000] * 3, batch=False) == pytest.approx(3 * short / 1e6)
    assert worst_case_usd(judge, [300_000], batch=False) == pytest.approx(long / 1e6)


def test_an_unknown_price_has_no_worst_case(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("openai", "gpt-6-luna")
    monkeypatch.setitem(model_table(), key, replace(model_table()[key], rates=Rates(None, 0.5)))

    assert worst_case_usd(make_judge(model="gpt-6-luna"), [1000]) is None
    assert worst_case_usd(make_judge(model="gpt-6-luna"), []) is None
    price = {"input_usd_per_mtok": 0, "output_usd_per_mtok": 1}
    stated = make_judge(model="gpt-6-luna", price=price)
    assert worst_case_usd(stated, [1000], batch=False) == pytest.approx(0.0012)


def test_no_requests_cost_nothing() -> None:
    assert worst_case_usd(make_judge(), []) == 0.0


@pytest.mark.parametrize(
    ("so_far", "next_usd"),
    [
        (NOTHING, 1.01),
        (Spending(0.5, 0.0), 0.51),
        (Spending(0.0, 0.5), 0.51),
        (Spending(0.0, 0.0, 0.5), 0.51),
        (Spending(0.4, 0.3, 0.3), 0.01),
    ],
    ids=["alone", "spent", "reserved", "possibly paid", "together"],
)
@pytest.mark.parametrize("live", [True, False])
def test_a_job_that_could_pass_the_limit_is_refused(so_far: Spending, next_usd: float, *, live: bool) -> None:
    with pytest.raises(CostLimitError, match=r"max_cost_usd is 1\.00\. Raise it .* Nothing was sent\."):
        require_within_limit(assessment_of(max_cost_usd=1.0), so_far, next_usd, live=live)


def test_the_refusal_names_everything_that_counts() -> None:
    with pytest.raises(CostLimitError) as refused:
        require_within_limit(assessment_of(max_cost_usd=1.0), Spending(0.4, 0.3, 0.2), 0.5, live=True)

    said = "to 1.40 USD (0.40 spent, 0.30 reserved by running jobs, 0.20 possibly paid, 0.50 for this one at most)"
    assert said in str(refused.value)


@pytest.mark.parametrize("live", [True, False])
def test_a_job_that_just_fits_is_let_through(*, live: bool) -> None:
    require_within_limit(assessment_of(max_cost_usd=1.0), Spending(0.25, 0.25, 0.25), 0.25, live=live)


def test_a_real_provider_needs_a_limit_and_the_emulator_does_not() -> None:
    with pytest.raises(CostLimitError, match="set max_cost_usd"):
        require_within_limit(assessment_of(), NOTHING, 0.01, live=True)
    require_within_limit(assessment_of(), NOTHING, 0.01, live=False)


def test_a_real_provider_needs_a_price_and_the_message_says_where_to_state_it() -> None:
    with pytest.raises(CostLimitError, match="state it as `price:` under the judge"):
        require_within_limit(assessment_of(max_cost_usd=1.0), NOTHING, None, live=True)
    require_within_limit(assessment_of(max_cost_usd=1.0), NOTHING, None, live=False)


def test_what_runs_is_reserved_and_what_is_answered_is_spent(rig: Rig) -> None:
    make_assessment(rig.root)
    session = rig.submit().session
    before = spending(rig.engine, "small", session)
    rig.finish_quietly()
    after = spending(rig.engine, "small", session)

    assert before.spent_usd == after.reserved_usd == after.possible_usd == 0
    assert 0 < after.spent_usd < before.reserved_usd
    assert before.total_usd == before.reserved_usd


@pytest.mark.parametrize("mode", ["provider_batch_api", "serial_bundle"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_submission_reserves_the_worst_case_of_its_mode(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    pairs = rig.plan()
    rig.submit()

    reserved = sum(job.reserved_usd or 0 for job in rig.engine.ledger.jobs(assessment="small"))
    judge = pairs.snapshot.assessment.judges[0]
    batch = mode == "provider_batch_api"
    kept = sum(len(part.encode()) for part in context_of(pairs.snapshot.assessment))
    sizes = [
        len(line) + 1
        for job in rig.engine.ledger.jobs(assessment="small")
        for line in rig.engine.raw.lines(job.request_path)
    ]
    assert len(sizes) == 12
    assert reserved == pytest.approx(worst_case_usd(judge, sizes, batch=batch, kept_bytes=kept))
