"""The runbook of the ENG5 runner and the suites: prose here, tables from the code and the recordings they describe."""

from collections.abc import Iterator
from statistics import fmean
from typing import Any, Final

from cj_pipeline.domain.batching_mode import DEFAULT_MODE, BatchingMode, queue_processing_mode
from cj_pipeline.domain.models import PROVIDERS
from cj_pipeline.emulator.profiles import load_profile, profile_names
from cj_pipeline.engine.modes import cache_lifetime
from cj_pipeline.harness.suites.recordings import p95, read_recording
from cj_pipeline.harness.suites.specs import SUITES, Suite, cases
from tools.pages import mark, page, table

_FRONT: Final = """\
---
title: The ENG5 runner and the suites
audience: researcher, operator
last_reviewed: 2026-11-25
---

"""

_INTRO: Final = """\
`cj eng5` runs assessments of national-exam essays and keeps an [artefact](../reference/eng5-artefact.md) of every run;
it also studies the judge itself. `cj harness` runs whole assessments on emulators whose judges answer as recorded ones
did. How an assessment proceeds, whoever starts it, stands in [the other runbook](cj-assessment-runbook.md)."""

_MODES: Final = (
    ("`plan`", "takes stock: anchors by grade, pairs, waves, batch jobs, cost", "nothing sent, nothing kept"),
    (
        "`dry-run`",
        "writes the artefact of a run that is not made: inputs with digests, plan, expected cost",
        "the same",
    ),
    (
        "`execute`",
        "runs the assessment as `cj run` does, waits with a limit, writes the artefact",
        "the ledger; Dagster",
    ),
    (
        "`anchor-align`",
        "puts the anchors to the judge as students, grades withheld, and reports how its order agrees with the grades",
        "a ledger of its own in `eng5/`",
    ),
    ("`boundary`", "puts a few pairs many times in both orders and shows win rates with intervals", "the same ledger"),
    ("`verify`", "checks an artefact: shape, version, checksum, and that its parts agree", "nothing"),
)

_EXIT: Final = (
    ("0", "complete; of a plan or a dry run: planned", "Nothing."),
    (
        "1",
        "failed on the way, or (plan) the cost limit will be passed as expected",
        "Read the reason; mend it; run again.",
    ),
    ("2", "the input cannot be used as it is; nothing was sent", "Mend what is named."),
    (
        "3",
        "partial: the limit of `--wait-limit` came first, or somebody cancelled; the artefact says so",
        "Run the same command again: it goes on, and pays for nothing twice.",
    ),
)

_TRIAL: Final = """\
```sh
.venv/bin/cj eng5 plan eng5-role-models                              # what is there, what it takes
.venv/bin/cj eng5 anchor-align eng5-role-models --emulator           # a report in a few seconds, no key, no cost
.venv/bin/cj eng5 anchor-align eng5-role-models --rubric my-rubric.md --compare before.json
.venv/bin/cj eng5 boundary eng5-role-models --pair anchor-06:anchor-08 --iterations 10
.venv/bin/cj eng5 execute eng5-role-models --llm-batching-mode provider_batch_api --wait-limit 90000
```

`--prompt`, `--system-prompt` and `--rubric` take files, `--provider`, `--model`, `--reasoning-effort` and `--verbosity`
another judge; `--max-comparisons` is a cap in every mode, and can only lower that of `assessment.yaml`. All options are
in the [reference](../reference/cli.md). With `--emulator`, `--emulator-judge` names a profile; its answers then take
their time in reality."""

_STUDIES: Final = """\
Alignment and boundary tests run on a variant of the assessment (`eng5/assessments/` in the work folder): some of its
essays, no grade of any, fixed pairs. They keep a ledger of their own, so that no sensor takes them for something a
teacher submitted; `max_cost_usd` holds for all studies of one assessment together. Metrics of studies are served from
that ledger: `CJ_WORK_DIR=<work folder>/eng5 cj metrics serve`. Artefacts and reports go to `eng5/artefacts/`.

In a boundary test every pair is put so often in each order, with the same words; a judge without randomness of its own
(the emulator's is one) answers the same every time, and its intervals then say nothing."""

_BATCHING: Final = """\
`--llm-batching-mode` chooses for one run, before `assessment.yaml`, `CJ_LLM_BATCHING_MODE` and the default
`{default}` ([0004](../decisions/0004-llm-provider-batching-mode-selection.md)). The mode is stored with the judging
session and stands in the artefact (`metadata.llm_batching_mode`, and who chose it). With `provider_batch_api`,
everything is planned in one wave and asked as batch jobs, and a wait of up to 24 hours is normal: give `--wait-limit`
more than that, or come back with the same command. In the other modes the runner itself is the worker; at the limit it
pauses the assessment, and the same command goes on."""

_SUITES: Final = """\
`make eng5-cj-suite SUITE=...` and `make llm-mock-profile PROFILE=...` run one, `make eng5-heavy` all; `cj harness`
takes `--mode` and `--provider`. Every case is a whole run over the socket. What is asserted: it completed without
failures, in as many waves as it has to (one in batch jobs), in the mode that the run asked for, which is stored;
coverage, resampling passes and the balance of first and second; each question billed once, each verdict the judge's own
on this pair in this order; and every metric, by exact difference from before the run, told from the emulator's journal.
A suite that cannot run has failed; none is skipped."""

_RECORDINGS: Final = """\
Profiles are also compared with recordings that are part of the project
(`cj_pipeline/harness/suites/recordings`): the same winners in every mode; mean tokens within 10 % or 5 tokens; mean
latency within 100 ms and its 95th percentile within 200 ms, on the virtual clock. And with the reference system's own
traces, as far as they are documented, within its own bounds. After a prompt was reworded, tokens move: look at the
difference, then record anew with `cj harness profiles --record`."""


def eng5_runbook_page(command: str) -> str:
    """The runner, its modes, the suites and their recordings.

    Args:
        command: What a person runs to render the page.
    """
    suite_head = (
        "suite",
        "essays from",
        "judge",
        "what it is",
        "comparisons",
        *(f"`{mode.value}`" for mode in BatchingMode),
    )
    return page(
        _FRONT + mark("the code", "tools/render_results.py", command),
        "Runbook: the ENG5 runner and the suites",
        _INTRO,
        "## The runner",
        table(("mode", "does", "leaves traces in"), _MODES),
        _TRIAL,
        "## Exit codes",
        table(("code", "means", "what to do"), _EXIT),
        "## Studies of the judge",
        _STUDIES,
        "## Batching",
        _BATCHING.format(default=DEFAULT_MODE.value),
        table(("mode", "queue", "waves", "prompt cache asked for", "suites"), _by_mode()),
        "## Suites",
        _SUITES,
        _variants(),
        table(suite_head, map(_suite, SUITES.values())),
        "## Profiles",
        "A profile is a judge of the emulator with its manners, as data in `cj_pipeline/emulator/profile_data`.",
        table(("profile", "about"), [(f"`{name}`", load_profile(name).about) for name in profile_names()]),
        "## Recordings",
        _RECORDINGS,
        table(
            (
                "profile",
                "whose",
                "comparisons",
                "first shown",
                "prompt tokens",
                "answer tokens",
                "mean, ms",
                "95 %, ms",
            ),
            _recordings(),
        ),
    )


def _by_mode() -> list[tuple[str, ...]]:
    return [
        (
            f"`{mode.value}`",
            f"`{queue_processing_mode(mode).value}`",
            "1" if mode is BatchingMode.PROVIDER_BATCH_API else "as many as the budget allows",
            cache_lifetime(mode).value or "none",
            ", ".join(name for name, suite in SUITES.items() if mode in suite.modes),
        )
        for mode in BatchingMode
    ]


def _variants() -> str:
    batch = [name for name, suite in SUITES.items() if BatchingMode.PROVIDER_BATCH_API in suite.modes]
    without = [name for name in SUITES if name not in batch]
    n_cases = len(cases(tuple(SUITES.values())))
    return (
        f"**With a `provider_batch_api` variant:** {', '.join(batch)}. **Without:** {', '.join(without)} (its batch "
        f"jobs are a profile of their own). In all, {n_cases} cases at {len(PROVIDERS)} providers."
    )


def _suite(suite: Suite) -> tuple[object, ...]:
    marks = ["yes" if mode in suite.modes else "no" for mode in BatchingMode]
    return f"`{suite.name}`", f"`{suite.sample}`", f"`{suite.judge}`", suite.about, suite.n_comparisons, *marks


def _recordings() -> Iterator[tuple[object, ...]]:
    for name, suite in SUITES.items():
        if suite.recorded:
            recording = read_recording(name)
            yield _trace(name, recording["trace"])
            for provider, events in sorted(recording["events"].items()):
                yield _recorded(name, provider, events)


def _trace(name: str, trace: dict[str, Any]) -> tuple[object, ...]:
    tokens, latency = trace.get("mean_tokens", {}), trace.get("latency_ms", {})
    figures = (tokens.get("prompt_tokens"), tokens.get("completion_tokens"), latency.get("mean"), latency.get("p95"))
    cells = ("" if figure is None else f"{figure:g}" for figure in figures)
    return f"`{name}`", "reference system", trace["n"], f"{trace['first_share']:.0%}", *cells


def _recorded(name: str, provider: str, events: list[dict[str, Any]]) -> tuple[object, ...]:
    times = [event["latency_ms"] for event in events if event["latency_ms"]]
    share = fmean(event["winner"] == "first" for event in events)
    means = (f"{fmean(event[what] for event in events):.1f}" for what in ("prompt_tokens", "completion_tokens"))
    latency = (f"{fmean(times):.0f}", f"{p95(times):.0f}") if times else ("", "")
    return f"`{name}`", provider, len(events), f"{share:.0%}", *means, *latency
