"""The artefact as a whole: its shape, its version, and what has to hold between its parts."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from cj_pipeline.harness.eng5.schema_inputs import SCHEMA_VERSION, Inputs, Metadata, Name, Part, Sha256
from cj_pipeline.harness.eng5.schema_results import (
    ComparisonEntry,
    Costs,
    GradeBoundaries,
    MeasureEntry,
    ProjectionEntry,
)
from cj_pipeline.harness.eng5.schema_studies import Alignment, BoundaryTest

_CENT = 0.01


class FileEntry(Part):
    """A file that was read."""

    path: Name = Field(description="Where it is, relative to the assessment's folder.")
    sha256: Sha256 = Field(description="SHA-256 of its bytes.")
    bytes: int = Field(ge=0, description="Its size.")


class CliEnvironment(Part):
    """What it was run with."""

    python: Name = Field(description="Version of Python.")
    platform: Name = Field(description="Operating system and processor.")
    arguments: tuple[str, ...] = Field(description="The command's arguments.")
    settings: dict[str, str] = Field(description="CJ_ variables that were set, addresses of databases left out.")
    packages: dict[str, str] = Field(description="Versions of the packages that results depend on.")


class RunnerStatus(Part):
    """How the run ended."""

    state: Literal["planned", "complete", "partial", "failed"] = Field(
        description="planned: a dry run; partial: the limit came before the end."
    )
    exit_code: int = Field(ge=0, description="Exit code of the command.")
    reason: str = Field(description="Why it is not complete; empty if it is.")
    started_at: AwareDatetime = Field(description="When the run began.")
    ended_at: AwareDatetime = Field(description="When it ended.")
    wait_limit_s: float | None = Field(description="Longest time it was to wait, seconds; null where it does not wait.")
    decision: str | None = Field(description="What the assessment needs next; null if nothing was decided.")
    stop_reason: str | None = Field(description="Why it ended; null if it has not.")
    is_final: bool = Field(description="Whether the measures are the last word.")


class PostRun(Part):
    """What the ledger counts after the run."""

    n_waves: int = Field(ge=0, description="Waves planned.")
    n_jobs: int = Field(ge=0, description="Batch jobs and bundles that were asked.")
    n_attempts: int = Field(ge=0, description="Attempts made.")
    by_status: dict[str, int] = Field(description="Comparisons by status.")
    n_possibly_paid: int = Field(ge=0, description="Attempts without a clear answer, which may have been paid for.")
    n_duplicates: int = Field(ge=0, description="Result rows for a request that had one already.")
    n_strangers: int = Field(ge=0, description="Result rows that name no request of their job.")
    n_unreadable: int = Field(ge=0, description="Result lines that are no rows.")
    position_effect: float | None = Field(description="Advantage of being shown first, logits; null without a scale.")
    position_effect_se: float | None = Field(description="Its standard error, logits.")
    trouble: tuple[str, ...] = Field(description="What went wrong on the way and was tried again.")


class Validation(Part):
    """What makes the artefact checkable."""

    artefact_checksum: str = Field(
        pattern=r"^([0-9a-f]{64})?$",
        description="SHA-256 of the artefact as canonical JSON with this key empty.",
    )
    manifest: tuple[FileEntry, ...] = Field(description="Every input file.")
    cli_environment: CliEnvironment = Field(description="What it was run with.")
    runner_status: RunnerStatus = Field(description="How the run ended.")
    post_run: PostRun = Field(description="What the ledger counts.")


class Artefact(Part):
    """One run of the ENG5 runner, complete in itself."""

    schema_version: str = Field(pattern=r"^1\.\d+\.\d+$", description="Version of this shape.")
    metadata: Metadata = Field(description="What was run, when, and by which version.")
    inputs: Inputs = Field(description="Everything that was read, with digests.")
    llm_comparisons: tuple[ComparisonEntry, ...] = Field(description="Every comparison of the plan, in its order.")
    bt_summary: tuple[MeasureEntry, ...] = Field(description="The scale, best first; empty where there is none.")
    grade_projections: tuple[ProjectionEntry, ...] = Field(description="Grades; empty where none are projected.")
    grade_boundaries: GradeBoundaries = Field(description="How the scale was cut into grades, or why it was not.")
    alignment: Alignment | None = Field(default=None, description="Only in mode anchor-align.")
    boundary_test: BoundaryTest | None = Field(default=None, description="Only in mode boundary.")
    costs: Costs = Field(description="What was spent and may still be.")
    validation: Validation = Field(description="What makes the artefact checkable.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        """What contradicts something else."""
        essays = {essay.essay_id for essay in (*self.inputs.anchors, *self.inputs.students)}
        compared = {name for c in self.llm_comparisons for name in (c.essay_a_id, c.essay_b_id)}
        if compared - essays:
            yield f"comparisons name essays that are no inputs: {', '.join(sorted(compared - essays))}"
        if [c.sequence for c in self.llm_comparisons] != list(range(1, len(self.llm_comparisons) + 1)):
            yield "comparisons are not numbered from 1 without a gap"
        if len(self.llm_comparisons) > self.metadata.max_comparisons:
            yield f"{len(self.llm_comparisons)} comparisons are more than max_comparisons"
        if self.bt_summary and {entry.essay_id for entry in self.bt_summary} != essays:
            yield "bt_summary does not hold every essay once"
        if len(self.bt_summary) > len(essays):
            yield "bt_summary holds an essay twice"
        yield from self._faulty_figures()

    def _faulty_figures(self) -> Iterator[str]:
        status = Counter(c.status for c in self.llm_comparisons)
        state = self.validation.runner_status.state
        if state == "complete" and (status["pending"] or status["planned"]):
            yield "it is complete, and comparisons are still to be answered"
        if state == "planned" and (status["succeeded"] or self.bt_summary):
            yield "it is a dry run, and holds results"
        known = [c.cost_usd for c in self.llm_comparisons if c.cost_usd is not None]
        if not self.costs.n_unpriced and sum(known) - self.costs.total_usd > _CENT:
            yield f"comparisons cost {sum(known):.4f} USD, the total is {self.costs.total_usd:.4f}"
        if bool(self.grade_projections) != self.grade_boundaries.available:
            yield "grades and their boundaries do not go together"


def json_schema() -> dict[str, Any]:
    """The shape as JSON schema (draft 2020-12), with its version."""
    schema = Artefact.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"ENG5 artefact {SCHEMA_VERSION}"}
    return {**head, **{key: value for key, value in schema.items() if key != "title"}}


def json_schema_text() -> str:
    """The JSON schema as it is kept beside the documentation."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
