"""What one run asks for instead of what `assessment.yaml` says. Applied once, when the essays are read.

The snapshot holds the result, so that plan, requests and report show what was in force; a changed prompt, model or
parameter opens a new judging session as it would by an edit.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cj_pipeline.domain.assessment import Assessment, Text
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.errors import ConfigurationError

_PARAMETERS = ("max_output_tokens", "temperature", "reasoning_effort", "verbosity")
_JUDGE = ("provider", "model")
_CONFIG = ("llm_batching_mode", "max_pairs_cap")


class RunOverrides(BaseModel):
    """Wishes of one run; what is not set is as in `assessment.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    llm_batching_mode: BatchingMode | None = Field(default=None, description="How comparisons reach the models.")
    max_pairs_cap: int | None = Field(default=None, ge=1, description="A lower cap on comparisons.")
    system_prompt: Text | None = Field(default=None, description="Role and ground rules of the judge.")
    context_template: Text | None = Field(default=None, description="Static part of the prompt, with its fields.")
    rubric: Text | None = Field(default=None, description="What makes one essay better than another.")
    provider: str | None = Field(default=None, description="Whose model, of a single judge.")
    model: str | None = Field(default=None, description="Which model, of a single judge.")
    max_output_tokens: int | None = Field(default=None, ge=64, description="Output allowance of every judge.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="Sampling temperature of every judge.")
    reasoning_effort: str | None = Field(default=None, description="How much every judge may reason.")
    verbosity: str | None = Field(default=None, description="How long every judge should write.")

    @classmethod
    def read(cls, wishes: dict[str, Any]) -> Self:
        """Read overrides by name.

        Raises:
            ConfigurationError: With every wish that is unknown or cannot be met.
        """
        try:
            return cls.model_validate(wishes)
        except ValidationError as error:
            known = ", ".join(cls.model_fields)
            raise ConfigurationError(
                [f"run override {_place(e['loc'])}: {e['msg']}. Known overrides: {known}." for e in error.errors()]
            ) from None

    @property
    def config(self) -> dict[str, Any]:
        """Wishes about how the assessment is run, by name."""
        return self.model_dump(mode="json", exclude_none=True, include=set(_CONFIG))

    @property
    def llm(self) -> dict[str, Any]:
        """Wishes about what the judge is asked, by name."""
        return self.model_dump(mode="json", exclude_none=True, exclude=set(_CONFIG))


def apply_overrides(assessment: Assessment, wishes: RunOverrides) -> Assessment:
    """The assessment as this run wants it.

    Raises:
        ConfigurationError: A wish cannot be met; with every reason.
    """
    faults = _faults(assessment, wishes)
    if faults:
        raise ConfigurationError(faults)
    whole = wishes.model_dump(exclude_none=True, exclude={*_JUDGE, *_PARAMETERS})
    judge = wishes.model_dump(exclude_none=True, include=set(_JUDGE))
    parameters = wishes.model_dump(exclude_none=True, include=set(_PARAMETERS))
    fields = assessment.model_dump()
    for each in fields["judges"]:
        each.update(judge)
        each["parameters"].update(parameters)
    try:
        return Assessment.model_validate({**fields, **whole})
    except ValidationError as error:
        # "Too short" of the list of judges only follows from a judge that is at fault.
        own = [e for e in error.errors() if e["type"] != "too_short"]
        lines = [
            f"run override: {_place(e['loc'])}: {e['msg'].removeprefix('Value error, ').rstrip('.')}." for e in own
        ]
        raise ConfigurationError(lines) from None


def _faults(assessment: Assessment, wishes: RunOverrides) -> list[str]:
    faults = []
    cap = wishes.max_pairs_cap
    if cap is not None and cap > assessment.max_pairs_cap:
        faults.append(
            f"run override max_pairs_cap: {cap} is above the {assessment.max_pairs_cap} of assessment.yaml; an "
            "override can only lower it, raise it in the file."
        )
    if (wishes.model or wishes.provider) and len(assessment.judges) > 1:
        faults.append(
            f"run override model: the assessment has {len(assessment.judges)} judges; edit `judges` in assessment.yaml."
        )
    return faults


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
