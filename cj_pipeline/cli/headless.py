"""Dagster jobs run in this process, on the same instance that the web UI shows."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.errors import CjError
from cj_pipeline.wiring import Workbench

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The command line speaks for itself; Dagster's own account is in the run's event log."""


class RunFailedError(CjError):
    """A Dagster run started by the command line failed."""


@dataclass(frozen=True, slots=True)
class Headless:
    """Runs the project's jobs without a daemon.

    Attributes:
        bench: Engine and folders.
        instance: Dagster's instance.
    """

    bench: Workbench
    instance: dg.DagsterInstance

    def submit(self, name: str, overrides: RunOverrides) -> int:
        """Read, plan and submit an assessment; returns the number of requests sent."""
        key = str(ASSESSMENTS.name)
        if name not in self.instance.get_dynamic_partitions(key):
            self.instance.add_dynamic_partitions(key, [name])
        wishes = overrides.model_dump(mode="json", exclude_none=True)
        result = self._execute("submit_assessment", name, {"ops": {"essays": {"config": wishes}}})
        [event] = result.asset_materializations_for_node("batch_submissions")
        return int(str(event.metadata["n_requests_new"].value))

    def go_on(self, name: str) -> int:
        """Send what can follow of a submission; returns the number of requests sent."""
        [event] = self._execute("continue_submission", name).asset_materializations_for_node("batch_submissions")
        return int(str(event.metadata["n_requests_new"].value))

    def collect(self, name: str) -> None:
        """Collect what has ended, and rank if everything has."""
        self._execute("collect_assessment", name)

    def _execute(self, job: str, name: str, config: Mapping[str, Any] | None = None) -> dg.ExecuteInProcessResult:
        """Run a job in this process.

        Raises:
            CjError: What the run failed with.
        """
        logging.getLogger("dagster").setLevel(logging.CRITICAL)
        definition = build_definitions().resolve_job_def(job)
        try:
            return definition.execute_in_process(
                instance=self.instance, partition_key=name, run_config={**_QUIET, **(config or {})}
            )
        except DagsterAssetCheckFailedError as error:
            raise RunFailedError(f"{name}: {self._failed_checks(name) or error}") from None
        except dg.Failure as failure:
            if isinstance(failure.__cause__, CjError):
                raise failure.__cause__ from None
            raise RunFailedError(str(failure.description)) from failure

    def _failed_checks(self, name: str) -> str:
        """What the blocking checks of the pair set say, in words for people."""
        graph = build_definitions().resolve_asset_graph()
        failed = []
        for key in graph.asset_check_keys:
            records = self.instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
            evaluations = [r.event.asset_check_evaluation for r in records if r.event and r.partition == name]
            if evaluations and evaluations[0] and evaluations[0].blocking and not evaluations[0].passed:
                failed.append(f"check {key.name} failed: {evaluations[0].description}")
        return " ".join(failed)
