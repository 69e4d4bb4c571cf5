"""Sums of a ledger, made by hand."""

from datetime import UTC, datetime
from typing import Any

from cj_pipeline.ledger.tallies import AttemptTally, Bounds, EventTally, FlagTally, Tallies
from cj_pipeline.observability.catalogue import BOUNDS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTHING = Tallies(
    models=(),
    started={},
    events=(),
    attempts=(),
    open_jobs=(),
    decisions={},
    flags=FlagTally(),
    call_errors={},
    standings={},
)


def event(name: str, n: int = 1, **more: Any) -> EventTally:  # noqa: ANN401 (fields of the tally)
    """Return events of batch jobs of two requests."""
    values: dict[str, Any] = {
        "mode": "provider_batch_api",
        "provider": "openai",
        "model": "m",
        "items_bucket": 1,
        "seconds_bucket": None,
        "n_requests": 2 * n,
        "duration_us": 0,
    }
    return EventTally(event=name, n=n, **(values | more))


def attempt(outcome: str, n: int = 1, **more: Any) -> AttemptTally:  # noqa: ANN401 (fields of the tally)
    """Return attempts in batch jobs."""
    values: dict[str, Any] = {
        "mode": "provider_batch_api",
        "provider": "openai",
        "model": "m",
        "error_type": "",
        "possibly_paid": False,
        "synthetic": False,
        "wait_bucket": None,
        "response_bucket": None,
    }
    sums = ("n_unpriced", "wait_us", "response_us", "input_tokens", "output_tokens", "cached_input_tokens")
    values |= dict.fromkeys((*sums, "cache_write_tokens", "reasoning_tokens", "cost_nano_usd"), 0)
    return AttemptTally(outcome=outcome, n=n, **(values | more))


class FixedLedger:
    """A ledger that comes to these sums.

    Args:
        tallies: The sums.
    """

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies

    def tallies(self, bounds: Bounds) -> Tallies:
        """The sums."""
        assert bounds is BOUNDS
        return self._tallies
