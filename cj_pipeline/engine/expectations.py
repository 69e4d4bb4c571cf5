"""What one request is expected to take: assumed lengths, until the judge's own answers tell. Pure."""

from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.records import SessionTotals

BYTES_PER_TOKEN: Final = {"openai": 4.0, "anthropic": 2.5}
"""Bytes of request text per input token. OpenAI's English runs at about 4; Anthropic says that a million tokens of its
present models are about 2.5 million characters."""

ANSWER_TOKENS: Final = (60, 120)
"""Output tokens of a verdict, low and expected: a reason of at most 400 characters and two words in JSON."""

REASONING_TOKENS: Final = {
    "none": (0, 0),
    "low": (100, 300),
    "medium": (300, 800),
    "high": (700, 2000),
    "xhigh": (1500, 4000),
    "max": (3000, 8000),
}
"""Output tokens of reasoning before the answer, low and expected, by effort. Nobody publishes them: a guess, twice or
three times as much at each step, to be replaced by what is observed."""

ENOUGH_ANSWERS: Final = 20
"""From this many answers of the session on, its own averages are used."""

_CHARGED = ("ok", "refused", "truncated", "invalid")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one request of a judge is expected to take.

    Attributes:
        bytes_per_token: Bytes of request text per input token.
        low_output: Output tokens if answers are short.
        output: Output tokens as expected.
        written_from: Input tokens from which on the model writes a prompt to its cache unasked; None: never.
        mean: Tokens of the session's own answers on average; None where they are too few.
    """

    bytes_per_token: float
    low_output: int
    output: int
    written_from: int | None
    mean: Usage | None

    def low(self, size_bytes: int) -> Usage:
        """Tokens of a request of this size if its answer is short."""
        return self.mean or Usage(int(size_bytes / self.bytes_per_token), self.low_output)

    def expected(self, size_bytes: int) -> Usage:
        """Tokens of a request of this size. Reading from a cache is not counted on, paying to write to one is."""
        if self.mean:
            return self.mean
        n = int(size_bytes / self.bytes_per_token)
        is_written = self.written_from is not None and n >= self.written_from
        return Usage(n, self.output, cache_write_tokens=n if is_written else 0)


def expectation(judge: JudgeSpec, totals: SessionTotals, *, alone: bool) -> Expectation:
    """What a judge's requests are expected to take.

    Args:
        judge: Who is asked.
        totals: What the session has come to.
        alone: Whether it is the only judge: only then are the session's averages its own.
    """
    spec, most = judge.spec, judge.parameters.max_output_tokens
    effort = judge.parameters.reasoning_effort or spec.default_effort or "none"
    low, expected = (a + r for a, r in zip(ANSWER_TOKENS, REASONING_TOKENS[effort], strict=True))
    return Expectation(
        bytes_per_token=BYTES_PER_TOKEN[judge.provider],
        low_output=min(low, most),
        output=min(expected, most),
        written_from=spec.prompt_cache_min_tokens if spec.prompt_cache == "automatic" else None,
        mean=_mean(totals) if alone else None,
    )


def _mean(totals: SessionTotals) -> Usage | None:
    """Tokens per comparison that was answered and charged, its second tries included."""
    n = sum(totals.by_status.get(status, 0) for status in _CHARGED)
    if n < ENOUGH_ANSWERS:
        return None
    return Usage(
        input_tokens=totals.input_tokens // n,
        output_tokens=totals.output_tokens // n,
        cached_input_tokens=totals.cached_input_tokens // n,
        cache_write_tokens=totals.cache_write_tokens // n,
    )
