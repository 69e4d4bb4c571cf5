"""The model table: what each judge model accepts and costs, as dated data.

What does not belong here: the wire format of a parameter (providers), arithmetic on prices (prices).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.prices import Rates

PROVIDERS: tuple[str, ...] = ("openai", "anthropic")
"""Providers whose batch API the engine can ask."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What one model accepts and costs.

    Attributes:
        provider: One of `PROVIDERS`.
        model: The provider's name for the model.
        accepts_temperature: Whether a sampling temperature may be sent; no other sampling parameter ever is.
        reasoning_efforts: Accepted values of `reasoning_effort`; empty where the model does not reason.
        default_effort: The effort where none is sent; empty where the model does not reason.
        accepts_verbosity: Whether `verbosity` may be sent.
        context_tokens: Most tokens of input and output together, None where unknown.
        max_output_tokens: Largest output allowance, tokens.
        structured_output: Whether an answer can be held to a JSON schema, which a judge needs.
        batch_api: Whether it can be asked through batch jobs.
        synchronous_api: Whether it can be asked at once.
        prompt_cache: `automatic`, or `cache_control` where a request must ask for it; empty: none.
        prompt_cache_min_tokens: Shortest prompt that is kept in it, None where unknown.
        source: The page that the row is from.
        checked: Day on which that page had these prices, `YYYY-MM-DD`.
        rates: What it costs.
    """

    provider: str
    model: str
    accepts_temperature: bool
    reasoning_efforts: tuple[str, ...]
    default_effort: str
    accepts_verbosity: bool
    context_tokens: int | None
    max_output_tokens: int
    structured_output: bool
    batch_api: bool
    synchronous_api: bool
    prompt_cache: str
    prompt_cache_min_tokens: int | None
    source: str
    checked: str
    rates: Rates

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of one request by the table, or None where the price is unknown."""
        return self.rates.cost_usd(usage, batch=batch)


_RATES = tuple(Rates.__dataclass_fields__)


@cache
def model_table() -> dict[tuple[str, str], ModelSpec]:
    """All known models by (provider, model)."""
    raw = json.loads(files("cj_pipeline.domain").joinpath("models.json").read_text("utf-8"))
    specs = [_spec(row) for row in raw["models"]]
    return {(spec.provider, spec.model): spec for spec in specs}


def _spec(row: dict[str, Any]) -> ModelSpec:
    rates = Rates(**{name: row.pop(name) for name in _RATES})
    efforts = tuple(row.pop("reasoning_efforts"))
    return ModelSpec(reasoning_efforts=efforts, rates=rates, **row)


def known_models(provider: str) -> list[str]:
    """Names of a provider's known models, in the order of the table."""
    return [model for owner, model in model_table() if owner == provider]
