"""The `essays` asset: intake."""

import dagster as dg

from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import essays_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_as_read
from cj_pipeline.defs.run_wishes import RunWishes
from cj_pipeline.domain.pseudonyms import LABEL


@dg.asset(partitions_def=ASSESSMENTS, group_name="plan", kinds={"pandas", "parquet"}, retry_policy=None)
def essays(
    context: dg.AssetExecutionContext, config: RunWishes, pipeline: PipelineResource
) -> dg.MaterializeResult[None]:
    """The essays to be compared, as they are in the assessment's folder right now.

    Every file is read and checked, and each text gets a digest: an essay that is edited later gets new comparisons,
    all others keep theirs. Where there is a class list, its names, ids, classes, schools and contacts are replaced by
    labels, in texts and in the essays' names, and only labels go on from here. Anchor essays, whose grade is known,
    are essays like any other here. Nothing leaves this machine at this step. A run may ask for other settings than the
    file's (mode, a lower cap, prompt, model); what it asked for is shown as overrides and holds until the essays are
    read again.
    """
    with operator_failures():
        bench = pipeline.bench()
        snapshot = bench.read(context.partition_key, config.overrides())
        bench.tables.save_snapshot(snapshot)
    tag_as_read(context, snapshot)
    anchors = [essay for essay in snapshot.essays if essay.is_anchor]
    return dg.MaterializeResult(
        data_version=dg.DataVersion(snapshot.digest[:16]),
        metadata={
            "dagster/row_count": len(snapshot.essays),
            "n_anchors": len(anchors),
            "n_words": sum(essay.n_words for essay in snapshot.essays),
            "n_left_out": len(snapshot.left_out),
            "n_replaced": sum(len(LABEL.findall(essay.text)) for essay in snapshot.essays),
            "overrides": dg.MetadataValue.json(dict(snapshot.overrides)),
            "title": snapshot.assessment.title,
            "task": dg.MetadataValue.md(snapshot.assessment.task),
            "rubric": dg.MetadataValue.md(snapshot.assessment.rubric),
            "folder": dg.MetadataValue.path(str(bench.settings.assessments_dir / snapshot.name)),
            "preview": dg.MetadataValue.md(essays_preview(snapshot)),
            **column_metadata("essays"),
        },
    )
