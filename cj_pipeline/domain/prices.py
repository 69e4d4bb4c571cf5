"""What tokens cost. Pure arithmetic on rates; the rates themselves are data (models) or stated (assessment)."""

from dataclasses import dataclass

from cj_pipeline.domain.batches import Usage


@dataclass(frozen=True, slots=True)
class Rates:
    """What a million tokens cost, US dollars, at the standard rate. Reasoning is billed as output.

    Attributes:
        input_usd_per_mtok: New input tokens; None where unknown.
        output_usd_per_mtok: Output tokens, reasoning included; None where unknown.
        cached_input_usd_per_mtok: Input tokens read from a cache; None where unknown: counted as new ones.
        cache_write_usd_per_mtok: Input tokens written to a cache; None where unknown: counted at twice the input rate,
            as much as the dearest cache costs.
        cache_write_1h_usd_per_mtok: Input tokens written to a cache for an hour; None where unknown: counted at twice
            the input rate.
        batch_discount: Factor on all of them for batch jobs.
        batch_discounts_cached_input: Whether that factor applies to tokens read from a cache.
        long_from_tokens: A request with more input tokens than this is dearer as a whole; None: no request is.
        long_input_factor: Factor on everything but output for such a request.
        long_output_factor: Factor on output for such a request.
    """

    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None = None
    cache_write_usd_per_mtok: float | None = None
    cache_write_1h_usd_per_mtok: float | None = None
    batch_discount: float = 1.0
    batch_discounts_cached_input: bool = True
    long_from_tokens: int | None = None
    long_input_factor: float = 1.0
    long_output_factor: float = 1.0

    @property
    def are_known(self) -> bool:
        """Whether input and output have a price."""
        return self.input_usd_per_mtok is not None and self.output_usd_per_mtok is not None

    def cost_usd(self, usage: Usage, *, batch: bool) -> float | None:
        """Cost of one request, or None where the price is unknown.

        Args:
            usage: Its tokens; those read from and written to a cache are part of the input. Not the sum of several
                requests: the length of each decides its rate.
            batch: Whether the batch discount applies.
        """
        if self.input_usd_per_mtok is None or self.output_usd_per_mtok is None:
            return None
        read, write = self.cached_input_usd_per_mtok, self.cache_write_usd_per_mtok
        is_long = self.long_from_tokens is not None and usage.input_tokens > self.long_from_tokens
        in_factor, out_factor = (self.long_input_factor, self.long_output_factor) if is_long else (1.0, 1.0)
        discount = self.batch_discount if batch else 1.0
        new = usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens
        hour, dearest = self.cache_write_1h_usd_per_mtok, 2 * self.input_usd_per_mtok
        written = (usage.cache_write_tokens - usage.cache_write_1h_tokens) * (dearest if write is None else write)
        written += usage.cache_write_1h_tokens * (dearest if hour is None else hour)
        reads = usage.cached_input_tokens * (self.input_usd_per_mtok if read is None else read)
        reads *= discount if self.batch_discounts_cached_input or read is None else 1.0
        inputs = discount * (new * self.input_usd_per_mtok + written) + reads
        return (in_factor * inputs + out_factor * discount * usage.output_tokens * self.output_usd_per_mtok) / 1e6
