"""The assessments that the workers share: small, of every mode and provider."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks.fault_suite.scenarios import BATCH, PROVIDERS, SYNC_MODES
from cj_pipeline_tests.support.folders import make_assessment

N_ESSAYS = 5

_KINDS = [(mode, provider) for mode in (BATCH, BATCH, BATCH, *SYNC_MODES) for provider in PROVIDERS]


@dataclass(frozen=True)
class Member:
    """One assessment.

    Attributes:
        name: Its name.
        mode: How its comparisons reach the models.
        provider: Whose model judges.
    """

    name: str
    mode: str
    provider: str


def cohort(root: Path, n: int, seed: int) -> list[Member]:
    """Make assessment folders, three fifths of them in batch mode, and describe them."""
    members = list(_members(n))
    for number, member in enumerate(members):
        make_assessment(
            root,
            member.name,
            N_ESSAYS,
            provider=member.provider,
            llm_batching_mode=member.mode,
            seed=(seed + number) % 1000,
        )
    return members


def _members(n: int) -> Iterator[Member]:
    for number, (mode, provider) in enumerate(islice(cycle(_KINDS), n)):
        yield Member(f"class-{number:03d}", mode, provider)
