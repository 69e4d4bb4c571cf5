"""Checks of the essays as files and texts. They warn: a person looks, and decides."""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import dagster as dg

from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.intake_previews import evidence_table
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.near_duplicates import near_duplicates
from cj_pipeline.domain.personal_data import find_personal
from cj_pipeline.domain.pseudonyms import Masker
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.intake.languages import language_of

_SHORT, _LONG = 1 / 3, 3.0
_FEWEST_WORDS: Final = 30
_MOST_NAMES: Final = 20


def _snapshot(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> AssessmentSnapshot:
    with operator_failures():
        return load_snapshot(pipeline.bench().engine, context.partition_key)


def _warning(said: str, remedy: str, metadata: dict[str, Any]) -> dg.AssetCheckResult:
    """A check that warns when it has something to say."""
    return dg.AssetCheckResult(
        passed=not said,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{said} {remedy}" if said else "",
        metadata=metadata,
    )


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_are_all_read(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """No essay was left out because it could not be read or used.

    An essay can only be left out where the assessment says `skip_unreadable: true`; else it stops everything. Each is
    named here with the reason and the remedy. Its writer gets no rank.
    """
    snapshot = _snapshot(context, pipeline)
    left_out = snapshot.left_out
    return _warning(
        f"{len(left_out)} left out: {_named([name for name, _ in left_out])}." if left_out else "",
        "Mend them as the table says and run it again: only what is new is compared.",
        {
            "n_essays": len(snapshot.essays),
            "n_left_out": len(left_out),
            "left_out": evidence_table(("essay", "why, and what to do"), left_out),
        },
    )


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_are_distinct(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """No two essays share half or more of their wording.

    Compared are sequences of five words, without what the task quotes and what stands in more than 20 essays. Two
    such essays may be one essay in two versions, a text that was passed on, or two writers with one source. Nothing
    is decided here: both are ranked.
    """
    snapshot = _snapshot(context, pipeline)
    ids = [essay.essay_id for essay in snapshot.essays]
    assessment = snapshot.assessment
    found = near_duplicates([essay.text for essay in snapshot.essays], [assessment.task, assessment.rubric])
    rows = [(ids[twins.first], ids[twins.second], f"{twins.shared:.0%}") for twins in found]
    return _warning(
        f"{len(rows)} pair(s) of essays share much of their wording, first {rows[0][0]} and {rows[0][1]}."
        if rows
        else "",
        "Read them side by side. Remove a version that is not to be judged; decide on the rest by your school's rules.",
        {
            "n_pairs": len(rows),
            "pairs": evidence_table(("essay", "essay", "of the shorter one also in the other"), rows),
        },
    )


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_have_usual_length(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """No essay is shorter than a third of the median or 30 words, or longer than three times the median.

    A very short text is often a file that was saved half-way, or a scan of which only a heading could be read; a very
    long one may hold several essays, or the task again.
    """
    snapshot = _snapshot(context, pipeline)
    usual = median(essay.n_words for essay in snapshot.essays)
    low, high = max(usual * _SHORT, _FEWEST_WORDS), max(usual * _LONG, _FEWEST_WORDS)
    lengths = sorted((e.n_words, e.essay_id) for e in snapshot.essays)
    rows = [(essay_id, n_words) for n_words, essay_id in lengths if not low <= n_words <= high]
    return _warning(
        f"Of unusual length: {_named([name for name, _ in rows])}." if rows else "",
        "Open the files and see whether all of the essay, and nothing else, was read.",
        {
            "median_words": usual,
            "n_unusual": len(rows),
            "lengths": evidence_table(("essay", "words"), rows),
        },
    )


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_are_in_the_language(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Every essay is in the assessment's language, as far as a program can tell.

    The judge is told which language to expect. Texts of fewer than 20 words, and those whose language is not clear,
    are not counted.
    """
    snapshot = _snapshot(context, pipeline)
    expected = snapshot.assessment.language
    found = [(essay.essay_id, language_of(essay.text)) for essay in snapshot.essays]
    rows = [(name, it.code, f"{it.probability:.0%}") for name, it in found if it.code not in {"", expected}]
    return _warning(
        f"Not in {expected!r}: {_named([name for name, *_ in rows])}." if rows else "",
        "If most are named here, correct `language` in assessment.yaml (all comparisons are asked again); if a few "
        "are, see whether they belong to this task.",
        {
            "language": expected,
            "n_unclear": sum(not it.code for _, it in found),
            "n_other": len(rows),
            "languages": evidence_table(("essay", "language", "probability"), rows),
        },
    )


@dg.asset_check(asset=essays, partitions_def=ASSESSMENTS)
def essays_hold_no_personal_data(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Nothing in the texts looks like personal data, beyond what the class list let the program replace.

    Looked for are e-mail addresses, accounts, telephone numbers, Swedish personal numbers (by their check digit), long
    numbers, and names by which writers introduce themselves. They may be invented, or nobody's. Also named are parts
    of students' names that were left because they are words too, and entries of the class list that are too short to
    be searched for. Nothing is altered here, and a warning stops nothing.
    """
    snapshot = _snapshot(context, pipeline)
    with operator_failures():
        masker = Masker(pipeline.bench().pseudonyms(snapshot.name))
    found = [(e.essay_id, p.kind, p.masked, p.paragraph) for e in snapshot.essays for p in find_personal(e.text)]
    words = [(e.essay_id, word) for e in snapshot.essays for word in sorted(set(masker.doubtful(e.text)))]
    flagged = sorted({essay_id for essay_id, *_ in found})
    return _warning(
        f"Looks like personal data: {_named(flagged)}." if flagged else "",
        "Read the paragraphs. What must not leave: add it to the class list (roster.csv), or take it out of the file.",
        {
            "n_flagged": len(flagged),
            "places": evidence_table(("essay", "kind", "text", "paragraph"), found),
            "n_names_left_as_words": len(words),
            "names_left_as_words": evidence_table(("essay", "word"), words),
            "n_entries_too_short": len(masker.unsearched),
        },
    )
