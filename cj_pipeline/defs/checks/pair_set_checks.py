"""Checks of the plan. They block: what is wrong here would be paid for next."""

from collections import Counter

import dagster as dg

from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.pairing import components
from cj_pipeline.engine.rank import current_pair_set


@dg.asset_check(asset=pair_set, partitions_def=ASSESSMENTS, blocking=True)
def pair_set_is_within_cap(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """The pair set holds no more comparisons than `max_pairs_cap` allows."""
    with operator_failures():
        pairs = current_pair_set(pipeline.bench().engine, context.partition_key)
    n, cap = len(pairs.comparisons), pairs.snapshot.assessment.max_pairs_cap
    remedy = "" if n <= cap else "max_pairs_cap was lowered below what is planned: raise it again in assessment.yaml."
    return dg.AssetCheckResult(passed=n <= cap, description=remedy, metadata={"n_comparisons": n, "max_pairs_cap": cap})


@dg.asset_check(asset=pair_set, partitions_def=ASSESSMENTS, blocking=True)
def pair_set_is_connected(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """Every essay is linked to every other by comparisons; without that there is no common scale.

    Where the assessment fixes its pairs itself (pre_specified), they may be disconnected, and the check only says so.
    """
    with operator_failures():
        pairs = current_pair_set(pipeline.bench().engine, context.partition_key)
    essays = [essay.essay_id for essay in pairs.snapshot.essays]
    index = {essay_id: i for i, essay_id in enumerate(essays)}
    groups = components(len(essays), [(index[c.first_id], index[c.second_id]) for c in pairs.comparisons])
    degrees = Counter(i for c in pairs.comparisons for i in (c.first_id, c.second_id))
    cut_off = ", ".join(essays[i] for group in groups[1:] for i in group)
    remedy = f"Cut off from the rest: {cut_off}. Raise max_pairs_cap and materialise pair_set." if cut_off else ""
    return dg.AssetCheckResult(
        passed=len(groups) == 1 or bool(pairs.snapshot.prescribed),
        description=remedy,
        metadata={
            "n_groups": len(groups),
            "fewest_comparisons_of_an_essay": min(degrees[e] for e in essays),
            "most_comparisons_of_an_essay": max(degrees[e] for e in essays),
        },
    )
