"""How a profile's judge answers, apart from what it decides: tokens it is billed for, and how long it takes.

Everything is drawn from the question, so that the same question takes the same time and the same tokens, in whatever
order, by whatever endpoint, and after a restart.
"""

import math
from dataclasses import dataclass, field
from statistics import NormalDist

from cj_pipeline.emulator import chance

CHARS_PER_TOKEN = 4
_Z95 = NormalDist().inv_cdf(0.95)


def tokens(text: str) -> int:
    """Return the estimate of a text's tokens."""
    return math.ceil(len(text) / CHARS_PER_TOKEN)


@dataclass(frozen=True)
class TokenCounts:
    """Billed tokens: a rate and a floor for the prompt, an even draw for the answer.

    Attributes:
        input_per_char: Prompt tokens per character.
        input_floor: Fewest prompt tokens.
        output_low: Fewest answer tokens, reasoning included.
        output_high: Most answer tokens.
        reasoning: Answer tokens that are spent on reasoning.
        cache_from: Tokens from which on the beginning that prompts share is kept in a prompt cache; None: never.
    """

    input_per_char: float
    input_floor: int
    output_low: int
    output_high: int
    reasoning: int = 0
    cache_from: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 0 <= self.reasoning <= self.output_low or (self.cache_from or 1) < 1:
            raise ValueError("tokens: want 0 <= reasoning <= output_low and cache_from >= 1")
        if self.input_per_char < 0 or self.input_floor < 1 or not 1 <= self.output_low <= self.output_high:
            raise ValueError("tokens: want input_per_char >= 0, input_floor >= 1 and 1 <= output_low <= output_high")


@dataclass(frozen=True)
class Kept:
    """Prompt tokens that a prompt cache was concerned with."""

    read: int = 0
    written: int = 0


@dataclass
class PromptCache:
    """Beginnings of prompts that have been seen. It is in memory only: a restarted provider has a cold cache."""

    seen: set[str] = field(default_factory=set)

    def look_up(self, beginning: str, n_tokens: int) -> Kept:
        """Return what is read from the cache, or else written to it."""
        name = chance.token("beginning", beginning)
        if name in self.seen:
            return Kept(read=n_tokens)
        self.seen.add(name)
        return Kept(written=n_tokens)


@dataclass(frozen=True)
class Latency:
    """Time to an answer, lognormal: many a little below the mean, few far above it.

    Attributes:
        mean_ms: Mean, virtual milliseconds.
        p95_ms: Exceeded by one answer in twenty.
    """

    mean_ms: float
    p95_ms: float

    def __post_init__(self) -> None:
        """Refuse a pair that no lognormal distribution has."""
        if not 0 < self.mean_ms < self.p95_ms or 2 * math.log(self.p95_ms / self.mean_ms) > _Z95**2:
            raise ValueError("latency_ms: want 0 < mean < p95 < 3.86 * mean")

    def seconds(self, unit: float) -> float:
        """Return the quantile at a number between 0 and 1."""
        sigma = _Z95 - math.sqrt(_Z95**2 - 2 * math.log(self.p95_ms / self.mean_ms))
        median = math.log(self.mean_ms) - sigma**2 / 2
        return math.exp(median + sigma * NormalDist().inv_cdf(min(max(unit, 1e-9), 1 - 1e-9))) / 1000


@dataclass(frozen=True)
class Manners:
    """How the judge of an emulator answers. Without counts tokens are estimated, without a latency no time passes."""

    counts: TokenCounts | None = None
    latency: Latency | None = None
    cache: PromptCache = field(default_factory=PromptCache)

    def input_tokens(self, prompt: str, estimate: int) -> int:
        """Return the prompt tokens billed for a prompt."""
        if self.counts is None:
            return estimate
        return max(self.counts.input_floor, math.ceil(len(prompt) * self.counts.input_per_char))

    def kept(self, model: str, beginning: str) -> Kept:
        """Return which of a prompt's tokens come from, or go to, the cache; most prompts share their beginning."""
        counts = self.counts
        if counts is None or counts.cache_from is None:
            return Kept()
        n = math.ceil(len(beginning) * counts.input_per_char)
        return self.cache.look_up(f"{model}\n{beginning}", n) if n >= counts.cache_from else Kept()

    def output_tokens(self, text: str, *question: object) -> int:
        """Return the answer tokens billed for an answer to a question."""
        if self.counts is None:
            return tokens(text)
        low, high = self.counts.output_low, self.counts.output_high
        return low + int(chance.unit("answer tokens", *question) * (high - low + 1))

    def latency_s(self, *question: object) -> float:
        """Return how long the answer to a question takes, in virtual seconds."""
        return self.latency.seconds(chance.unit("latency", *question)) if self.latency else 0.0
