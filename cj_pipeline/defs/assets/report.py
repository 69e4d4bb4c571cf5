"""The `report` asset: the result as a page for teachers."""

from collections.abc import Iterator

import dagster as dg

from cj_pipeline.defs.assets.grade_projections import grade_projections
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.not_ready import not_ready
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.rescoring import scored_again_after
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_as_read
from cj_pipeline.engine.rank import Waiting
from cj_pipeline.reporting.html_report.pages import report_pages
from cj_pipeline.reporting.html_report.writing import write_report
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.reporting.shown_numbers import rounded
from cj_pipeline.reporting.versions import versions
from cj_pipeline.reporting.workbook.writing import write_export


@dg.asset(
    partitions_def=ASSESSMENTS,
    deps=[grade_projections],
    group_name="rank",
    kinds={"html"},
    output_required=False,
    automation_condition=scored_again_after("grade_projections"),
)
def report(
    context: dg.AssetExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """The result as a page that can be read without help, printed and passed on.

    One HTML file in the language of the essays (English or Swedish): the ranking with its intervals and what they mean,
    grades with their probabilities and the essays near a boundary, every essay with its comparisons and the judges'
    reasons, anchors, judges and how far they agree, people and models beside each other, reliability in words, the
    cost, and how everything was made. The essays themselves are not in it. Another language and the essays' texts
    come from the command line (`cj report`). Where there is a class list, students stand there by name, and only the
    owner of the files can read them. A workbook with the same numbers is written beside it (`cj export`).
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        data = bench.gather_report(name, versions())
    if isinstance(data, Waiting):
        yield from not_ready(context, data.reason)
        return
    tag_as_read(context, data.snapshot)
    pages = report_pages(data, data.snapshot.assessment.language)
    folder = bench.settings.reports_dir / name
    workbook = write_export(folder / "export", data)
    written = write_report(folder / "report.html", pages, owner_only=data.is_private)
    figures = {key: data.figures[key] for key in ("n_essays", "reliability", "mean_standard_error")}
    yield dg.Output(
        None,
        metadata={
            "report": dg.MetadataValue.path(str(written[0])),
            "n_pages": len(written),
            "workbook": dg.MetadataValue.path(str(workbook)),
            "made_by": SYNTHETIC_NOTICE if data.is_synthetic else str(data.ranking["made_by"].iloc[0]),
            "is_final": data.is_final,
            **{key: rounded(key, value) for key, value in figures.items() if value is not None},
            "n_essays_near_a_boundary": 0 if data.grades.empty else int(data.grades["near_boundary"].sum()),
            "n_disagreements_of_people": len(data.disagreements),
        },
    )
