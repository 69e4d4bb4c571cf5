"""How an asset says "not yet" without turning red and without claiming a result.

It observes instead of materialising, so nothing downstream runs and the run still ends in success. In a backfill that
alone would not do: a backfill calls partitions failed when all its runs have ended without them. So the run is
marked as waiting, and the batch_job_sensor then puts a further run into the same backfill, held in the queue (see
`cj/hold` in dagster.yaml) until the results are there. The backfill stays in progress meanwhile, which is the truth.
See docs/decisions/0003-not-ready-yet.md.
"""

from collections.abc import Iterator

import dagster as dg

WAITING_TAG = "cj/waiting"
"""On a run that ended before the results were there."""


def not_ready(context: dg.AssetExecutionContext, reason: str) -> Iterator[dg.AssetObservation]:
    """Say what is waited for, on the asset's page and in the run's log."""
    context.log.info("Not ready yet: %s", reason)
    context.instance.add_run_tags(context.run.run_id, {WAITING_TAG: "true"})
    yield dg.AssetObservation(
        asset_key=context.asset_key,
        partition=context.partition_key,
        description=f"Not ready yet: {reason}",
        metadata={"status": "waiting", "waits_for": reason},
    )
