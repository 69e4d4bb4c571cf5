"""Tags that jobs give their runs: which assessment, whose models, and by which account they are asked.

By the last, the run queue bounds how many runs submit to one account of a provider at a time.

A pool of Dagster's belongs to an asset and cannot know whom an assessment asks; a tag of the run can.
"""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from cj_pipeline.defs.holding import ASSESSMENT_TAG
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.run_tags import PROVIDER_TAG, provider_words
from cj_pipeline.defs.run_wishes import RunWishes
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import accounts_asked


def account_tags(assessment: str) -> Mapping[str, str]:
    """One tag for every provider that judges an assessment: `cj/openai_account: api.openai.com`.

    Args:
        assessment: Name of the assessment. One that cannot be read has no tags: its run says what is wrong.
    """
    return {f"cj/{provider}_account": account for provider, account in _accounts(assessment).items()}


def assessment_tags(assessment: str) -> Mapping[str, str]:
    """Which assessment a run is about, and whose models judge it, as far as its folder can be read."""
    return _named(assessment, _accounts(assessment))


def _accounts(assessment: str) -> Mapping[str, str]:
    try:
        return accounts_asked(load_settings(os.environ), assessment)
    except ConfigurationError:
        return {}


def _named(assessment: str, accounts: Mapping[str, str]) -> dict[str, str]:
    providers = {PROVIDER_TAG: provider_words(set(accounts))} if accounts else {}
    return {ASSESSMENT_TAG: assessment, **providers}


def _all_tags(assessment: str) -> Mapping[str, str]:
    return {**assessment_tags(assessment), **account_tags(assessment)}


def _no_config(_assessment: str) -> Mapping[str, Any]:
    return {}


def _no_wishes(_assessment: str) -> Mapping[str, Any]:
    """Every wish by name and unfilled, so that the launch form shows what a run may ask for."""
    return {"ops": {"essays": {"config": dict.fromkeys(RunWishes.model_fields)}}}


SUBMITTING = dg.PartitionedConfig(
    partitions_def=ASSESSMENTS, run_config_for_partition_key_fn=_no_wishes, tags_for_partition_key_fn=_all_tags
)
"""For the job that reads and submits: its runs carry all tags, whoever starts them."""

CONTINUING = dg.PartitionedConfig(
    partitions_def=ASSESSMENTS, run_config_for_partition_key_fn=_no_config, tags_for_partition_key_fn=_all_tags
)
"""For the job that goes on with a submission."""

LOOKING = dg.PartitionedConfig(
    partitions_def=ASSESSMENTS, run_config_for_partition_key_fn=_no_config, tags_for_partition_key_fn=assessment_tags
)
"""For all other jobs of one assessment. They carry no account: the run queue need not bound them by it."""
