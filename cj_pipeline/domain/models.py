"""The model table: what each judge model accepts and costs, as dated data.

What does not belong here: the wire format of a parameter (providers).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cj_pipeline.domain.batches import Usage

PROVIDERS: tuple[str, ...] = ("openai", "anthropic")
"""Providers whose batch API the engine can ask."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What one model accepts and costs.

    Attributes:
        provider: One of `PROVIDERS`.
        model: The provider's name for the model.
        accepts_temperature: Whether a sampling temperature may be sent.
        reasoning_efforts: Accepted values of `reasoning_effort`; empty where the model does not reason.
        accepts_verbosity: Whether `verbosity` may be sent.
        max_output_tokens: Largest output allowance, tokens.
        input_usd_per_mtok: Standard price of a million input tokens; None where unknown.
        output_usd_per_mtok: Standard price of a million output tokens; None where unknown.
        batch_discount: Factor on both prices for batch jobs.
    """

    provider: str
    model: str
    accepts_temperature: bool
    reasoning_efforts: tuple[str, ...]
    accepts_verbosity: bool
    max_output_tokens: int
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    batch_discount: float

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of tokens, or None where the price is unknown."""
        cost = self.batch_cost_usd(usage.input_tokens, usage.output_tokens)
        return cost if cost is None or batch else cost / self.batch_discount

    def batch_cost_usd(self, input_tokens: int, output_tokens: int) -> float | None:
        """Cost of tokens at the batch rate, or None where the price is unknown."""
        if self.input_usd_per_mtok is None or self.output_usd_per_mtok is None:
            return None
        standard = input_tokens * self.input_usd_per_mtok + output_tokens * self.output_usd_per_mtok
        return standard * self.batch_discount / 1e6


@cache
def model_table() -> dict[tuple[str, str], ModelSpec]:
    """All known models by (provider, model)."""
    raw = json.loads(files("cj_pipeline.domain").joinpath("models.json").read_text("utf-8"))
    specs = [ModelSpec(**{**row, "reasoning_efforts": tuple(row["reasoning_efforts"])}) for row in raw["models"]]
    return {(spec.provider, spec.model): spec for spec in specs}


def known_models(provider: str) -> list[str]:
    """Names of a provider's known models, in the order of the table."""
    return [model for owner, model in model_table() if owner == provider]
