# ruff: noqa: D103 - the names of the tests say it
"""What is still to be asked and what it will cost, before anything is sent."""

from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.cli.planning import notes, usd
from cj_pipeline.defs.cost_preview import forecast_metadata, forecast_preview
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.prices import Rates
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.cost import Spending, worst_case_usd
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.forecast import Forecast, JudgeForecast, forecast
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.requests import RequestWriter
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import add_essay, make_assessment, write_settings

TERRA = {"provider": "openai", "model": "gpt-6.1-terra", "parameters": {"max_output_tokens": 600}}
LUNA = {"provider": "openai", "model": "gpt-6-luna"}
HAIKU = {"provider": "anthropic", "model": "claude-haiku-5-5"}
BATCH = BatchingMode.PROVIDER_BATCH_API
PRICE = {"input_usd_per_mtok": 3.0, "output_usd_per_mtok": 9.0}


@pytest.fixture
def luna_unpriced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model table in which one price is unknown."""
    key = ("openai", "gpt-6-luna")
    monkeypatch.setitem(model_table(), key, replace(model_table()[key], rates=Rates(None, None)))


def sizes_of(engine: Engine, pairs: PairSet) -> list[int]:
    """Bytes of every request of a pair set with one judge."""
    judge = pairs.snapshot.assessment.judges[0]
    writer = RequestWriter(pairs.snapshot, pairs.session, judge, engine.managers[judge.provider])
    return [writer.size(c) for c in pairs.comparisons]


def with_options(rig: Rig, **options: object) -> Engine:
    """The engine with other options."""
    return replace(rig.engine, options=replace(rig.engine.options, **options))  # type: ignore[arg-type]  # any option


def test_everything_is_still_to_be_asked_before_a_submission(rig: Rig) -> None:
    make_assessment(rig.root)
    pairs = rig.plan()

    found = forecast(rig.engine, pairs)

    [judge] = found.judges
    assert (found.n_requests, judge.n_jobs, judge.n_rounds, found.observed) == (12, 1, 1, False)
    assert 0 < (found.low_usd or 0) < (found.expected_usd or 0) <= (found.high_usd or 0)
    assert rig.emulator.journal() == []


def test_expected_costs_are_those_of_a_pocket_calculator(rig: Rig) -> None:
    judge = {**TERRA, "parameters": {"max_output_tokens": 600, "reasoning_effort": "low"}}
    make_assessment(rig.root, judges=[judge])
    pairs = rig.plan()
    sizes = sizes_of(rig.engine, pairs)

    [found] = forecast(rig.engine, pairs).judges

    tokens_in, tokens_out = sum(size // 4 for size in sizes), 12 * (120 + 300)
    assert max(sizes) // 4 < 1024, "too short for a cache"
    assert (found.input_tokens, found.output_tokens) == (tokens_in, tokens_out)
    assert found.expected_usd == pytest.approx((tokens_in * 1.0 + tokens_out * 5.0) * 0.5 / 1e6)
    assert found.low_usd == pytest.approx((tokens_in * 1.0 + 12 * 160 * 5.0) * 0.5 / 1e6)
    assert found.high_usd == worst_case_usd(pairs.snapshot.assessment.judges[0], sizes)


def test_a_prompt_long_enough_for_a_cache_is_expected_to_be_written_to_it(rig: Rig) -> None:
    make_assessment(rig.root, judges=[TERRA], rubric="The better essay says more. " * 200)
    pairs = rig.plan()
    sizes = sizes_of(rig.engine, pairs)

    [found] = forecast(rig.engine, pairs).judges

    tokens_in, tokens_out = sum(size // 4 for size in sizes), 12 * 600
    assert min(sizes) // 4 >= 1024
    assert found.expected_usd == pytest.approx((tokens_in * 1.25 + tokens_out * 5.0) * 0.5 / 1e6)
    assert found.low_usd == pytest.approx((tokens_in * 1.0 + 12 * 360 * 5.0) * 0.5 / 1e6)


def test_the_size_of_a_request_is_known_without_writing_it(rig: Rig) -> None:
    make_assessment(rig.root)
    (rig.root / "assessments" / "small" / "essays" / "odd.txt").write_text('"Å\\ \u2028 \t quoted"\n\nNext.', "utf-8")
    pairs = rig.plan()
    for provider in ("openai", "anthropic"):
        spec = pairs.snapshot.assessment.judges[0]
        writer = RequestWriter(pairs.snapshot, pairs.session, spec, rig.engine.managers[provider])
        for c in pairs.comparisons:
            assert writer.size(c) == len(writer.line(c, "0" * 16 + "-000000")) + 1


def test_asked_at_once_it_costs_the_full_price(rig: Rig) -> None:
    make_assessment(rig.root)
    make_assessment(rig.root, "now", llm_batching_mode="per_request")

    batch, now = (forecast(rig.engine, rig.plan(name)) for name in ("small", "now"))

    assert now.expected_usd == pytest.approx(2 * (batch.expected_usd or 0))
    assert now.high_usd == pytest.approx(2 * (batch.high_usd or 0))
    assert (now.judges[0].n_jobs, now.judges[0].n_rounds, now.judges[0].n_canaries) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["provider_batch_api", "serial_bundle", "per_request"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_high_is_what_the_submission_then_reserves(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    found = forecast(rig.engine, rig.plan())

    rig.submit()

    assert found.high_usd == pytest.approx(sum(job.reserved_usd or 0 for job in rig.engine.ledger.jobs()))


def test_a_canary_is_counted_once_and_at_the_full_price(tmp_path: Path, emulator: RunningEmulator) -> None:
    rig = make_rig(tmp_path, emulator, CJ_CANARY_FROM="12")
    make_assessment(rig.root)
    pairs = rig.plan()
    found = forecast(rig.engine, pairs)
    rig.submit()
    reserved = sum(job.reserved_usd or 0 for job in rig.engine.ledger.jobs())
    rig.bench.close()

    assert (found.n_requests, found.judges[0].n_canaries) == (12, 1)
    assert found.high_usd == pytest.approx(reserved)
    assert any("canary" in line for line in notes(found))


def test_a_judge_that_has_given_a_verdict_needs_no_canary(tmp_path: Path, emulator: RunningEmulator) -> None:
    rig = make_rig(tmp_path, emulator, CJ_CANARY_FROM="1")
    folder = make_assessment(rig.root)
    rig.submit()
    rig.finish_quietly()
    add_essay(folder, 7)
    found = forecast(rig.engine, rig.plan())
    rig.bench.close()

    assert found.n_requests > 0
    assert found.judges[0].n_canaries == 0
    assert not any("canary" in line for line in notes(found))


def test_what_is_to_be_asked_with_more_room_is_reserved_with_more_room(rig: Rig) -> None:
    make_assessment(rig.root)
    before = forecast(rig.engine, rig.plan())
    rig.emulator.script_faults({"kind": "truncated_answers", "share": 1.0})
    rig.submit()
    rig.finish_quietly()

    again = forecast(rig.engine, rig.plan())
    rig.submit()

    waiting = [job for job in rig.engine.ledger.jobs() if job.enlarged]
    assert (before.n_requests, again.n_requests) == (12, sum(job.n_requests for job in waiting))
    assert again.n_requests > 0
    assert again.high_usd == pytest.approx(sum(job.reserved_usd or 0 for job in waiting))


def test_jobs_follow_the_queue_that_the_account_has(rig: Rig) -> None:
    make_assessment(rig.root)
    pairs = rig.plan()
    tokens = sum(-(-size // 3) for size in sizes_of(rig.engine, pairs))

    def found(**options: object) -> tuple[int, int]:
        [judge] = forecast(with_options(rig, **options), pairs).judges
        return judge.n_jobs, judge.n_rounds

    assert found(queue_tokens={"openai": tokens}, queue_share=1.0) == (1, 1)
    assert found(queue_tokens={"openai": tokens - 1}, queue_share=1.0) == (2, 2)
    assert found(queue_tokens={"openai/gpt-6.1-terra": tokens // 12 * 3}, queue_share=1.0) >= (4, 4)
    assert found(queue_tokens={"openai/gpt-4.1": 1}, queue_share=1.0) == (1, 1)
    assert found(queued_requests={"openai": 10}, queue_share=0.5) == (3, 3)


def test_several_rounds_are_told() -> None:
    judge = JudgeForecast("openai/gpt-4.1", 10, 0, 4, 4, 1, 1, 0.1, 0.2, 0.3)
    told = notes(Forecast((judge,), Spending(0, 0), 1.0, BATCH, observed=False))

    assert "openai/gpt-4.1: its jobs follow one another in 4 rounds, as fits the account's queue" in told


def test_what_is_answered_is_not_counted_and_its_averages_are_used(rig: Rig) -> None:
    folder = make_assessment(rig.root, max_pairs_cap=30, comparisons_per_essay=10)
    rig.submit()
    rig.finish_quietly()
    session = rig.engine.ledger.sessions("small")[0].session_id
    totals = rig.engine.ledger.totals(session)
    assert forecast(rig.engine, rig.plan()).n_requests == 0
    add_essay(folder, 7)
    write_settings(folder, max_pairs_cap=40, comparisons_per_essay=10)

    found = forecast(rig.engine, rig.plan())

    [judge] = found.judges
    mean_in, mean_out = totals.input_tokens // 30, totals.output_tokens // 30
    assert found.observed
    assert found.spending.spent_usd == pytest.approx(totals.spent_usd)
    assert judge.n_requests == 10
    assert (judge.input_tokens, judge.output_tokens) == (10 * mean_in, 10 * mean_out)
    by_hand = 10 * (mean_in * 1.0 + mean_out * 5.0) * 0.5 / 1e6
    assert found.low_usd == found.expected_usd == pytest.approx(by_hand)
    assert any("this judging session's own answers" in line for line in notes(found))


def test_the_averages_of_a_panel_are_nobodys_own(rig: Rig) -> None:
    make_assessment(rig.root, judges=[TERRA, HAIKU], max_pairs_cap=30, comparisons_per_essay=10)
    rig.submit()
    rig.finish_quietly()

    assert not forecast(rig.engine, rig.plan()).observed


@pytest.mark.usefixtures("luna_unpriced")
def test_an_unknown_price_is_unknown_and_never_zero(rig: Rig) -> None:
    make_assessment(rig.root, judges=[LUNA, TERRA])
    found = forecast(rig.engine, rig.plan())

    assert (found.low_usd, found.expected_usd, found.high_usd) == (None, None, None)
    assert found.judges[1].expected_usd is not None
    assert not found.exceeds_limit(found.high_usd)
    assert usd(None) == "unknown"
    assert "unknown" in forecast_preview(found)
    assert not {"cost_low_usd", "cost_expected_usd", "cost_high_usd"} & set(forecast_metadata(found))
    assert any("cannot be checked" in line for line in notes(found))


@pytest.mark.usefixtures("luna_unpriced")
def test_a_stated_price_makes_it_known_and_asks_nothing_again(rig: Rig) -> None:
    make_assessment(rig.root, judges=[LUNA])
    before = rig.plan()
    stated = before.snapshot.assessment.model_copy(
        update={"judges": (type(before.snapshot.assessment.judges[0])(**LUNA, price=PRICE),)}
    )
    rig.bench.tables.save_snapshot(replace(before.snapshot, assessment=stated))

    after = plan(rig.engine, "small")
    found = forecast(rig.engine, after)

    assert after.session.session_id == before.session.session_id
    assert after.n_new == 0
    assert found.expected_usd is not None


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (None, "no cost limit: a real provider is not asked without max_cost_usd"),
        (0.35, "cost limit 0.3500 USD: will be passed even if answers are short"),
        (0.45, "cost limit 0.4500 USD: will be passed; raise max_cost_usd or plan fewer comparisons"),
        (0.55, "cost limit 0.5500 USD: holds as expected; the worst case would stop before the last jobs"),
        (0.65, "cost limit 0.6500 USD: holds in the worst case too"),
    ],
)
def test_the_limit_is_judged_by_what_counts_against_it(limit: float | None, said: str) -> None:
    judge = JudgeForecast("openai/gpt-4.1", 10, 0, 1, 1, 1, 1, 0.1, 0.2, 0.3)
    found = Forecast((judge,), Spending(0.1, 0.1, 0.1), limit, BATCH, observed=False)

    told = "\n".join(notes(found)).replace("[bold red]", "").replace("[/bold red]", "")

    assert "spent 0.1000 USD, reserved 0.1000, possibly paid 0.1000" in told
    assert said in told


@pytest.mark.parametrize("n_judges", range(1, 10))
def test_the_table_on_the_assets_page_is_shown_in_place(n_judges: int) -> None:
    judges = tuple(
        JudgeForecast(
            f"anthropic/claude-sonnet-5-5@medium{n}", 123_456, 1, 9, 9, 1, 1, 1234.5678, 2345.6789, 34567.8901
        )
        for n in range(n_judges)
    )
    found = Forecast(judges, Spending(1234.5678, 2345.6789), 9.0, BATCH, observed=True)

    text = forecast_preview(found)

    assert len(text) < 1000
    assert text.count("claude-sonnet") == min(n_judges, 6)
    assert ("and 3 more" in text) == (n_judges == 9)


def test_the_assets_page_has_the_figures(rig: Rig) -> None:
    make_assessment(rig.root, judges=[TERRA, HAIKU])
    found = forecast(rig.engine, rig.plan())

    figures = forecast_metadata(found)

    assert figures["n_requests_to_send"] == 12
    assert figures["n_batch_jobs_expected"] == 2
    assert figures["cost_expected_usd"] == pytest.approx(found.expected_usd, abs=1e-6)
    assert figures["cost_low_usd"] < figures["cost_expected_usd"] < figures["cost_high_usd"]
    assert figures["cost_limit_usd"] == 5.0
    assert figures["input_tokens_to_send"] == sum(judge.input_tokens for judge in found.judges)
