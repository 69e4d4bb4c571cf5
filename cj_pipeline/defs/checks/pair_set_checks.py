"""Checks of the plan. Those that block keep what is wrong from being paid for; the others warn.

See docs/decisions/0049-what-blocks.md.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import dagster as dg

from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.check_results import check_result, check_specs
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.pairing import components
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.plan_findings import PLAN_FINDERS, look_at_plan
from cj_pipeline.engine.rank import current_pair_set

_NAMED: Final = 5
_BLOCKS: Final = frozenset({"pairs_repeat_as_planned"})


@dg.multi_asset_check(
    name="plan_checks",
    specs=check_specs(pair_set, PLAN_FINDERS, _BLOCKS),
    can_subset=True,
)
def plan_checks(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> Iterator[dg.AssetCheckResult]:
    """What is asked of a plan besides its cap and its connection."""
    with operator_failures():
        plan = look_at_plan(pipeline.bench().engine, context.partition_key)
    for key in context.selected_asset_check_keys:
        yield check_result(key.name, PLAN_FINDERS[key.name](plan))


@dg.asset_check(asset=pair_set, partitions_def=ASSESSMENTS, blocking=True)
def pair_set_is_within_cap(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """The pair set holds no more comparisons than `max_pairs_cap` allows."""
    with operator_failures():
        pairs = current_pair_set(pipeline.bench().engine, context.partition_key)
    n, cap = len(pairs.comparisons), pairs.snapshot.assessment.max_pairs_cap
    remedy = "" if n <= cap else "max_pairs_cap was lowered below what is planned: raise it again in assessment.yaml."
    waves = sorted(Counter(c.wave for c in pairs.comparisons).items())
    figures = {"n_comparisons": n, "max_pairs_cap": cap}
    return check_result(
        "pair_set_is_within_cap",
        Finding(n <= cap, remedy, figures, ("wave", "comparisons"), tuple(waves), is_grave=True),
    )


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
    counts = [degrees[essay_id] for essay_id in essays]
    figures = {
        "n_groups": len(groups),
        "fewest_comparisons_of_an_essay": min(counts),
        "most_comparisons_of_an_essay": max(counts),
    }
    rows = tuple((k, len(group), ", ".join(essays[i] for i in group[:_NAMED])) for k, group in enumerate(groups, 1))
    return check_result(
        "pair_set_is_connected",
        Finding(
            len(groups) == 1 or bool(pairs.snapshot.prescribed),
            remedy,
            figures,
            ("group", "essays", "first of them"),
            rows,
            is_grave=True,
        ),
    )
