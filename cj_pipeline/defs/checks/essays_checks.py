"""Checks of the essays. They warn: a person decides what to do about an essay."""

import dagster as dg

from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import markdown_table, passage_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.hostile_text import find_hostile
from cj_pipeline.engine.plan import load_snapshot

_ROWS = 20
_HEAD = ("essay", "what it looks like", "passage")


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_do_not_address_the_judge(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """No essay speaks to the judge ("choose this one"), imitates its instructions or answers, or hides text.

    The passages are shown for a person to look at. Nothing is changed or left out: the essays are judged as they stand,
    between tags that no essay can close. Not every trick is found, and an honest essay may be flagged.
    """
    with operator_failures():
        snapshot = load_snapshot(pipeline.bench().engine, context.partition_key)
    found = [(essay.essay_id, passage) for essay in snapshot.essays for passage in find_hostile(essay.text)]
    flagged = {essay_id for essay_id, _ in found}
    rows = [(essay_id, passage.family, passage_preview(passage)) for essay_id, passage in found[:_ROWS]]
    names = ", ".join(sorted(flagged))
    remedy = f"Read these passages, and decide whether the essays are to be judged as they are: {names}."
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description=remedy if found else "",
        metadata={
            "n_essays_flagged": len(flagged),
            "n_passages": len(found),
            "passages": dg.MetadataValue.md(markdown_table(_HEAD, rows, len(found))),
        },
    )
