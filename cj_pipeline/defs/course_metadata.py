"""How far an assessment is, for Dagster's pages: figures, a table of waves, and the picture of waves and cost."""

from typing import Any

import dagster as dg

from cj_pipeline.defs.pictures import inline_picture
from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.engine.course import Course
from cj_pipeline.reporting.course_picture import course_picture


def course_metadata(found: Course, title: str, *, synthetic: bool) -> dict[str, Any]:
    """Progress and cost.

    Args:
        found: How far the assessment is.
        title: Its title.
        synthetic: Whether a synthetic judge is asked.
    """
    limit = {} if found.limit_usd is None else {"cost_limit_usd": found.limit_usd}
    rows = ((w.wave, w.n, w.n_verdicts, w.n_without, w.n_under_way, w.n_planned) for w in reversed(found.waves))
    header = ("wave", "comparisons", "with a verdict", "without", "being judged", "to be asked")
    return {
        "picture": inline_picture("Waves and cost so far", course_picture(found, title, synthetic=synthetic)),
        "progress": round(found.progress, 4),
        "n_waves": len(found.waves),
        "waves": dg.MetadataValue.md(markdown_table(header, rows, len(found.waves))),
        "spent_usd": round(found.spending.spent_usd, 6),
        "reserved_usd": round(found.spending.reserved_usd, 6),
        "possibly_paid_usd": round(found.spending.possible_usd, 6),
        **limit,
    }
