"""What has to hold of every case, whoever judges: course, pairs, balance, and that each answer met its question."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from cj_pipeline.domain.batches import CANARY, Outcome
from cj_pipeline.domain.batching_mode import BatchingMode, queue_processing_mode
from cj_pipeline.domain.continuation import Decision
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.emulator.judges import JUDGES, make_judge
from cj_pipeline.emulator.profiles import load_profile
from cj_pipeline.emulator.questions import Judge, Question
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.harness.driving import Ending
from cj_pipeline.harness.suites.checks import Check, equal, within
from cj_pipeline.harness.suites.observing import Observation
from cj_pipeline.harness.suites.specs import MODELS, Suite
from cj_pipeline.scaling.agreement import kendall_tau_b

_MOST_IN_BUNDLE: Final = 64


def course(seen: Observation) -> Iterator[Check]:
    """It ended as it should, in the mode it was to run in, with every comparison answered."""
    suite, mode, kept = seen.case.suite, seen.case.mode, seen.session.metadata
    yield Check("completed", seen.drive.ending is Ending.COMPLETE, f"{seen.drive.ending}: {seen.drive.reason}")
    yield equal(
        "no failures", dict(Counter(c.status for c in seen.comparisons)), {Outcome.OK.value: suite.n_comparisons}
    )
    yield equal("waves", seen.n_waves, suite.waves(mode))
    yield equal("stop reason", kept.get("stop_reason"), suite.stop_reason.value)
    yield equal("decisions", [d.decision for d in seen.decisions], decisions_due(seen))
    yield equal("mode persisted", kept.get(MODE_KEY), mode.value)
    yield equal("mode chosen by", kept.get("llm_batching_mode_source"), "run_override")
    yield equal("override persisted", kept.get("config_overrides"), {MODE_KEY: mode.value})
    yield equal("queue mode", kept.get("queue_processing_mode"), queue_processing_mode(mode).value)
    yield equal("modes of jobs", {job.mode for job in seen.jobs} - {CANARY}, {mode.value})
    most = max(job.n_requests for job in seen.jobs)
    if mode is BatchingMode.SERIAL_BUNDLE:
        yield within("requests in the largest bundle", most, 1, _MOST_IN_BUNDLE)
    retried = Counter(c.n_attempts for c in seen.comparisons)
    due = {1: suite.n_comparisons - suite.n_retried, 2: suite.n_retried}
    yield equal("attempts", dict(retried), {times: n for times, n in due.items() if n})


def decisions_due(seen: Observation) -> list[str]:
    """The decisions a case has to come to: more while waves remain, a wait where something is asked again, an end."""
    suite, n_waves = seen.case.suite, seen.case.suite.waves(seen.case.mode)
    more = [Decision.REQUEST_MORE_COMPARISONS.value] * (n_waves - 1)
    waits = [Decision.WAIT_FOR_CALLBACKS.value] * bool(suite.n_retried)
    return [*more, *waits, Decision.FINALIZE_SCORING.value]


def pairs(seen: Observation) -> Iterator[Check]:
    """Coverage, resampling passes, and the balance of first and second."""
    suite, kept = seen.case.suite, seen.session.metadata
    possible = n_distinct_pairs(len(seen.snapshot.essays))
    put = Counter(frozenset((c.first_id, c.second_id)) for c in seen.comparisons)
    yield equal("possible pairs", kept.get("max_possible_pairs"), possible)
    yield equal("pairs with a verdict", kept.get("successful_pairs_count"), len(put))
    if suite.n_passes:
        yield equal("coverage", (len(put), kept.get("unique_coverage_complete")), (possible, True))
    yield equal("resampling passes", kept.get("resampling_pass_count"), suite.n_passes)
    if suite.n_passes:
        yield within("times a pair was put", min(put.values()), suite.n_comparisons // possible, 1 + suite.n_passes)
    yield within("skew of first and second", skew(seen), 0.0, suite.max_skew + 1e-9)


def skew(seen: Observation) -> float:
    """Largest |first - second| / (first + second) of any essay."""
    first, second = (Counter(getattr(c, f"{slot}_id") for c in seen.comparisons) for slot in ("first", "second"))
    essays = {essay.essay_id for essay in seen.snapshot.essays}
    return max(abs(first[e] - second[e]) / max(first[e] + second[e], 1) for e in essays)


def identity(seen: Observation) -> Iterator[Check]:
    """Every question was billed once, and every verdict is the judge's on this pair in this order."""
    asked = Counter(entry["nonce"] for entry in seen.billed)
    yield equal("each question billed once", asked, Counter(seen.nonces.values()))
    yield equal("billed more than once", seen.summary["billed_more_than_once"], [])
    odd = (seen.counts.n_duplicates, seen.counts.n_strangers, seen.counts.n_unreadable)
    yield equal("rows of no request", odd, (0, 0, 0))
    answered = [a for a in seen.answers if a.outcome is Outcome.OK]
    names = Counter(answer.response_id for answer in answered)
    yield equal("answers with an id of their own", len(names), seen.case.suite.n_comparisons)
    wrong = [c.comparison_id for c in seen.comparisons if c.winner != _judged(seen, c.first_id, c.second_id)]
    yield equal("verdicts that are not the judge's", wrong, [])


def _judged(seen: Observation, first_id: str, second_id: str) -> str:
    texts = {essay.essay_id: essay.text for essay in seen.snapshot.essays}
    question = Question(texts[first_id], texts[second_id], MODELS[seen.case.provider], nonce="")
    return "first" if judge_of(seen.case.suite).decide(question).first_wins else "second"


def judge_of(suite: Suite) -> Judge:
    """The judge that answers a suite."""
    if suite.judge in JUDGES:
        return make_judge(suite.judge, suite.seed)
    return load_profile(suite.judge).make_judge(suite.seed)


def quality(seen: Observation) -> Iterator[Check]:
    """The measures follow the anchors' grades, where the judge looks at the writing."""
    suite, ranking = seen.case.suite, seen.drive.ranking
    if suite.min_tau is None or ranking is None:
        return
    anchors = ranking.table[ranking.table["anchor_grade"].notna()]
    scale = seen.snapshot.assessment.scale
    steps = [scale.level(grade) for grade in anchors["anchor_grade"]]
    yield within("tau-b of anchors and grades", kendall_tau_b(anchors["measure"], steps), suite.min_tau, 1.0)
