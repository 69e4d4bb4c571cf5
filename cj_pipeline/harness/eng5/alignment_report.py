"""The alignment report: an artefact of mode anchor-align as a page for researchers. Nothing is measured here."""

import pandas as pd

from cj_pipeline.harness.eng5.alignment_sections import (
    about_run,
    anchors_in_order,
    by_steps,
    in_short,
    inversions,
    position,
    splits,
    targets,
)
from cj_pipeline.harness.eng5.markdown import fenced, paragraphs
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE, ranking_picture

_TERMS = """\
- **Direct inversion**: two anchors of different grade whose verdicts favour the lower grade. Every pair counts once,
  however often it was put. A pair with as many verdicts for either is *split*, and no inversion.
- **Grade by place**: the anchors are put in the order of their measures, and the known grades, sorted, are dealt out in
  that order; anchors with equal measures get the middle of what falls to them. *Within one* and *kappa* (quadratic
  weights) compare these grades with the known ones. The deal cannot show that a judge is lenient or severe throughout:
  comparative judgement has no grades of its own.
- **Foretold**: the grade an anchor gets when it is graded by all the others, as an essay of unknown grade would be. It
  is missing where the others have but one grade between them. What holds for few anchors holds here twice.
- **tau-b**: Kendall's rank correlation of measures and grades, corrected for anchors of equal grade; 1 is the order of
  the grades. Its interval, and that of kappa, is a 90 % bootstrap over the anchors: how far the figure might move with
  other anchors of this kind. Few anchors make it wide.
- **Measure**: place on the Bradley-Terry scale, logits, mean zero, with its standard error. One logit apart means that
  the better is preferred in about 73 of 100 verdicts.
- Shares have 95 % intervals (Wilson)."""


_BASELINE_NOTE = """\
Intervals: 95 % for shares, 90 % for tau-b and kappa. The reference system's figures are those it kept of its batch 108
(12 anchors among 24 essays, 200 comparisons); its tau is without correction for equal grades."""


def alignment_report(
    artefact: Artefact, *, artefact_file: str, picture_file: str, before: Artefact | None = None
) -> str:
    """The report as Markdown.

    Args:
        artefact: Of mode anchor-align.
        artefact_file: Name of the artefact's file, beside the report.
        picture_file: Name of the picture's file, beside the report.
        before: An earlier artefact to compare with.
    """
    head = f"# Anchor alignment: {artefact.metadata.title}"
    notice = f"> {SYNTHETIC_NOTICE} It says nothing about a language model." if artefact.metadata.synthetic else ""
    if artefact.alignment is None:
        status = artefact.validation.runner_status
        unfinished = f"**No result yet ({status.state}).** {status.reason} Run the same command again to go on."
        return paragraphs(head, notice, unfinished, "## The run", about_run(artefact, artefact_file))
    found = artefact.alignment
    return paragraphs(
        head,
        notice,
        in_short(artefact, found),
        targets(found, before),
        _BASELINE_NOTE,
        "## The run",
        about_run(artefact, artefact_file),
        "## The anchors in the judge's order",
        f"![Measures of the anchors with 95 % intervals]({picture_file})",
        anchors_in_order(artefact, found),
        "## Direct inversions",
        inversions(found),
        splits(found),
        "## How far apart two grades must be",
        by_steps(found),
        "## Does the order of showing matter?",
        position(artefact, found),
        "## What the words mean",
        _TERMS,
        "## The prompt",
        _prompt(artefact),
    )


def _prompt(artefact: Artefact) -> str:
    asked = artefact.inputs.prompt_reference
    origin = f"From `{asked.path}`; SHA-256 of the text `{asked.sha256[:16]}`. After it come the two essays."
    return f"{origin}\n\n{fenced(asked.content)}"


def alignment_picture(artefact: Artefact) -> bytes:
    """The anchors' measures with their intervals, as a PNG image."""
    rows = [
        {
            "essay_id": entry.essay_id,
            "measure": entry.theta,
            "standard_error": entry.standard_error,
            "anchor_grade": entry.anchor_grade,
        }
        for entry in artefact.bt_summary
    ]
    return ranking_picture(pd.DataFrame(rows), artefact.metadata.title, synthetic=artefact.metadata.synthetic)
