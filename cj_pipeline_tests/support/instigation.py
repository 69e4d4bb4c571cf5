"""Sensors, backfills, runs and checks of a running Dagster, as its UI asks for them."""

from collections import Counter
from typing import Any

from cj_pipeline_tests.support.servers import LOCATION, DagsterServer

_START = """mutation($sensor: SensorSelector!) { startSensor(sensorSelector: $sensor) {
  __typename ... on PythonError { message } } }"""
_CURSOR = """mutation($sensor: SensorSelector!, $cursor: String) {
  setSensorCursor(sensorSelector: $sensor, cursor: $cursor) { __typename ... on PythonError { message } } }"""
_BACKFILLS = """{ partitionBackfillsOrError { ... on PartitionBackfills { results {
  id status isAssetBackfill numPartitions partitionNames assetSelection { path } tags { key value }
  runs { id status } } } } }"""
_CANCEL = """mutation($id: String!) { cancelPartitionBackfill(backfillId: $id) {
  __typename ... on PythonError { message } } }"""
_SENSORS = """query($repository: RepositorySelector!) { sensorsOrError(repositorySelector: $repository) {
  ... on Sensors { results { name sensorState { ticks(limit: 5000) { status } } } } } }"""
_RUNS = "{ runsOrError(limit: 2000) { ... on Runs { results { jobName status } } } }"
_CHECKS = """{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks { name
  partitionStatuses { ... on AssetCheckDefaultPartitionStatuses {
    succeededPartitions failedPartitions } } } } } } }"""


def switch_on(server: DagsterServer, sensor: str, cursor: str | None = None) -> None:
    """Set a sensor's cursor and switch it on, as the UI does."""
    selector = {**LOCATION, "sensorName": sensor}
    said = server.ask(_CURSOR, sensor=selector, cursor=cursor)["setSensorCursor"]
    assert said["__typename"] == "Sensor", said
    said = server.ask(_START, sensor=selector)["startSensor"]
    assert said["__typename"] == "Sensor", said


def backfills(server: DagsterServer) -> list[dict[str, Any]]:
    """All backfills, the newest first, with their partitions and runs."""
    return list(server.ask(_BACKFILLS)["partitionBackfillsOrError"]["results"])


def cancel_backfill(server: DagsterServer, backfill_id: str) -> None:
    """Cancel a backfill, as the UI does."""
    said = server.ask(_CANCEL, id=backfill_id)["cancelPartitionBackfill"]
    assert said["__typename"] == "CancelBackfillSuccess", said


def ticks(server: DagsterServer) -> dict[str, Counter[str]]:
    """Ticks of every sensor by their status."""
    found = server.ask(_SENSORS, repository=LOCATION)["sensorsOrError"]["results"]
    return {s["name"]: Counter(tick["status"] for tick in s["sensorState"]["ticks"]) for s in found}


def runs(server: DagsterServer) -> Counter[tuple[str, str]]:
    """Runs by job and status."""
    return Counter((run["jobName"], run["status"]) for run in server.ask(_RUNS)["runsOrError"]["results"])


def evaluated_checks(server: DagsterServer) -> dict[str, set[str]]:
    """Partitions for which every check of the project was evaluated, whatever it found; by asset and check."""
    found = {}
    for node in server.ask(_CHECKS)["assetNodes"]:
        for check in node["assetChecksOrError"].get("checks", []):
            name = f"{node['assetKey']['path'][0]}: {check['name']}"
            found[name] = {name for names in (check["partitionStatuses"] or {}).values() for name in names}
    return found
