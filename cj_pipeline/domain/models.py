"""The model table: what each judge model accepts and costs, as dated data.

What does not belong here: the wire format of a parameter (providers).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cj_pipeline.domain.batches import Usage

PROVIDERS: tuple[str, ...] = ("openai", "anthropic")
"""Providers whose batch API the engine can ask."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What a million tokens cost, US dollars, at the standard rate.

    Attributes:
        input_usd_per_mtok: New input tokens; None where unknown.
        output_usd_per_mtok: Output tokens, reasoning included; None where unknown.
        cached_input_usd_per_mtok: Input tokens read from a cache; None where unknown: counted as new ones.
        cache_write_usd_per_mtok: Input tokens written to a cache; None where unknown: counted at twice the input rate,
            the dearest there is (Anthropic's one-hour cache).
        batch_discount: Factor on all of them for batch jobs.
    """

    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None = None
    cache_write_usd_per_mtok: float | None = None
    batch_discount: float = 1.0

    @property
    def are_known(self) -> bool:
        """Whether input and output have a price."""
        return self.input_usd_per_mtok is not None and self.output_usd_per_mtok is not None

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of tokens, or None where the price is unknown.

        Args:
            usage: Tokens; those read from and written to a cache are part of the input.
            batch: Whether the batch discount applies.
        """
        if self.input_usd_per_mtok is None or self.output_usd_per_mtok is None:
            return None
        read, write = self.cached_input_usd_per_mtok, self.cache_write_usd_per_mtok
        new = usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens
        standard = (
            new * self.input_usd_per_mtok
            + usage.cached_input_tokens * (self.input_usd_per_mtok if read is None else read)
            + usage.cache_write_tokens * (2 * self.input_usd_per_mtok if write is None else write)
            + usage.output_tokens * self.output_usd_per_mtok
        )
        return standard * (self.batch_discount if batch else 1.0) / 1e6


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
        structured_output: Whether an answer can be held to a JSON schema, which a judge needs.
        batch_api: Whether it can be asked through batch jobs.
        synchronous_api: Whether it can be asked at once.
        prompt_cache: `automatic`, or `cache_control` where a request must ask for it; empty: none.
        rates: What it costs.
    """

    provider: str
    model: str
    accepts_temperature: bool
    reasoning_efforts: tuple[str, ...]
    accepts_verbosity: bool
    max_output_tokens: int
    structured_output: bool
    batch_api: bool
    synchronous_api: bool
    prompt_cache: str
    rates: Rates

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of tokens by the table, or None where the price is unknown."""
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
