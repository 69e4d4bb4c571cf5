"""The launchpad's form for what one run wants instead of what `assessment.yaml` says."""

import dagster as dg
from pydantic import Field

from cj_pipeline.domain.overrides import RunOverrides


class RunWishes(dg.Config):
    """Overrides of one run; what is left out is as in `assessment.yaml`."""

    llm_batching_mode: str | None = Field(default=None, description="per_request, serial_bundle or provider_batch_api.")
    max_pairs_cap: int | None = Field(default=None, description="A lower cap on comparisons.")
    system_prompt: str | None = Field(default=None, description="Role and ground rules of the judge.")
    context_template: str | None = Field(default=None, description="Static part of the prompt, with its fields.")
    rubric: str | None = Field(default=None, description="What makes one essay better than another.")
    provider: str | None = Field(default=None, description="Whose model, of a single judge.")
    model: str | None = Field(default=None, description="Which model, of a single judge.")
    max_output_tokens: int | None = Field(default=None, description="Output allowance of every judge.")
    temperature: float | None = Field(default=None, description="Sampling temperature of every judge.")
    reasoning_effort: str | None = Field(default=None, description="How much every judge may reason.")
    verbosity: str | None = Field(default=None, description="How long every judge should write.")

    def overrides(self) -> RunOverrides:
        """The wishes, checked.

        Raises:
            ConfigurationError: A wish cannot be met.
        """
        return RunOverrides.read({key: value for key, value in self.model_dump().items() if value is not None})
