"""The runbook on how an assessment proceeds: prose here, tables from the code they describe."""

from typing import Final

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.batching_mode import DEFAULT_MODE, BatchingMode, queue_processing_mode
from cj_pipeline.domain.continuation import ContinuationPolicy, Decision, StopReason
from cj_pipeline.engine.modes import cache_lifetime
from cj_pipeline.engine.waves import REVERSED_SHARE, WavePlan
from cj_pipeline.settings import settings_table
from tools.pages import mark, page, table

_FRONT: Final = """\
---
title: How an assessment proceeds
audience: operator
last_reviewed: 2026-11-24
---

"""

_INTRO: Final = """\
How an assessment is asked, goes on and ends, and what to do about each ending. What can go wrong with batch jobs
themselves stands in [batch jobs](batch-jobs.md), what can go wrong with runs in [failures](failures.md)."""

_MODES: Final = """\
`llm_batching_mode` is chosen when the pair set is planned: by the run (`cj run --mode`, or the launchpad's
`essays.config.llm_batching_mode`), else by `assessment.yaml`, else by `CJ_LLM_BATCHING_MODE`, else it is
`{default}`. It is stored with the judging session; continuations read it from there, whatever the file says by then.
It stands on the assets `pair_set`, `batch_submissions` and `rankings`, and as the tag `cj/llm_batching_mode` on their
runs. Where a judge's model has no batch API, batch jobs fall back to the installation's mode (or to `{default}`), and
the run says so. Why: [0004](../decisions/0004-llm-provider-batching-mode-selection.md)."""

_OVERRIDES: Final = """\
A run may also override `max_pairs_cap` (only downwards), `system_prompt`, `rubric`, `provider`, `model`,
`max_output_tokens`, `temperature`, `reasoning_effort` and `verbosity`:

```sh
.venv/bin/cj run my-class --mode per_request --override model=gpt-6-sol --override rubric=@rubric.md
```

What was overridden is shown on the asset `essays` and holds until the essays are read again. Another prompt, model or
parameter opens a judging session of its own."""

_WAVES: Final = """\
With one wave, everything is planned up front: pairs once, then pairs again in the other order where the budget exceeds
the distinct pairs. With several, the first wave is drawn without knowledge, and each later one pairs essays that the
answers so far place near each other (`next_wave_design`). A wave holds `comparisons_per_wave` comparisons per essay
(default {per_wave}). Every wave is a Dagster run with the tag `cj/wave`; the history of `rankings` shows one ranking
per wave, and which of them is final.

`max_pairs_cap` is never passed. The plan ends at the budget or at what the essays yield: every pair once, and once
more for every resampling pass allowed, whichever is less. In the first wave, {share:.0%} of the comparisons put a pair
again in the other order, where not every pair is put, to measure the position effect (`reversed_repeats_share`)."""

_DECISIONS: Final = """\
After every collection one decision is made from the ledger alone, by the sensors, `cj run` and the asset `rankings`
alike, and kept with the numbers it saw (table `decisions`, and the metadata of `rankings`)."""

_MEANING: Final = {
    Decision.WAIT_FOR_CALLBACKS: ("Comparisons are under way or follow by themselves.", "Nothing."),
    Decision.REQUEST_MORE_COMPARISONS: (
        "The wave is complete and more is allowed; the `continuation_sensor` starts the next.",
        "Nothing; `cj cancel` ends it with what there is.",
    ),
    Decision.FINALIZE_SCORING: ("The ranking is final.", "See the reason below."),
    Decision.FINALIZE_FAILURE: ("No ranking that could be stood by; the run of `rankings` fails.", "See below."),
    Decision.NO_OP: (
        "Nothing happens by itself: it was never submitted, is paused, or was planned further after its end.",
        "Read the reason in `cj status`, mend it, submit again.",
    ),
}

_REASONS: Final = {
    StopReason.STABLE: ("The last wave moved no measure by more than the threshold.", "Nothing."),
    StopReason.PRECISE_ENOUGH: ("`stop_at_standard_error` or `stop_at_reliability` is met.", "Nothing."),
    StopReason.BUDGET: (
        "The budget is used.",
        "If standard errors are too large: raise `max_pairs_cap`, materialise `submit_assessment` again.",
    ),
    StopReason.COVERAGE: (
        "Every pair was put as often as allowed; the budget would have allowed more.",
        "More comparisons of so few essays tell little; `max_resampling_passes` allows them.",
    ),
    StopReason.FAILED: (
        "Too few comparisons gave a verdict.",
        (
            "Read `error` in the table `comparisons`: refusals need another prompt or model, cut-off answers a larger "
            "`max_output_tokens`. Both open a new judging session."
        ),
    ),
    StopReason.DISCONNECTED: (
        "Verdicts leave essays without a link to the rest; they are named.",
        "Raise `max_pairs_cap`, or look at what failed for these essays, and submit again.",
    ),
    StopReason.CANCELLED: ("A person ended it; what was answered counts.", "Submit again to go on."),
}


def runbook_page(command: str) -> str:
    """How an assessment is asked, goes on and ends.

    Args:
        command: What a person runs to render the page.
    """
    per_wave = Assessment.model_fields["comparisons_per_wave"].default
    return page(
        _FRONT + mark("the code", "tools/render_results.py", command),
        "Runbook: how an assessment proceeds",
        _INTRO,
        "## Modes",
        _MODES.format(default=DEFAULT_MODE.value),
        _modes(),
        "## Overrides of one run",
        _OVERRIDES,
        "## Waves and budget",
        _WAVES.format(per_wave=per_wave, share=REVERSED_SHARE),
        "## Decisions",
        _DECISIONS,
        table(
            ("decision", "means", "what to do"),
            [(f"`{decision.value}`", *_MEANING[decision]) for decision in Decision],
        ),
        "## Why it ended",
        table(("stop reason", "means", "what to do"), [(reason.value, *_REASONS[reason]) for reason in StopReason]),
        "## Thresholds",
        table(("setting", "default", "meaning"), _thresholds()),
    )


def _modes() -> str:
    rows = []
    for mode in BatchingMode:
        lifetime = cache_lifetime(mode).value or "none"
        batch = mode is BatchingMode.PROVIDER_BATCH_API
        rows.append(
            (
                f"`{mode.value}`",
                f"`{queue_processing_mode(mode).value}`",
                "half, up to 24 h" if batch else "full, at once",
                "the provider; the run ends at once" if batch else "the run itself; another run can take over",
                _waves(mode),
                lifetime,
            )
        )
    head = ("mode", "queue", "price and time", "who works", "waves", "prompt cache asked for")
    return table(head, rows)


def _waves(mode: BatchingMode) -> str:
    """As the engine has it for an assessment that says nothing of waves."""
    judge = {"provider": "openai", "model": "gpt-6.1-terra"}
    texts = {"title": "t", "task": "t", "rubric": "r", "language": "en", "grade_scale": "eng5_np_legacy_9_step"}
    assessment = Assessment.model_validate({**texts, "judges": [judge], "max_pairs_cap": 100})
    most = WavePlan(assessment, 24, mode, ContinuationPolicy()).max_waves
    return "as many as the budget allows" if most is None else f"{most}, or `max_batch_waves`"


def _thresholds() -> list[tuple[str, str, str]]:
    wanted = ("MIN_SUCCESS_RATE", "STABILITY_FLOOR", "STABILITY_THRESHOLD", "SMALL_NET_SIZE", "SMALL_NET_PASSES")
    names = {f"CJ_{name}" for name in (*wanted, "REGULAR_PASSES")}
    return [(f"`{name}`", default, meaning) for name, default, meaning in settings_table() if name in names]
