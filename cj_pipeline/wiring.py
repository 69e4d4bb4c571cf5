"""The only place where concrete classes meet: settings in, a ready engine out."""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.domain.pseudonyms import Pseudonyms
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.counted_calls import CountedCalls
from cj_pipeline.engine.people import sync_files
from cj_pipeline.engine.people_files import decisions_of_file
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.ports import BatchJobManager, Engine
from cj_pipeline.engine.preparing import EMULATOR_ACCOUNT
from cj_pipeline.engine.rank import Waiting
from cj_pipeline.engine.report_data import ReportData, gather_report
from cj_pipeline.errors import ConfigurationError, MissingKeyError, StaleSnapshotError
from cj_pipeline.intake.assessment_file import read_assessment_file
from cj_pipeline.intake.folder import ASSESSMENT_FILE, find_assessments, read_folder
from cj_pipeline.intake.people_files import read_people_files
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.providers.anthropic_jobs import AnthropicJobs
from cj_pipeline.providers.openai_jobs import OpenAIJobs
from cj_pipeline.settings import Settings
from cj_pipeline.storage.pseudonym_files import PseudonymFiles
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline.storage.table_files import STUDENT, TableFiles

if TYPE_CHECKING:
    from anthropic import Anthropic
    from openai import OpenAI

_OWN_HOSTS = {"openai": "api.openai.com", "anthropic": "api.anthropic.com"}
KEY_VARIABLES: Mapping[str, str] = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Environment variable that holds each provider's key."""

_EMULATOR_KEY = "emulator"


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 (the one place where the machine is asked for the time)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Workbench:
    """A ready engine and the folder it works on.

    Attributes:
        settings: What it was made from.
        engine: The engine.
        tables: Where tables are kept, also as paths.
        ledger: The ledger, to be closed.
    """

    settings: Settings
    engine: Engine
    tables: TableFiles
    ledger: SqlLedger

    def assessments(self) -> list[str]:
        """Names of all assessment folders."""
        return find_assessments(self.settings.assessments_dir)

    def read(self, name: str, overrides: RunOverrides | None = None) -> AssessmentSnapshot:
        """Read and validate an assessment folder as it is now."""
        return read_assessment(self.settings, name, overrides)

    def pseudonyms(self, name: str) -> Pseudonyms:
        """Who is behind the labels of an assessment. For this machine only: nothing of it may be sent."""
        return PseudonymFiles(self.settings.pseudonyms_dir).load(name)

    def forget_people(self, name: str, essay_id: str | None) -> None:
        """Delete reports, which show everybody, and who is behind the labels: of all essays, or of one."""
        shutil.rmtree(self.settings.reports_dir / name, ignore_errors=True)
        PseudonymFiles(self.settings.pseudonyms_dir).forget(name, essay_id)

    def with_students(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """A table with a column `student` after `essay_id`: names from the roster, empty where unknown."""
        pseudonyms = self.pseudonyms(name)
        writers = [pseudonyms.writer(essay_id) for essay_id in table["essay_id"]]
        named = table.copy()
        named.insert(list(table.columns).index("essay_id") + 1, STUDENT, [w.name if w else "" for w in writers])
        return named

    def gather_report(self, name: str, versions: Mapping[str, str], *, with_names: bool = True) -> ReportData | Waiting:
        """What an assessment's report says, with the names of the class list joined to it again.

        Args:
            name: The assessment.
            versions: Versions of the programs, for the manifest.
            with_names: Whether essays are called by their writers' names; else by their labels.

        Raises:
            CjError: As `engine.report_data.gather_report`.
        """
        people = self.pseudonyms(name) if with_names else Pseudonyms()
        return gather_report(self.engine, name, versions, people.called(), people.student_ids())

    def gather_people(self, snapshot: AssessmentSnapshot) -> int:
        """Bring the ledger up to date with the files of people's decisions; returns how many changed.

        Raises:
            ConfigurationError: With every file that cannot be understood, and every unknown essay.
        """
        return sync_files(self.engine, snapshot, self.people_in_files(snapshot))

    def people_in_files(self, snapshot: AssessmentSnapshot) -> list[HumanDecision]:
        """What the files of people's decisions hold now.

        Raises:
            ConfigurationError: With every file that cannot be understood, and every unknown essay.
        """
        now = self.engine.clock.now()
        files = read_people_files(self.settings.assessments_dir / snapshot.name)
        called = self.pseudonyms(snapshot.name).essay_id
        return [d for file in files for d in decisions_of_file(snapshot, file.rows, file.path.name, now, called)]

    def close(self) -> None:
        """Give back all connections."""
        for manager in self.engine.managers.values():
            manager.close()
        self.ledger.close()

    @property
    def synthetic(self) -> bool:
        """Whether the emulator is asked instead of the providers."""
        return bool(self.settings.emulator_url)


def read_assessment(settings: Settings, name: str, overrides: RunOverrides | None = None) -> AssessmentSnapshot:
    """Read and validate an assessment folder as it is now, and keep the labels that were given.

    Args:
        settings: From `load_settings`.
        name: Folder name of the assessment.
        overrides: What this run wants instead of what the file says.

    Raises:
        ConfigurationError: With every fault that was found.
    """
    maps = PseudonymFiles(settings.pseudonyms_dir)
    reading = read_folder(settings.assessments_dir, name, overrides, maps.load(name))
    maps.save(name, reading.pseudonyms)
    return reading.snapshot


def open_workbench(settings: Settings) -> Workbench:
    """Put an engine together.

    Args:
        settings: From `load_settings`.

    Raises:
        ConfigurationError: The ledger cannot be opened, or is a file that another machine is using.
    """
    settings.work_dir.mkdir(parents=True, exist_ok=True)
    ledger = _opened_ledger(settings, SystemClock())
    tables = TableFiles(settings.tables_dir)
    engine = Engine(
        ledger=ledger,
        raw=RawFiles(settings.raw_dir),
        tables=tables,
        managers={name: CountedCalls(manager, ledger) for name, manager in _managers(settings).items()},
        clock=SystemClock(),
        options=settings.options,
    )
    return Workbench(settings, engine, tables, ledger)


def _opened_ledger(settings: Settings, clock: SystemClock) -> SqlLedger:
    ledger = SqlLedger(open_database(settings.ledger_url))
    elsewhere = ledger.other_host(clock.now()) if settings.ledger_url.startswith("sqlite") else None
    if elsewhere is None:
        return ledger
    ledger.close()
    raise ConfigurationError(
        f"CJ_LEDGER_URL: the SQLite ledger is in use on {elsewhere} right now, and one file cannot serve two machines. "
        "Stop the programs there, or move the ledger to PostgreSQL (docs/operations/deployment.md). If that machine "
        f"was this one under another name, its hold ends by itself within {settings.options.lease_s:.0f} s."
    )


def require_keys(settings: Settings, snapshot: AssessmentSnapshot) -> None:
    """Make sure that every provider of an assessment can be asked.

    Raises:
        MissingKeyError: With one line per missing key.
    """
    providers = sorted({judge.provider for judge in snapshot.assessment.judges})
    faults = [
        f"{snapshot.name}: judge of {provider}: {KEY_VARIABLES[provider]} is not set. Set it, or ask the "
        "emulator instead (cj run --emulator, or CJ_EMULATOR_URL)."
        for provider in providers
        if _account(settings, provider) != EMULATOR_ACCOUNT and not os.environ.get(KEY_VARIABLES[provider])
    ]
    if faults:
        raise MissingKeyError(faults)


def accounts_asked(settings: Settings, name: str) -> dict[str, str]:
    """Who is asked for an assessment as its file says it now: accounts by provider.

    Raises:
        ConfigurationError: The file cannot be used.
    """
    judges = read_assessment_file(settings.assessments_dir / name / ASSESSMENT_FILE).judges
    return {provider: _account(settings, provider) for provider in sorted({judge.provider for judge in judges})}


def require_fresh(bench: Workbench, name: str) -> None:
    """Make sure that the essays that were read are those in the folder now.

    Raises:
        ConfigurationError: The folder cannot be used, or was never read.
        StaleSnapshotError: The folder has changed since.
    """
    kept = load_snapshot(bench.engine, name)
    if kept.digest != bench.read(name, RunOverrides.read(dict(kept.overrides))).digest:
        raise StaleSnapshotError(
            f"the folder of {name!r} has changed since the asset `essays` read it: materialise `essays` and `pair_set` "
            "again, then this."
        )


def _managers(settings: Settings) -> dict[str, BatchJobManager]:
    return {
        "openai": OpenAIJobs(
            lambda: _connect_openai(settings), _account(settings, "openai"), keep_files_s=settings.keep_files_s
        ),
        "anthropic": AnthropicJobs(lambda: _connect_anthropic(settings), _account(settings, "anthropic")),
    }


def _account(settings: Settings, provider: str) -> str:
    if settings.emulator_url:
        return EMULATOR_ACCOUNT
    return urlsplit(settings.base_urls.get(provider, "")).netloc or _OWN_HOSTS[provider]


def _key(settings: Settings, provider: str) -> str:
    if settings.emulator_url:
        return _EMULATOR_KEY
    key = os.environ.get(KEY_VARIABLES[provider], "")
    if not key:
        raise MissingKeyError(f"{KEY_VARIABLES[provider]} is not set: {provider} cannot be asked.")
    return key


def _connect_openai(settings: Settings) -> "OpenAI":
    import openai  # noqa: PLC0415 (a second to import)

    url = f"{settings.emulator_url}/v1" if settings.emulator_url else settings.base_urls.get("openai")
    # Loopback traffic must not go through a proxy that HTTP_PROXY names. Requests hold essays and the key: they go to
    # the address that was set, and nowhere a reply points to.
    http = openai.DefaultHttpxClient(trust_env=not settings.emulator_url, follow_redirects=False)
    return openai.OpenAI(
        api_key=_key(settings, "openai"),
        base_url=url,
        max_retries=0,
        timeout=settings.request_timeout_s,
        http_client=http,
    )


def _connect_anthropic(settings: Settings) -> "Anthropic":
    import anthropic  # noqa: PLC0415 (two seconds to import)

    url = settings.emulator_url or settings.base_urls.get("anthropic")
    http = anthropic.DefaultHttpxClient(trust_env=not settings.emulator_url, follow_redirects=False)
    return anthropic.Anthropic(
        api_key=_key(settings, "anthropic"),
        base_url=url,
        max_retries=0,
        timeout=settings.request_timeout_s,
        http_client=http,
    )
