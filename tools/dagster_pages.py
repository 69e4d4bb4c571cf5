"""The parts of the reference pages about what Dagster shows: assets, checks, jobs, sensors, errors of runs."""

import dagster as dg

from cj_pipeline.definitions import defs
from cj_pipeline.defs.collecting import MAX_TRIES
from cj_pipeline.defs.failures import POLICY, RETRIES
from cj_pipeline.errors import ConfigurationError
from tools.pages import flat, table, yes_no


def checks_parts() -> list[str]:
    """Asset checks, after the page's title."""
    specs = sorted((spec for each in defs.asset_checks or () for spec in each.check_specs), key=lambda s: s.name)
    order = [spec.key for spec in _asset_specs()]
    rows = [
        (f"`{spec.asset_key.to_user_string()}`", f"`{spec.name}`", yes_no(spec.blocking), flat(spec.description))
        for spec in sorted(specs, key=lambda spec: order.index(spec.asset_key))
    ]
    return [
        "Asset checks",
        "What is checked after an asset was materialised. Where a blocking check fails, nothing downstream runs.",
        table(("asset", "check", "blocks", "holds when"), rows),
    ]


def dagster_parts() -> list[str]:
    """Assets, jobs, sensors and schedules, after the page's title."""
    parts = ["## Assets"]
    for spec in _asset_specs():
        after = ", ".join(f"`{dep.asset_key.to_user_string()}`" for dep in spec.deps) or "nothing"
        parts += [
            f"### {spec.key.to_user_string()}",
            f"Group `{spec.group_name}`; after {after}.",
            spec.description or "",
        ]
    parts.append("## Jobs")
    for job in defs.jobs or ():
        parts += [f"### {job.name}", job.description or ""]
    parts.append("## Sensors")
    for sensor in defs.sensors or ():
        if isinstance(sensor, dg.SensorDefinition):
            state = sensor.default_status.value.lower()
            every = f"At the start: {state}. At most every {sensor.minimum_interval_seconds} s."
            parts += [f"### {sensor.name}", every, sensor.description or ""]
    parts.append("## Schedules")
    for schedule in defs.schedules or ():
        if isinstance(schedule, dg.ScheduleDefinition):
            at_first = f"At the start: {schedule.default_status.value.lower()}. Cron `{schedule.cron_schedule}`."
            parts += [f"### {schedule.name}", at_first, schedule.description or ""]
    return ["Assets, jobs and sensors", "What Dagster shows. Every asset has one partition per assessment.", *parts]


def failures_parts() -> list[str]:
    """Kinds of errors and what becomes of them, after the page's title."""
    rows = [
        (
            f"`{kind.__name__}`",
            f"`{kind.__bases__[0].__name__}`",
            handling.means,
            2 if issubclass(kind, ConfigurationError) else 1,
            yes_no(handling.repeated),
            handling.remedy,
        )
        for kind, handling in POLICY.items()
    ]
    return [
        "Kinds of errors",
        (
            "What becomes of an error in a run, and what a person does about it. A kind that is repeated is repeated "
            f"{RETRIES.max_retries} times within its run by the steps that call a provider. A run that the sensors "
            f"asked for is asked for {MAX_TRIES} times at most, whatever it failed of. Nothing is paid twice "
            "([failures](../operations/failures.md))."
        ),
        table(("kind", "is a", "means", "exit code", "repeated", "what to do"), rows),
    ]


def _asset_specs() -> list[dg.AssetSpec]:
    assets = (asset for asset in defs.assets or () if isinstance(asset, dg.AssetsDefinition))
    return [spec for asset in assets for spec in asset.specs]
