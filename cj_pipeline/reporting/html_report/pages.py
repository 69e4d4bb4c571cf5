"""The report as HTML, from templates that escape everything but our own charts."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.html_report import details, overview
from cj_pipeline.reporting.html_report.essay_parts import EssayPart, essay_parts
from cj_pipeline.reporting.html_report.saying import Saying

MOST_IN_ONE_FILE: Final = 2000
"""With more essays, every essay has a page of its own in a folder beside the report."""

ESSAY_FOLDER: Final = "essays"


def report_pages(data: ReportData, language: str, *, with_texts: bool = False) -> dict[str, str]:
    """Render a report.

    Args:
        data: What it says.
        language: In which language, ISO 639-1.
        with_texts: Whether the essays themselves are shown.

    Returns:
        Pages by their path beside the report: the report itself under the empty path, and with more than
        `MOST_IN_ONE_FILE` essays a page for each.
    """
    anchors = {essay_id: f"essay-{place}" for place, essay_id in enumerate(data.ranking["essay_id"], 1)}
    if len(anchors) <= MOST_IN_ONE_FILE:
        s = Saying(data, language, lambda essay_id: f"#{anchors[essay_id]}")
        return {"": _report(s, essay_parts(s, with_texts=with_texts))}
    inside = Saying(data, language, lambda essay_id: f"{ESSAY_FOLDER}/{anchors[essay_id]}.html")
    beside = Saying(data, language, lambda essay_id: f"{anchors[essay_id]}.html")
    pages = {
        f"{ESSAY_FOLDER}/{part.anchor}.html": _render("essay.html", beside, {"part": part})
        for part in essay_parts(beside, with_texts=with_texts)
    }
    return {"": _report(inside, []), **pages}


def _report(s: Saying, parts: list[EssayPart]) -> str:
    values = {
        "brief": overview.in_brief(s),
        "ranking_chart": _chart(overview.chart_of_ranking(s)),
        "ranking": overview.ranking_table(s),
        "grades_chart": _chart(details.chart_of_grades(s)),
        "grades": details.grade_tables(s),
        "has_near": not s.data.grades.empty and bool(s.data.grades["near_boundary"].any()),
        "anchors": details.anchors_table(s),
        "anchors_line": details.anchors_line(s),
        "judges": details.judges_table(s),
        "position": details.position_lines(s),
        "disagreements": details.disagreements_table(s),
        "n_more_disagreements": max(0, len(s.data.disagreements) - details.MOST_DISAGREEMENTS),
        "reliability": overview.reliability_line(s),
        "quality": overview.quality_table(s),
        "cost": overview.cost_lines(s),
        "manifest": overview.manifest_tables(s),
        "parts": parts,
    }
    return _render("report.html", s, values)


def _chart(chart: Mapping[str, str] | None) -> dict[str, Any] | None:
    """A chart ready for the template: our own drawing, in which every name was escaped by matplotlib."""
    return None if chart is None else {**chart, "svg": Markup(chart["svg"])}  # noqa: S704 (see above)


def _render(template: str, s: Saying, values: Mapping[str, object]) -> str:
    data = s.data
    fixed = {
        "s": s,
        "w": s.w,
        "title": data.snapshot.assessment.title,
        "made": s.say("made", date=f"{data.made_at:%Y-%m-%d %H:%M} UTC"),
        "standing": s.say("final", why=s.w[f"stop_{data.stop_reason}"]) if data.is_final else s.say("interim"),
        "data": data,
    }
    return _TEMPLATES.get_template(template).render(**fixed, **values)


_TEMPLATES = Environment(
    loader=PackageLoader("cj_pipeline.reporting.html_report"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
