"""What an assessment asks for: task, rubric, judges, budget. Validated, nothing read from disk.

What does not belong here: finding the file and naming the line of a fault (intake).
"""

from collections import Counter
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.grade_scales import GradeScale
from cj_pipeline.domain.grading import Grading, ScaleChoice, chosen_scale
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.prompt_templates import template_faults

PairDesignName: TypeAlias = Literal["regular", "optimal_graph", "nearest_neighbour", "all_pairs", "pre_specified"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class EssayTable(BaseModel):
    """A table that holds the essays, one per row, in place of the folder `essays`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Text = Field(description="A .csv, .tsv, .xlsx, .jsonl or .parquet file in the assessment's folder.")
    text: Text = Field(description="Column of the texts.")
    id: Text | None = Field(default=None, description="Column of the essays' ids; None: rows are numbered.")
    grade: Text | None = Field(default=None, description="Column of known grades, in place of anchors.csv.")
    sheet: Text | None = Field(default=None, description="Sheet of an Excel file; None: the first.")


class Assessment(BaseModel):
    """The contents of `assessment.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    title: Text = Field(description="Title for people.")
    task: Text = Field(description="The writing task, as the students were given it.")
    rubric: Text = Field(description="What makes one essay better than another.")
    language: str = Field(pattern=r"^[a-z]{2}$", description="Language of the essays, ISO 639-1.")
    grade_scale: ScaleChoice = Field(
        description="Scale of the grades: a name from the table below, or your own grades, lowest first."
    )
    grading: Grading = Field(default=Grading(), description="How grades are set on the ranking.")
    essay_table: EssayTable | None = Field(
        default=None, description="A table that holds the essays; None: they are files in the folder `essays`."
    )
    skip_unreadable: bool = Field(
        default=False,
        description="Whether essays that cannot be read or used are left out; else the first of them stops everything.",
    )
    judges: tuple[JudgeSpec, ...] = Field(min_length=1, description="Who is asked, and for which share.")
    system_prompt: Text | None = Field(
        default=None, description="Role and ground rules of the judge, in place of the default of the language."
    )
    context_template: Text | None = Field(
        default=None,
        description="Static part of the prompt, in place of the default of the language: a text with the fields "
        "{task}, {rubric}, {reason_max}, {strengths} and, where wanted, {language}.",
    )
    llm_batching_mode: BatchingMode | None = Field(
        default=None, description="How comparisons reach the models; None: by CJ_LLM_BATCHING_MODE."
    )
    comparisons_per_essay: int | None = Field(
        default=None, ge=1, description="Comparisons each essay should take part in; None: use the whole cap."
    )
    max_pairs_cap: int = Field(ge=1, description="Most comparisons the pair set may ever hold.")
    pair_design: PairDesignName = Field(default="regular", description="Which essays meet in the first wave.")
    next_wave_design: Literal["nearest_neighbour", "regular", "optimal_graph"] = Field(
        default="nearest_neighbour", description="Which essays meet in later waves."
    )
    orientation: Literal["eulerian", "fair_complement"] = Field(
        default="eulerian", description="How it is decided which essay is shown first."
    )
    reversed_repeats_share: float | None = Field(
        default=None,
        ge=0,
        le=0.5,
        description="Share of the first wave that puts a pair again in the other order, to measure the position "
        "effect; None: 0.05 where not every pair is put, else 0.",
    )
    comparisons_per_wave: int = Field(
        default=4, ge=2, description="Comparisons each essay takes part in per wave, where there are several waves."
    )
    max_batch_waves: int = Field(
        default=1, ge=1, description="Most waves in mode provider_batch_api; each takes up to 24 h."
    )
    max_resampling_passes: int | None = Field(
        default=None, ge=0, le=20, description="Times all pairs may be put again; None: by the installation's settings."
    )
    stop_at_standard_error: float | None = Field(
        default=None,
        gt=0,
        description="Stop between waves when the mean standard error is this small, logits; judged on a fit with a "
        "prior of at least 2 logits.",
    )
    stop_at_reliability: float | None = Field(
        default=None, gt=0, lt=1, description="Stop between waves when the reliability is this high."
    )
    target_reliability: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Reliability that the use demands; the ranking's check warns below it. None: it is only reported.",
    )
    max_cost_usd: float | None = Field(
        default=None, gt=0, description="Hard stop on spending; required where a real provider is asked."
    )
    people_share: float = Field(
        default=0.1, ge=0, le=1, description="Share of the pair set's pairs that people are asked to judge as well."
    )
    people_ties: bool = Field(default=False, description="Whether people may call two essays equally good.")
    seed: int = Field(default=0, ge=0, description="Seed of the pair set.")

    @field_validator("grading")
    @classmethod
    def _fits_the_scale(cls, value: Grading, info: ValidationInfo) -> Grading:
        scale = info.data.get("grade_scale")
        if scale is not None and (faults := value.faults(chosen_scale(scale))):
            raise ValueError("; ".join(faults))
        return value

    @field_validator("context_template")
    @classmethod
    def _fillable(cls, value: str | None) -> str | None:
        faults = template_faults(value) if value is not None else []
        if faults:
            raise ValueError("; ".join(faults))
        return value

    @field_validator("judges")
    @classmethod
    def _distinct_judges(cls, value: tuple[JudgeSpec, ...]) -> tuple[JudgeSpec, ...]:
        twice = [name for name, count in Counter(judge.name for judge in value).items() if count > 1]
        if twice:
            raise ValueError(f"judges named twice: {', '.join(twice)}; give one of them a larger share instead")
        return value

    @model_validator(mode="after")
    def _reachable_judges(self) -> Self:
        """A mode that is stated here has to be possible; batch jobs fall back, see `batching_mode.choose_mode`."""
        out = [j.model for j in self.judges if not j.spec.synchronous_api]
        if out and self.llm_batching_mode in {BatchingMode.PER_REQUEST, BatchingMode.SERIAL_BUNDLE}:
            raise ValueError(
                f"not to be asked in mode {self.llm_batching_mode.value}: {', '.join(out)}; "
                "choose another model, or another llm_batching_mode"
            )
        return self

    @property
    def without_batch(self) -> tuple[str, ...]:
        """Models among the judges that have no batch API."""
        return tuple(judge.model for judge in self.judges if not judge.spec.batch_api)

    @property
    def scale(self) -> GradeScale:
        """The grade scale."""
        return chosen_scale(self.grade_scale)

    @property
    def grades(self) -> tuple[str, ...]:
        """Labels of the grade scale, lowest first."""
        return self.scale.grades

    def judge(self, name: str) -> JudgeSpec:
        """The judge of that name.

        Raises:
            KeyError: No judge has this name.
        """
        return {judge.name: judge for judge in self.judges}[name]
