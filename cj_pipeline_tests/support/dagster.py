"""Dagster in this process: the project's definitions on a test's folder, and a daemon of a few lines."""

from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource

STAGES = (
    "essays",
    "pair_set",
    "batch_submissions",
    "raw_results",
    "comparisons",
    "rankings",
    "grade_projections",
    "report",
)
BESIDE = ("human_decisions",)
"""Assets that do not stand in the line from essays to grades."""

JOB_OF = {
    "batch_job_sensor": "collect_assessment",
    "continuation_sensor": "continue_submission",
    "cancel_sensor": "cancel_assessment",
}


@dataclass
class MiniDaemon:
    """Evaluates sensors and carries out what they ask for: adds partitions, obeys run keys, executes runs."""

    instance: dg.DagsterInstance
    pipeline: PipelineResource
    seen_run_keys: set[str] = field(default_factory=set)
    backfills: list[dg.RunRequest] = field(default_factory=list)
    cursors: dict[str, str | None] = field(default_factory=dict)

    @property
    def definitions(self) -> dg.Definitions:
        """The project's definitions on this test's folder."""
        return build_definitions(pipeline=self.pipeline)

    def tick(self, sensor_name: str) -> dg.SensorResult:
        """Evaluate a sensor once and do what it asks for."""
        definitions = self.definitions
        sensor = definitions.resolve_sensor_def(sensor_name)
        with dg.build_sensor_context(
            instance=self.instance,
            definitions=definitions,
            resources={"pipeline": self.pipeline},
            sensor_name=sensor_name,
            cursor=self.cursors.get(sensor_name),
        ) as context:
            result = sensor(context)
        assert isinstance(result, dg.SensorResult)
        for request in result.dynamic_partitions_requests or []:
            assert isinstance(request, dg.AddDynamicPartitionsRequest)
            self.instance.add_dynamic_partitions(str(ASSESSMENTS.name), list(request.partition_keys))
        for run_request in result.run_requests or []:
            if run_request.asset_graph_subset is not None:
                self._backfill(run_request)
                continue
            self._execute(run_request.job_name or JOB_OF[sensor_name], run_request)
        self.cursors[sensor_name] = result.cursor or self.cursors.get(sensor_name)
        return result

    def _execute(self, job: str, request: dg.RunRequest) -> None:
        if request.run_key in self.seen_run_keys:
            return
        self.seen_run_keys.add(str(request.run_key))
        self.run(job, str(request.partition_key), tags=dict(request.tags), run_config=dict(request.run_config))

    def _backfill(self, request: dg.RunRequest) -> None:
        """One run for each partition, as the daemon does; they all carry the backfill's tags."""
        subsets = request.asset_graph_subset.partitions_subsets_by_asset_key  # type: ignore[union-attr] # looked at
        self.backfills.append(request)
        names = [key.to_user_string() for key in subsets]
        for partition in sorted({name for subset in subsets.values() for name in subset.get_partition_keys()}):
            tags = {**request.tags, "dagster/backfill": f"b{len(self.backfills)}", "dagster/partition": partition}
            self.materialise(partition, *names, tags=tags)

    def run(
        self,
        job: str,
        partition: str,
        tags: dict[str, str] | None = None,
        run_config: dict[str, Any] | None = None,
    ) -> dg.ExecuteInProcessResult:
        """Run a job for one assessment."""
        definition = self.definitions.resolve_job_def(job)
        return definition.execute_in_process(
            instance=self.instance, partition_key=partition, tags=tags, run_config=run_config, raise_on_error=False
        )

    def materialise(
        self, partition: str, *assets: str, tags: dict[str, str] | None = None
    ) -> dg.ExecuteInProcessResult:
        """Materialise assets (all of them by default) for one assessment, as "Materialize all" does."""
        definitions = self.definitions
        keys = [dg.AssetKey(name) for name in (assets or (*STAGES, *BESIDE))]
        job = definitions.resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance, partition_key=partition, asset_selection=keys, tags=tags, raise_on_error=False
        )

    def materialised(self, partition: str) -> set[str]:
        """Assets that have a materialisation for this assessment."""
        return {name for name in STAGES if partition in self.instance.get_materialized_partitions(dg.AssetKey(name))}
