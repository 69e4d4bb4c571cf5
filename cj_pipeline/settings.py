"""Settings from the environment: read once, validated together, every fault reported.

Keys of providers are not settings: they are read where a client is made, and never stored, logged or shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ConfigDict, Field, Json, PositiveInt, SecretStr, ValidationError
from upath import UPath

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.engine.night_settings import NightOptions, NightVariables, read_night
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.quality_settings import QualityVariables, read_quality
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.observability.alert_settings import AlertVariables, read_targets
from cj_pipeline.observability.alerting import AlertTargets
from cj_pipeline.reporting.page_settings import PageOptions, PageVariables, read_pages
from cj_pipeline.storage.store import place

CHECKOUT = Path(__file__).resolve().parents[1]
"""The project's own folder, where it runs from a checkout."""


class _Environment(AlertVariables, NightVariables, QualityVariables, PageVariables):
    """The variables by name, with their defaults; an empty variable counts as unset."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    CJ_DATA_DIR: Path | None = Field(
        default=None, description="Folder of assessments and results; default: the checkout's data folder, else ./data."
    )
    CJ_WORK_DIR: Path | None = Field(
        default=None, description="Folder of ledger, raw answers and tables; default <data>/work."
    )
    CJ_LEDGER_URL: str | None = Field(
        default=None, description="Database of the ledger; default SQLite in the work folder."
    )
    CJ_STORE_URL: str | None = Field(
        default=None,
        description="Where raw answers and tables are kept: s3://bucket/prefix, gs://..., az://..., or a path; default "
        "the work folder. Credentials come from the provider's own variables, never from the address.",
    )
    CJ_DAGSTER_URL: str | None = Field(
        default=None,
        description="PostgreSQL database of Dagster's own storage, another one than the ledger's; default SQLite. "
        "Begins with postgresql+psycopg2:// wherever Dagster's own commands are started by hand.",
    )
    CJ_SEVERAL_HOSTS: bool = Field(
        default=False,
        description="Whether several machines or containers share this installation. Then SQLite is refused.",
    )
    CJ_EMULATOR_URL: str | None = Field(
        default=None, description="Ask the loopback emulator at this address instead of the providers."
    )
    OPENAI_BASE_URL: str | None = Field(default=None, description="Another address for OpenAI's API.")
    ANTHROPIC_BASE_URL: str | None = Field(default=None, description="Another address for Anthropic's API.")
    CJ_POLL_MIN_S: float = Field(default=30.0, gt=0, description="First pause between two polls of a job, seconds.")
    CJ_POLL_MAX_S: float = Field(default=300.0, gt=0, description="Longest pause between two polls, seconds.")
    CJ_SETTLE_S: float = Field(
        default=600.0, ge=0, description="How long a job without a clear answer is searched for, seconds."
    )
    CJ_LEASE_S: float = Field(
        default=60.0, gt=0, description="How long work is held for a process that may have died, seconds."
    )
    CJ_MAX_ATTEMPTS: int = Field(default=3, ge=1, le=9, description="Most times a comparison is asked.")
    CJ_MAX_POLLS_PER_TICK: int = Field(default=50, ge=1, description="Most jobs polled at one sensor tick.")
    CJ_CANARY_FROM: int = Field(
        default=100, ge=0, description="Requests from which on one is asked by itself before the job; 0: never."
    )
    CJ_SYNC_WORKERS: int = Field(
        default=8, ge=1, le=64, description="Requests, or bundles, asked at a time in the synchronous modes."
    )
    CJ_BUNDLE_SIZE: int = Field(default=64, ge=1, le=64, description="Most comparisons in one serial bundle.")
    CJ_QUEUE_TOKENS: Json[dict[str, PositiveInt]] = Field(
        default="{}",
        validate_default=True,
        description="Input tokens the account may have waiting in batch jobs, as on its limits page, for example "
        '{"openai/gpt-6.1-terra": 5000000}; 80 % of it is used. What is not named is learned from refusals.',
    )
    CJ_QUEUED_REQUESTS: Json[dict[str, PositiveInt]] = Field(
        default='{"anthropic": 200000}',
        validate_default=True,
        description="Most requests the account may have waiting in batch jobs, by provider; 80 % of it is used.",
    )
    CJ_CREATES_PER_HOUR: int = Field(
        default=1900, ge=1, description="Most batch jobs created at an account in an hour."
    )
    CJ_PROVIDER_FILE_DAYS: float = Field(
        default=30.0, ge=1 / 24, le=30.0, description="Days after which OpenAI deletes request and result files."
    )
    CJ_DELETE_AFTER_COLLECT: bool = Field(
        default=False, description="Whether a job's files at the provider are deleted once its results are recorded."
    )
    CJ_LLM_BATCHING_MODE: BatchingMode | None = Field(
        default=None,
        description="How comparisons reach the models where an assessment does not say; default serial_bundle.",
    )
    CJ_MIN_SUCCESS_RATE: float = Field(
        default=0.8, ge=0, le=1, description="Least share of comparisons that must give a verdict, after retries."
    )
    CJ_STABILITY_FLOOR: int = Field(
        default=12, ge=1, description="Fewest outcomes before stability, or failure in mid-way, is judged."
    )
    CJ_STABILITY_THRESHOLD: float = Field(
        default=0.025, ge=0, description="Largest change of any measure between two waves that is stable, logits."
    )
    CJ_SMALL_NET_SIZE: int = Field(default=3, ge=0, description="Most essays of a small net.")
    CJ_SMALL_NET_PASSES: int = Field(
        default=4, ge=0, le=20, description="Times all pairs of a small net may be put again."
    )
    CJ_REGULAR_PASSES: int = Field(
        default=1, ge=0, le=20, description="Times all pairs of a larger net may be put again."
    )
    CJ_REQUEST_TIMEOUT_S: float = Field(default=120.0, gt=0, description="Longest wait for a provider, seconds.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how long to wait.

    Attributes:
        assessments_dir: Folder that holds the assessments.
        work_dir: Folder for everything the program writes.
        ledger_url: Database of the ledger.
        store_url: Where raw answers and tables are kept; empty: in the work folder.
        dagster_url: PostgreSQL database of Dagster's own storage; empty: SQLite.
        several_hosts: Whether several machines or containers share this installation.
        emulator_url: Address of the loopback emulator; empty: the real providers are asked.
        base_urls: Other addresses by provider, where set.
        options: The engine's waits and bounds.
        request_timeout_s: Longest wait for a provider's answer to one call.
        alerts: Who is told of stalled jobs and failed runs.
        night: When nights begin, and what they may cost.
        pages: What Dagster's pages say about who is responsible, and where the documentation is.
        keep_files_s: After how long OpenAI deletes request and result files, seconds.
    """

    assessments_dir: Path
    work_dir: Path
    ledger_url: str
    store_url: str = ""
    dagster_url: str = ""
    several_hosts: bool = False
    emulator_url: str = ""
    base_urls: Mapping[str, str] = field(default_factory=dict)
    options: EngineOptions = field(default_factory=EngineOptions)
    request_timeout_s: float = 120.0
    alerts: AlertTargets = field(default_factory=AlertTargets)
    night: NightOptions = field(default_factory=NightOptions)
    pages: PageOptions = field(default_factory=PageOptions)

    keep_files_s: int = 30 * 24 * 3600

    @property
    def tables_dir(self) -> UPath:
        """Where result tables are kept."""
        return self._store / "tables"

    @property
    def pseudonyms_dir(self) -> Path:
        """Folder of the maps between people and labels, always on this machine."""
        return self.work_dir / "pseudonyms"

    @property
    def reports_dir(self) -> Path:
        """Folder of reports and workbooks, always on this machine: people open and send them."""
        return self.work_dir / "reports"

    @property
    def raw_dir(self) -> UPath:
        """Where raw provider bytes are kept."""
        return self._store / "raw"

    @property
    def _store(self) -> UPath:
        return place(self.store_url) if self.store_url else UPath(self.work_dir)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read settings.

    Args:
        environ: The environment, for example `os.environ`.

    Raises:
        ConfigurationError: With every variable that cannot be used.
    """
    known = {name: environ[name] for name in _Environment.model_fields if environ.get(name)}
    try:
        env = _Environment.model_validate(known)
    except ValidationError as error:
        faults = [f"environment variable {e['loc'][0]}: {e['msg']} (found: {e['input']!r})." for e in error.errors()]
        raise ConfigurationError(faults) from error
    _require_sound_urls(env)
    data = (env.CJ_DATA_DIR or _default_data_dir()).absolute()
    work = (env.CJ_WORK_DIR or data / "work").absolute()
    urls = {"openai": env.OPENAI_BASE_URL, "anthropic": env.ANTHROPIC_BASE_URL}
    return Settings(
        assessments_dir=data / "assessments",
        work_dir=work,
        ledger_url=env.CJ_LEDGER_URL or f"sqlite:///{work / 'ledger.db'}",
        store_url=(env.CJ_STORE_URL or "").rstrip("/"),
        dagster_url=env.CJ_DAGSTER_URL or "",
        several_hosts=env.CJ_SEVERAL_HOSTS,
        emulator_url=(env.CJ_EMULATOR_URL or "").rstrip("/"),
        base_urls={name: url for name, url in urls.items() if url},
        options=EngineOptions(
            poll_min_s=env.CJ_POLL_MIN_S,
            poll_max_s=max(env.CJ_POLL_MAX_S, env.CJ_POLL_MIN_S),
            settle_s=env.CJ_SETTLE_S,
            lease_s=env.CJ_LEASE_S,
            max_attempts=env.CJ_MAX_ATTEMPTS,
            max_polls_per_tick=env.CJ_MAX_POLLS_PER_TICK,
            canary_from=env.CJ_CANARY_FROM,
            sync_workers=env.CJ_SYNC_WORKERS,
            bundle_size=env.CJ_BUNDLE_SIZE,
            queue_tokens=env.CJ_QUEUE_TOKENS,
            creates_per_hour=env.CJ_CREATES_PER_HOUR,
            queued_requests=env.CJ_QUEUED_REQUESTS,
            delete_after_collect=env.CJ_DELETE_AFTER_COLLECT,
            llm_batching_mode=env.CJ_LLM_BATCHING_MODE,
            continuation=_policy(env),
            quality=read_quality(env),
        ),
        keep_files_s=int(env.CJ_PROVIDER_FILE_DAYS * 24 * 3600),
        request_timeout_s=env.CJ_REQUEST_TIMEOUT_S,
        alerts=read_targets(env),
        night=read_night(env),
        pages=read_pages(env),
    )


def _require_sound_urls(env: _Environment) -> None:
    """Refuse what several processes, or several machines, cannot share.

    Raises:
        ConfigurationError: With every fault.
    """
    ledger = env.CJ_LEDGER_URL or "sqlite:"
    faults = []
    if env.CJ_DAGSTER_URL and not env.CJ_DAGSTER_URL.startswith(("postgresql", "postgres:")):
        faults.append("CJ_DAGSTER_URL: must begin with postgresql+psycopg2://; leave it unset for SQLite.")
    if env.CJ_DAGSTER_URL and _database(env.CJ_DAGSTER_URL) == _database(ledger):
        faults.append(
            "CJ_DAGSTER_URL: names the ledger's database; make a second one: both keep their version in the same table."
        )
    if env.CJ_SEVERAL_HOSTS and ledger.startswith("sqlite"):
        faults.append(
            "CJ_LEDGER_URL: is SQLite, which several hosts cannot share; name a PostgreSQL database (postgresql://...) "
            "or unset CJ_SEVERAL_HOSTS where everything runs on one machine."
        )
    if env.CJ_SEVERAL_HOSTS and not env.CJ_STORE_URL:
        faults.append(
            "CJ_STORE_URL: is not set, so that every host would keep raw answers and tables for itself; name a place "
            "that all of them share (s3://..., or the path of a shared disk)."
        )
    if env.CJ_STORE_URL and "@" in env.CJ_STORE_URL.partition("://")[2].partition("/")[0]:
        faults.append("CJ_STORE_URL: holds credentials; put them into the provider's own variables instead.")
    if faults:
        raise ConfigurationError(faults)


def _database(url: str) -> str:
    """What names the database in a URL, without the driver."""
    return url.partition("://")[2]


def _policy(env: _Environment) -> ContinuationPolicy:
    return ContinuationPolicy(
        min_success_rate=env.CJ_MIN_SUCCESS_RATE,
        stability_floor=env.CJ_STABILITY_FLOOR,
        stability_threshold=env.CJ_STABILITY_THRESHOLD,
        small_net_size=env.CJ_SMALL_NET_SIZE,
        small_net_passes=env.CJ_SMALL_NET_PASSES,
        regular_passes=env.CJ_REGULAR_PASSES,
    )


def _default_data_dir() -> Path:
    checkout_data = CHECKOUT / "data"
    return checkout_data if checkout_data.is_dir() else Path.cwd() / "data"


def settings_table() -> list[tuple[str, str, str]]:
    """Every variable with its default and meaning, for the reference documentation."""
    own = _Environment.__annotations__  # what is inherited stands behind
    fields = sorted(_Environment.model_fields.items(), key=lambda item: item[0] not in own)
    return [(name, _shown(spec.default), spec.description or "") for name, spec in fields]


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return "" if default is None else str(default)
