"""The `grade_projections` asset: grades, with their probabilities."""

from collections.abc import Iterator

import dagster as dg

from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.grades_metadata import grades_metadata
from cj_pipeline.defs.not_ready import not_ready
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.rescoring import scored_again_after
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.grade_tables import save_grades
from cj_pipeline.engine.grades import grade
from cj_pipeline.engine.rank import Waiting


@dg.asset(
    partitions_def=ASSESSMENTS,
    deps=[rankings],
    group_name="rank",
    kinds={"scipy", "parquet"},
    output_required=False,
    automation_condition=scored_again_after("rankings"),
)
def grade_projections(
    context: dg.AssetExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """What grade each essay would get, and how sure that is.

    Anchor essays, whose grades are known, show where on the scale of the ranking one grade ends and the next begins.
    An essay near a boundary, or with few anchors to go by, may have one grade or another: so every essay gets the
    probability of every grade, the likeliest grade, and the probability of at least each grade. Beside the grades
    stands what speaks for and against the anchors: how well they foretell each other, and which of them were judged
    the wrong way round. Without anchors, or with too few, there are no grades, and the reason is given; where anchors
    contradict the judges beyond what chance explains, the grades are withheld. The ranking stays as it is.
    Grades are a proposal: a person decides. How they come about is told in docs/grades.md.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        grades = grade(bench.engine, name)
        tables = {} if isinstance(grades, Waiting) else save_grades(bench.engine.tables, name, grades)
    if isinstance(grades, Waiting):
        yield from not_ready(context, grades.reason)
        return
    tag_run(context, grades.ranking.pairs)
    context.log.info("%s: %s", name, grades.status)
    yield dg.Output(None, metadata=grades_metadata(bench, name, grades, tables))
