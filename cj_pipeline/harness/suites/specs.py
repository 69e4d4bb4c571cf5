"""The suites as data: what is judged, by whom, in which modes, and how many comparisons and waves it has to come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import StopReason
from cj_pipeline.domain.models import PROVIDERS

_ALL: Final = tuple(BatchingMode)
_BATCH: Final = (BatchingMode.PROVIDER_BATCH_API,)
_AT_ONCE: Final = (BatchingMode.PER_REQUEST, BatchingMode.SERIAL_BUNDLE)
_ENG5: Final = "eng5-role-models"
_LOWER5: Final = "lower5"

# Waves that never count as settled: only then is their number known beforehand.
_NEVER_STABLE: Final = {"CJ_STABILITY_THRESHOLD": "0"}
_SMALL_NET: Final = {**_NEVER_STABLE, "CJ_SMALL_NET_SIZE": "5", "CJ_SMALL_NET_PASSES": "3"}
# One request at a time: then the time between sending and answer is the judge's own, to the millisecond.
_ONE_BY_ONE: Final = {"CJ_SYNC_WORKERS": "1"}


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite.

    Attributes:
        name: Its name.
        about: What it is for, for people.
        judge: Judge or profile of the emulator.
        sample: The sample assessment whose essays are judged.
        modes: The modes it applies to.
        n_comparisons: Comparisons it has to come to, each with a verdict.
        n_waves: Waves, where comparisons are asked at once; batch jobs take one.
        n_passes: Resampling passes it has to come to.
        max_skew: Largest |first - second| / (first + second) of any essay.
        n_essays: Essays, the first ones by id; None: all.
        pairs: Fixed pairs: `ring` or `every`; empty: the design's own.
        times: How often each fixed pair is put, in the same order.
        settings: Keys of `assessment.yaml` that differ from the sample's.
        variables: Settings of the installation.
        faults: Script of faults for the emulator, beside the profile's own.
        n_retried: Comparisons that have to be asked a second time.
        recorded: Whether answers are compared with a committed recording.
        stop_reason: Why it has to end.
        min_tau: Least tau-b of the anchors' measures with their grades; None: no grades are looked at.
        seed: Seed of the emulator.
    """

    name: str
    about: str
    judge: str
    sample: str
    modes: tuple[BatchingMode, ...]
    n_comparisons: int
    n_waves: int = 1
    n_passes: int = 0
    max_skew: float = 0.2
    n_essays: int | None = None
    pairs: str = ""
    times: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Mapping[str, object], ...] = ()
    n_retried: int = 0
    recorded: bool = False
    stop_reason: StopReason = StopReason.BUDGET
    min_tau: float | None = None
    seed: int = 1

    def waves(self, mode: BatchingMode) -> int:
        """Waves it has to come to in a mode."""
        return 1 if mode is BatchingMode.PROVIDER_BATCH_API else self.n_waves


_ALL_SUITES: Final = (
    Suite(
        name="regular",
        about="24 essays, 288 comparisons: every pair once, and twelve again in the other order.",
        judge="surface",
        sample=_ENG5,
        modes=_ALL,
        n_comparisons=288,
        n_waves=6,
        n_passes=1,
        settings={"comparisons_per_essay": None, "max_pairs_cap": 288},
        variables=_NEVER_STABLE,
        min_tau=0.7,
    ),
    Suite(
        name="small-net",
        about="Five essays, 40 comparisons: every pair, and three passes of all pairs again.",
        judge="surface",
        sample=_LOWER5,
        modes=_ALL,
        n_comparisons=40,
        n_waves=4,
        n_passes=3,
        max_skew=0.0,
        settings={"comparisons_per_essay": None, "max_pairs_cap": 60},
        variables=_SMALL_NET,
        stop_reason=StopReason.COVERAGE,
    ),
    Suite(
        name="batch-api",
        about="24 essays, 60 comparisons in one batch job.",
        judge="surface",
        sample=_ENG5,
        modes=_BATCH,
        n_comparisons=60,
        settings={"comparisons_per_essay": None, "max_pairs_cap": 60},
    ),
    Suite(
        name="batch-expiry",
        about="As batch-api, but the job's 24 hours run out half-way: the rest is asked again in a second job.",
        judge="surface",
        sample=_ENG5,
        modes=_BATCH,
        n_comparisons=60,
        settings={"comparisons_per_essay": None, "max_pairs_cap": 60},
        faults=({"kind": "partial_expiry", "share": 0.5},),
        n_retried=30,
    ),
    Suite(
        name="cj-generic",
        about="Twelve comparisons, three times, by a judge who always prefers the essay shown first.",
        judge="cj-generic",
        sample=_ENG5,
        modes=_AT_ONCE,
        n_comparisons=36,
        max_skew=0.0,
        n_essays=12,
        pairs="ring",
        times=3,
        recorded=True,
    ),
    Suite(
        name="cj-generic-batch-api",
        about="Sixteen comparisons as a batch job, of which the API refuses four at first.",
        judge="cj-generic-batch-api",
        sample=_ENG5,
        modes=_BATCH,
        n_comparisons=16,
        max_skew=0.0,
        n_essays=16,
        pairs="ring",
        n_retried=4,
        recorded=True,
    ),
    Suite(
        name="eng5-anchor",
        about="Twelve anchors, every pair once, by a judge with the shares, tokens and times of a recorded trace.",
        judge="eng5-anchor",
        sample=_ENG5,
        modes=_ALL,
        n_comparisons=66,
        max_skew=1 / 11,
        n_essays=12,
        pairs="every",
        variables=_ONE_BY_ONE,
        recorded=True,
        seed=3,
    ),
    Suite(
        name="eng5-lower5",
        about="Five essays, every pair three times in the same order, by a judge as recorded.",
        judge="eng5-lower5",
        sample=_LOWER5,
        modes=_ALL,
        n_comparisons=30,
        n_passes=2,
        max_skew=0.0,
        pairs="every",
        times=3,
        variables=_ONE_BY_ONE,
        recorded=True,
        seed=54,
    ),
)

SUITES: Final[Mapping[str, Suite]] = {suite.name: suite for suite in _ALL_SUITES}
"""All suites by name."""

MODELS: Final[Mapping[str, str]] = {"openai": "gpt-6.1-terra", "anthropic": "claude-haiku-5-5"}
"""The model that is asked of each provider."""


@dataclass(frozen=True, slots=True)
class Case:
    """One suite in one mode at one provider."""

    suite: Suite
    mode: BatchingMode
    provider: str

    @property
    def name(self) -> str:
        """Name of its assessment."""
        return f"{self.suite.name}.{self.mode.value}.{self.provider}"


def cases(
    suites: tuple[Suite, ...], modes: tuple[BatchingMode, ...] = _ALL, providers: tuple[str, ...] = PROVIDERS
) -> list[Case]:
    """Every suite in every mode it applies to, at every provider.

    Args:
        suites: The suites.
        modes: Modes that are wanted.
        providers: Providers that are wanted.
    """
    return [Case(s, mode, provider) for s in suites for mode in s.modes if mode in modes for provider in providers]
