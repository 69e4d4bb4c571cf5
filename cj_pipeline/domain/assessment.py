"""What an assessment asks for: task, rubric, judges, budget. Validated, nothing read from disk.

What does not belong here: finding the file and naming the line of a fault (intake).
"""

from collections import Counter
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.domain.models import PROVIDERS, ModelSpec, known_models, model_table
from cj_pipeline.domain.prices import Rates

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class BatchingMode(StrEnum):
    """How comparisons reach the models."""

    PER_REQUEST = "per_request"
    """One call for each, several at a time: full price, at once."""
    SERIAL_BUNDLE = "serial_bundle"
    """Bundles of compatible comparisons, each asked one after the other, so that a provider's prompt cache is warm."""
    PROVIDER_BATCH_API = "provider_batch_api"
    """Through the providers' batch APIs: half price, up to 24 h."""


class JudgeParameters(BaseModel):
    """Parameters sent with every request of a judge. What is not set is not sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    max_output_tokens: int = Field(default=1200, ge=64, description="Output allowance per request, tokens.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="Sampling temperature.")
    reasoning_effort: str | None = Field(default=None, description="How much the model may reason.")
    verbosity: str | None = Field(default=None, description="How long the model should write.")


class Price(BaseModel):
    """What a judge's tokens cost by your contract, US dollars per million, at the standard rate."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    input_usd_per_mtok: float = Field(ge=0, description="New input tokens.")
    output_usd_per_mtok: float = Field(ge=0, description="Output tokens, reasoning included.")
    cached_input_usd_per_mtok: float | None = Field(
        default=None, ge=0, description="Input tokens read from a cache; None: as new ones."
    )
    cache_write_usd_per_mtok: float | None = Field(
        default=None, ge=0, description="Input tokens written to a cache; None: twice the input price."
    )
    batch_discount: float | None = Field(
        default=None, gt=0, le=1, description="Factor on all prices for batch jobs; None: that of the model table."
    )


class JudgeSpec(BaseModel):
    """A language-model judge: provider, model, parameters, and its share of the comparisons."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    provider: str = Field(description="Whose model: `openai` or `anthropic`.")
    model: str = Field(description="The provider's name of the model; see the reference of models.")
    parameters: JudgeParameters = JudgeParameters()
    share: float = Field(default=1.0, gt=0, description="Relative share of the comparisons.")
    price: Price | None = Field(
        default=None, description="What it costs by your contract; None: by the model table. Never asks anything again."
    )

    @field_validator("provider")
    @classmethod
    def _known_provider(cls, value: str) -> str:
        if value not in PROVIDERS:
            raise ValueError(f"unknown provider {value!r}; choose one of: {', '.join(PROVIDERS)}")
        return value

    @field_validator("model")
    @classmethod
    def _known_model(cls, value: str, info: ValidationInfo) -> str:
        provider = info.data.get("provider")
        if provider is not None and (provider, value) not in model_table():
            known = ", ".join(known_models(provider))
            raise ValueError(f"unknown model {value!r} for provider {provider!r}; known models: {known}")
        return value

    @model_validator(mode="after")
    def _accepted_parameters(self) -> Self:
        faults = list(_refused_parameters(self.spec, self.parameters))
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def spec(self) -> ModelSpec:
        """The model's row in the model table."""
        return model_table()[self.provider, self.model]

    @property
    def rates(self) -> Rates:
        """What it costs: the stated price, else that of the model table.

        The dearer rate of very long requests is the table's in both cases.
        """
        if self.price is None:
            return self.spec.rates
        stated = self.price.model_dump()
        if self.price.batch_discount is None:
            del stated["batch_discount"]
        return replace(self.spec.rates, **stated)

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of one request, or None where the price is unknown."""
        return self.rates.cost_usd(usage, batch=batch)

    @property
    def name(self) -> str:
        """How the judge is named in tables: `provider/model`, with its reasoning effort where set."""
        effort = self.parameters.reasoning_effort
        return f"{self.provider}/{self.model}" + (f"@{effort}" if effort else "")


def _refused_parameters(spec: ModelSpec, parameters: JudgeParameters) -> list[str]:
    faults = []
    if parameters.temperature is not None and not spec.accepts_temperature:
        faults.append(f"{spec.model} does not accept temperature; remove it")
    effort = parameters.reasoning_effort
    if effort is not None and effort not in spec.reasoning_efforts:
        accepted = ", ".join(spec.reasoning_efforts)
        remedy = f"choose one of: {accepted}" if accepted else "remove it"
        faults.append(f"{spec.model} does not accept reasoning_effort {effort!r}; {remedy}")
    if parameters.verbosity is not None and not spec.accepts_verbosity:
        faults.append(f"{spec.model} does not accept verbosity; remove it")
    if not spec.structured_output:
        faults.append(f"{spec.model} cannot hold an answer to a schema, which a judge must; choose another model")
    if parameters.max_output_tokens > spec.max_output_tokens:
        faults.append(f"{spec.model} gives at most {spec.max_output_tokens} output tokens; lower max_output_tokens")
    return faults


class Assessment(BaseModel):
    """The contents of `assessment.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    title: Text = Field(description="Title for people.")
    task: Text = Field(description="The writing task, as the students were given it.")
    rubric: Text = Field(description="What makes one essay better than another.")
    language: str = Field(pattern=r"^[a-z]{2}$", description="Language of the essays, ISO 639-1.")
    grade_scale: str = Field(description="Scale of the anchors' grades.")
    judges: tuple[JudgeSpec, ...] = Field(min_length=1, description="Who is asked, and for which share.")
    llm_batching_mode: BatchingMode = Field(
        default=BatchingMode.PROVIDER_BATCH_API, description="How comparisons reach the models."
    )
    comparisons_per_essay: int | None = Field(
        default=None, ge=1, description="Comparisons each essay should take part in; None: use the whole cap."
    )
    max_pairs_cap: int = Field(ge=1, description="Most comparisons the pair set may ever hold.")
    max_cost_usd: float | None = Field(
        default=None, gt=0, description="Hard stop on spending; required where a real provider is asked."
    )
    seed: int = Field(default=0, ge=0, description="Seed of the pair set.")

    @field_validator("grade_scale")
    @classmethod
    def _known_scale(cls, value: str) -> str:
        if value not in GRADE_SCALES:
            raise ValueError(f"unknown grade scale {value!r}; choose one of: {', '.join(GRADE_SCALES)}")
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
        batch = self.llm_batching_mode is BatchingMode.PROVIDER_BATCH_API
        out = [j.model for j in self.judges if not (j.spec.batch_api if batch else j.spec.synchronous_api)]
        if out:
            raise ValueError(
                f"not to be asked in mode {self.llm_batching_mode.value}: {', '.join(out)}; "
                "choose another model, or another llm_batching_mode"
            )
        return self

    @property
    def grades(self) -> tuple[str, ...]:
        """Labels of the grade scale, lowest first."""
        return GRADE_SCALES[self.grade_scale]

    def judge(self, name: str) -> JudgeSpec:
        """The judge of that name.

        Raises:
            KeyError: No judge has this name.
        """
        return {judge.name: judge for judge in self.judges}[name]
