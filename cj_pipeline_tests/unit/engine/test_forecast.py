# ruff: noqa: D103 - the names of the tests say it
"""What is still to be asked and what it will cost, before anything is sent."""

from dataclasses import replace

import pytest

from cj_pipeline.cli.planning import notes, usd
from cj_pipeline.defs.cost_preview import forecast_metadata, forecast_preview
from cj_pipeline.engine.cost import worst_case_usd
from cj_pipeline.engine.forecast import ANSWER_TOKENS, ENOUGH_ANSWERS, REASONING_TOKENS, forecast
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.requests import RequestWriter
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment

TERRA = {"provider": "openai", "model": "gpt-6.1-terra", "parameters": {"max_output_tokens": 600}}
LUNA = {"provider": "openai", "model": "gpt-6-luna"}
PRICE = {"input_usd_per_mtok": 3.0, "output_usd_per_mtok": 9.0}


def test_everything_is_still_to_be_asked_before_a_submission(rig: Rig) -> None:
    make_assessment(rig.root)
    pairs = rig.plan()

    found = forecast(rig.engine, pairs)

    [judge] = found.judges
    assert (found.n_requests, judge.n_jobs, found.observed) == (12, 1, False)
    assert 0 < (found.low_usd or 0) < (found.expected_usd or 0) <= (found.high_usd or 0)
    assert rig.emulator.journal() == []


def test_expected_costs_are_those_of_a_pocket_calculator(rig: Rig) -> None:
    judge = {**TERRA, "parameters": {"max_output_tokens": 600, "reasoning_effort": "low"}}
    make_assessment(rig.root, judges=[judge])
    pairs = rig.plan()
    spec = pairs.snapshot.assessment.judges[0]
    writer = RequestWriter(pairs.snapshot, pairs.session, spec, rig.engine.managers["openai"])
    sizes = [writer.size(c) for c in pairs.comparisons]

    [found] = forecast(rig.engine, pairs).judges

    tokens_in, tokens_out = sum(sizes) // 4, 12 * (120 + 300)
    assert (found.input_tokens, found.output_tokens) == (tokens_in, tokens_out)
    assert found.expected_usd == pytest.approx((tokens_in * 1.0 + tokens_out * 5.0) * 0.5 / 1e6)
    assert found.low_usd == pytest.approx((tokens_in * 1.0 + 12 * 160 * 5.0) * 0.5 / 1e6)
    assert found.high_usd == worst_case_usd(spec, sizes)


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
    assert now.judges[0].n_jobs == 0


def test_what_is_answered_is_not_counted_and_its_averages_are_used(rig: Rig) -> None:
    folder = make_assessment(rig.root, max_pairs_cap=30, comparisons_per_essay=10)
    rig.submit()
    rig.finish_quietly()
    spent = rig.engine.ledger.totals(rig.engine.ledger.sessions("small")[0].session_id)
    (folder / "assessment.yaml").write_text(
        (folder / "assessment.yaml")
        .read_text()
        .replace("max_pairs_cap: 30", "max_pairs_cap: 36")
        .replace("comparisons_per_essay: 10", "comparisons_per_essay: 12")
    )

    found = forecast(rig.engine, rig.plan())

    assert ENOUGH_ANSWERS <= 30
    assert (found.n_requests, found.observed) == (0, True)
    assert found.spending.spent_usd == pytest.approx(spent.spent_usd)
    assert found.expected_usd == 0


def test_an_unknown_price_is_unknown_and_never_zero(rig: Rig) -> None:
    make_assessment(rig.root, judges=[LUNA, TERRA])
    pairs = rig.plan()

    found = forecast(rig.engine, pairs)

    assert (found.low_usd, found.expected_usd, found.high_usd) == (None, None, None)
    assert not found.exceeds_limit(found.high_usd)
    assert usd(None) == "unknown"
    assert "unknown" in forecast_preview(found)
    assert not {"cost_low_usd", "cost_expected_usd", "cost_high_usd"} & set(forecast_metadata(found))
    assert any("cannot be checked" in line for line in notes(rig.bench, found))


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


def test_the_limit_is_judged_by_what_counts_against_it(rig: Rig) -> None:
    make_assessment(rig.root, max_cost_usd=0.016)
    found = forecast(rig.engine, rig.plan())

    assert not found.exceeds_limit(found.low_usd)
    assert found.exceeds_limit(found.high_usd)
    assert found.exceeds_limit(1.0)


def test_the_table_on_the_assets_page_is_shown_in_place(rig: Rig) -> None:
    make_assessment(rig.root, judges=[TERRA, LUNA, {"provider": "anthropic", "model": "claude-haiku-5-5"}])

    assert len(forecast_preview(forecast(rig.engine, rig.plan()))) < 1000


def test_assumptions_are_those_written_down() -> None:
    assert ANSWER_TOKENS == (60, 120)
    assert REASONING_TOKENS == {"none": (0, 0), "low": (100, 300), "medium": (300, 800), "high": (700, 2000)}
    assert ENOUGH_ANSWERS == 20
