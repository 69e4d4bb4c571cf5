"""Batch jobs as both providers have them: accepted once, then only looked at. Wire shapes belong to the providers."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import cast

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.faults import Fault
from cj_pipeline.emulator.schedule import Course, Disturbances, Schedule
from cj_pipeline.emulator.store import Store
from cj_pipeline.emulator.wire import JsonObject, Provider


@dataclass(frozen=True)
class JobSpec:
    """What is fixed about a job when it is accepted.

    Attributes:
        id: The provider's id.
        provider: Whose job it is.
        key_hash: Digest of the key that made it; other keys do not see it.
        created_at: Virtual time of acceptance.
        n_requests: Requests in it.
        blob: The input, one request a line; its digest.
        schedule: The spans drawn for it.
        faults: Scripted faults attached to it.
        failing: Sorted places, in order of completion, of requests that the API will refuse.
        details: What only the provider knows: endpoint, metadata, errors of validation and the like.
    """

    id: str
    provider: Provider
    key_hash: str
    created_at: float
    n_requests: int
    blob: str
    schedule: Schedule
    faults: tuple[Fault, ...]
    failing: tuple[int, ...]
    details: JsonObject

    def dump(self) -> str:
        """Return the spec as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "JobSpec":
        """Return the spec that ``dump`` wrote."""
        found = json.loads(text)
        schedule = Schedule(**found.pop("schedule"))
        faults = tuple(Fault.from_record(record) for record in found.pop("faults"))
        return cls(**found | {"schedule": schedule, "faults": faults, "failing": tuple(found["failing"])})


@dataclass(frozen=True)
class Job:
    """A job with what has happened to it since it was accepted.

    Attributes:
        spec: What was fixed at acceptance.
        cancel_at: When its cancel was asked for, or None.
        n_polls: How often it was retrieved after its end.
        settlement: Its results, once they have been made; None before.
    """

    spec: JobSpec
    cancel_at: float | None
    n_polls: int
    settlement: JsonObject | None

    @property
    def course(self) -> Course:
        """The job's course as known now."""
        spec = self.spec
        return Course(spec.created_at, spec.n_requests, spec.schedule, self._disturbances(), self.cancel_at)

    def fault(self, kind: str) -> Fault | None:
        """Return the attached fault of a kind, or None."""
        return next((fault for fault in self.spec.faults if fault.kind == kind), None)

    def option(self, kind: str, option: str, default: float) -> float:
        """Return a number from an attached fault, or the default without that fault."""
        fault = self.fault(kind)
        return default if fault is None else float(fault.options[option])

    def is_listed(self, now: float) -> bool:
        """Whether lists show the job yet."""
        return now >= self.spec.created_at + self.option("delayed_list_visibility", "seconds", 0.0)

    def odd_status(self, now: float) -> str | None:
        """Return a status no client knows while a fault says so."""
        fault = self.fault("unknown_status")
        if fault is None or now >= self.spec.created_at + float(fault.options["seconds"]):
            return None
        return str(fault.options["status"])

    def withholds_output(self, now: float) -> bool:
        """Whether an ended job does not name its output yet."""
        fault = self.fault("completed_without_output")
        if fault is None:
            return False
        return now < self.course.end()[0] + float(fault.options["seconds"]) or self.n_polls <= int(
            fault.options["polls"]
        )

    def n_failed(self, n_done: int) -> int:
        """Return how many of the first requests done were refused by the API."""
        return sum(rank < n_done for rank in self.spec.failing)

    def _disturbances(self) -> Disturbances:
        stuck = self.fault("stuck")
        return Disturbances(
            invalid=bool(self.spec.details.get("errors")),
            extra_finalizing_s=self.option("stuck_finalizing", "seconds", 0.0),
            done_share=self.option("partial_expiry", "share", 1.0),
            stuck_in=None if stuck is None else str(stuck.options["phase"]),
            stuck_expires=stuck is not None and bool(stuck.options["expires"]),
            ignores_cancel=self.fault("cancel_race") is not None,
        )


def completion_order(seed: int, job_id: str, n_requests: int) -> list[int]:
    """Return, for each request of a job, its place in the order of completion."""
    return chance.permutation(n_requests, "completion", seed, job_id)


class Jobs:
    """The jobs table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def new_id(self, prefix: str, seed: int) -> str:
        """Return an id for the next job."""
        return f"{prefix}_synthetic_{chance.token(seed, 'job', self._store.next_number('jobs'))}"

    def add(self, spec: JobSpec) -> Job:
        """Remember a job."""
        sql = "INSERT INTO jobs (id, provider, key_hash, spec) VALUES (?, ?, ?, ?)"
        self._store.change(sql, spec.id, spec.provider, spec.key_hash, spec.dump())
        return Job(spec, None, 0, None)

    def find(self, provider: Provider, key_hash: str, job_id: str) -> Job | None:
        """Return a job of this key, or None."""
        sql = "SELECT * FROM jobs WHERE id = ? AND provider = ? AND key_hash = ? AND NOT deleted"
        found = self._store.rows(sql, job_id, provider, key_hash)
        return _job(found[0]) if found else None

    def newest_first(self, provider: Provider | None = None, key_hash: str | None = None) -> list[Job]:
        """Return the jobs of a provider and key (None: of all), newest first."""
        sql = (
            "SELECT * FROM jobs WHERE NOT deleted AND (? IS NULL OR provider = ?) AND (? IS NULL OR key_hash = ?) "
            "ORDER BY seq DESC"
        )
        return [_job(row) for row in self._store.rows(sql, provider, provider, key_hash, key_hash)]

    def count_poll(self, job_id: str) -> None:
        """Count one retrieval after the job's end."""
        self._store.change("UPDATE jobs SET n_polls = n_polls + 1 WHERE id = ?", job_id)

    def cancel(self, job_id: str, at: float) -> None:
        """Note when a cancel was asked for."""
        self._store.change("UPDATE jobs SET cancel_at = ? WHERE id = ?", at, job_id)

    def settle(self, job_id: str, settlement: JsonObject) -> None:
        """Note the job's results."""
        self._store.change("UPDATE jobs SET settlement = ? WHERE id = ?", json.dumps(settlement), job_id)

    def delete(self, job_id: str) -> None:
        """Forget a job."""
        self._store.change("UPDATE jobs SET deleted = 1 WHERE id = ?", job_id)


def _job(row: sqlite3.Row) -> Job:
    settlement = None if row["settlement"] is None else json.loads(row["settlement"])
    cancel_at = cast("float | None", row["cancel_at"])
    return Job(JobSpec.load(row["spec"]), cancel_at, int(row["n_polls"]), settlement)
