"""Language-model judges: provider, model, parameters, share and price. Validated, nothing read from disk.

What does not belong here: what a model accepts and costs (models), dealing comparisons to judges (judge_panel).
"""

from dataclasses import replace
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.models import PROVIDERS, ModelSpec, known_models, model_table
from cj_pipeline.domain.prices import Rates


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
        stated["cache_write_1h_usd_per_mtok"] = None
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
