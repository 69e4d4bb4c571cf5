"""Tags by which the run queue bounds how many runs submit to one account of a provider at a time.

A pool of Dagster's belongs to an asset and cannot know whom an assessment asks; a tag of the run can.
"""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import accounts_asked


def account_tags(assessment: str) -> Mapping[str, str]:
    """One tag for every provider that judges an assessment: `cj/openai_account: api.openai.com`.

    Args:
        assessment: Name of the assessment. One that cannot be read has no tags: its run says what is wrong.
    """
    try:
        accounts = accounts_asked(load_settings(os.environ), assessment)
    except ConfigurationError:
        return {}
    return {f"cj/{provider}_account": account for provider, account in accounts.items()}


def _no_config(_assessment: str) -> Mapping[str, Any]:
    return {}


SUBMITTING = dg.PartitionedConfig(
    partitions_def=ASSESSMENTS, run_config_for_partition_key_fn=_no_config, tags_for_partition_key_fn=account_tags
)
"""For jobs that submit: their runs carry the tags, whoever starts them."""
