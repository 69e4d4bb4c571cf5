"""What an emulator is started with. Values only; reading a command line belongs to ``__main__``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
OPENAI_RETENTION_S = 30 * DAY_S
ANTHROPIC_RETENTION_S = 29 * DAY_S
EXPIRY_S = DAY_S
ANY_MODEL = "*"


@dataclass(frozen=True)
class Limits:
    """The providers' documented limits; tests lower them to reach them.

    Attributes:
        openai_requests: Requests in one input file.
        openai_bytes: Size of one input file. Decimal megabytes, the stricter reading of "200 MB".
        openai_creates_per_hour: Batches one key may create in an hour.
        anthropic_requests: Requests in one batch.
        anthropic_bytes: Size of one create call.
        anthropic_queued_requests: Requests in all unfinished batches of one key, or None for no limit.
    """

    openai_requests: int = 50_000
    openai_bytes: int = 200_000_000
    openai_creates_per_hour: int = 2_000
    anthropic_requests: int = 100_000
    anthropic_bytes: int = 256_000_000
    anthropic_queued_requests: int | None = None


@dataclass(frozen=True)
class EmulatorSettings:
    """Everything that shapes one emulator's behaviour.

    Attributes:
        state_dir: Folder of the database and the blobs; made if absent.
        seed: Seed of schedules, row order, ids and judges.
        job_seconds: Shortest and longest time from a job's creation to its end, in virtual seconds.
        frozen_clock: Whether virtual time moves only when told to.
        judge: Name of the judge who answers, or of a profile: a judge with its manners and faults.
        limits: Provider limits.
        enqueued_tokens: Prompt tokens that may wait per OpenAI model; the key ``"*"`` stands for every other model.
        log_bodies: Whether every request body is kept and served by ``GET /_emulator/requests``.
    """

    state_dir: Path
    seed: int = 0
    job_seconds: tuple[float, float] = (60.0, 1800.0)
    frozen_clock: bool = False
    judge: str = "surface"
    limits: Limits = field(default_factory=Limits)
    enqueued_tokens: Mapping[str, int] = field(default_factory=dict)
    log_bodies: bool = False

    def __post_init__(self) -> None:
        """Refuse a range that runs backwards."""
        low, high = self.job_seconds
        if not 0 <= low <= high:
            raise ValueError(f"job_seconds must be 0 <= min <= max, not {low} and {high}")

    def enqueued_limit(self, model: str) -> int | None:
        """Return how many prompt tokens may wait for this model, or None if there is no limit."""
        return self.enqueued_tokens.get(model, self.enqueued_tokens.get(ANY_MODEL))
