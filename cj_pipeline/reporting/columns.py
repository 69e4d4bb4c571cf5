"""What the columns of all published tables mean: Dagster's pages, the reference and the workbook's dictionary."""

from typing import Final, TypeAlias

from cj_pipeline.reporting.grade_columns import GRADE_COLUMNS

Column: TypeAlias = tuple[str, str, str]
"""Name, type, meaning."""

_FIT = (
    ("infit", "float", "Squared surprise of the verdicts beside what the scale expects, weighted by information."),
    ("infit_low", "float", "Lower end of where infit lies by chance alone."),
    ("infit_high", "float", "Upper end of it."),
    ("outfit", "float", "The same unweighted, so that single big surprises count more."),
    ("outfit_low", "float", "Lower end of where outfit lies by chance alone."),
    ("outfit_high", "float", "Upper end of it."),
    ("misfit", "string", "above: less predictable than chance explains; below: more; empty: within both bands."),
)

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "comparisons": (
        ("comparison_id", "string", "Name of the comparison in the ledger."),
        ("wave", "int", "1 for what was planned first."),
        ("judge", "string", "Provider and model asked."),
        ("answered_by", "string", "Who gave the verdict; says so if it was the synthetic judge."),
        ("first", "string", "Essay shown first."),
        ("second", "string", "Essay shown second."),
        ("outcome", "string", "How the request ended; only ok has a verdict."),
        ("winner", "string", "Essay judged better; empty without a verdict."),
        ("winner_position", "string", "Whether the winner was shown first or second."),
        ("strength", "int", "1 slightly, 2 clearly, 3 much better; 0 without a verdict."),
        ("reason", "string", "The judge's reason."),
        ("error", "string", "Why there is no verdict."),
        ("n_attempts", "int", "Times it was asked."),
    ),
    "human_decisions": (
        ("judge", "string", "Who decided."),
        ("first", "string", "Essay shown first, or named first in the file."),
        ("second", "string", "The other essay."),
        ("winner", "string", "Essay found better; empty for a tie."),
        ("winner_position", "string", "first, second or tie; empty where the order is not known."),
        ("time_ms", "float", "How long it took, milliseconds; empty where not known."),
        ("source", "string", "page, or the name of the file."),
        ("decided_at", "string", "When it was made, ISO 8601."),
        ("models_prefer", "string", "Essay that most models preferred; empty where none judged the pair, or a draw."),
    ),
    "rankings": (
        ("rank", "int", "1 is best; equal measures share a rank."),
        ("essay_id", "string", "Essay."),
        ("student", "string", "Who wrote it, by the class list; empty if unknown. In this table only, never sent."),
        ("measure", "float", "Place on the scale, logits, mean zero."),
        ("standard_error", "float", "Standard error of the measure, logits."),
        ("interval_low", "float", "Lower end of the measure's 95 % interval, from a fit with a weak prior, logits."),
        ("interval_high", "float", "Upper end of it, logits."),
        ("diagonal_error", "float", "Standard error as if all other essays were known, as other software prints it."),
        ("rank_low", "int", "Best rank the data allow (90 % interval)."),
        ("rank_high", "int", "Worst rank the data allow (90 % interval)."),
        ("n_comparisons", "int", "Comparisons it took part in."),
        ("n_wins", "int", "Comparisons it won."),
        *_FIT,
        ("anchor_grade", "string", "Known grade, anchors only."),
        ("n_words", "int", "Length in words."),
        ("made_by", "string", "Judges whose verdicts it rests on; says so if it was the synthetic judge."),
    ),
    "judges": (
        ("judge", "string", "Provider and model asked."),
        ("n_comparisons", "int", "Verdicts it gave."),
        *_FIT,
        ("agrees_with_scale", "float", "Share of its verdicts for the essay that the scale places higher."),
        ("agreement_expected", "float", "Share that the scale expects."),
        ("agrees_with_others", "float", "Share of pairs that another judge saw too on which both agree."),
        ("n_common_pairs", "float", "How many such pairs there are, counted once for every other judge."),
        ("first_share", "float", "Share of its verdicts for the essay shown first."),
        ("position_effect", "float", "Advantage of being shown first to this judge, logits."),
        ("discrimination", "float", "How sharply it tells essays apart beside the others; 1 where it was not fitted."),
    ),
    **GRADE_COLUMNS,
}
"""Columns of the published tables, by table."""

_BY_KIND: Final[tuple[Column, ...]] = (
    ("judge_type", "string", "llm or human."),
    ("agrees_with_models", "float", "Share of pairs that models judged too on which they agree."),
    ("n_pairs_with_models", "int", "How many such pairs there are, counted once for every model."),
    ("agrees_with_people", "float", "Share of pairs that other people judged too on which they agree."),
    ("n_pairs_with_people", "int", "How many such pairs there are, counted once for every person."),
)

REPORT_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    # Reports name students in the place of ids, where they do at all.
    "Ranking": tuple(column for column in COLUMNS["rankings"] if column[0] != "student"),
    "Grades": COLUMNS["grade_projections"],
    "Boundaries": COLUMNS["grade_boundaries"],
    "Anchors": COLUMNS["anchor_evidence"],
    "Judges": (*COLUMNS["judges"], *_BY_KIND),
    "Disagreements": (
        ("judge_id", "string", "Person who decided."),
        ("preferred", "string", "Essay the person found better."),
        ("other", "string", "Essay the person found worse."),
        ("gap", "float", "By how many logits the other one lies above the one preferred; below 0: it lies below."),
        ("chance", "float", "Chance that the scale gave this decision."),
        ("against", "string", "Whom it contradicts: most models on this pair, the scale, or both."),
        ("models_prefer", "string", "Essay that most models preferred; empty where none judged the pair, or a draw."),
        ("model_reason", "string", "A model's reason for the other essay, and its letter in that reason."),
        ("time_ms", "int", "How long the person took, milliseconds."),
        ("source", "string", "page, or the name of the file."),
    ),
    "Decisions": (
        ("decision_id", "string", "Name of the decision in the ledger."),
        ("session_id", "string", "Judging session; empty for people."),
        ("judge_id", "string", "Model asked, or person."),
        ("judge_type", "string", "llm or human."),
        ("answered_by", "string", "Who really answered; says so if it was the synthetic judge."),
        ("prompt_hash", "string", "SHA-256 of what the model was asked."),
        ("batch_id", "string", "The provider's name of the job that brought the answer."),
        ("wave", "int", "1 for what was planned first."),
        ("left_id", "string", "Essay shown first (A), or named first in a file."),
        ("right_id", "string", "The other essay (B)."),
        ("winner", "string", "left, right, tie, or invalid where there is no verdict."),
        ("winner_id", "string", "Essay preferred."),
        ("loser_id", "string", "The other one."),
        ("strength", "int", "1 slightly, 2 clearly, 3 much better; people are not asked."),
        ("chance", "float", "Chance that the scale gave this outcome."),
        ("surprising", "bool", "Whether that chance is below 10 %."),
        ("reason", "string", "The judge's reason."),
        ("error", "string", "Why there is no verdict."),
        ("time_ms", "int", "How long a person took, milliseconds."),
        ("created_at", "string", "When it was collected or made, ISO 8601."),
        ("source", "string", "page, or the name of the file; empty for models."),
    ),
    "Feedback": (
        ("essay_id", "string", "Essay."),
        ("criterion", "string", "Criterion of the rubric, or a general one where the rubric names none."),
        ("kind", "string", "strength, weakness, or outdone: praised in the other essay, not mentioned in this one."),
        ("n_remarks", "int", "Reasons that speak so of it."),
        ("n_reasons", "int", "Reasons of all its comparisons."),
        ("quotations", "string", "Such reasons, a line each, with the letter of this essay in them."),
        ("made_by", "string", "That it was sorted and counted by a machine, unchecked."),
    ),
    "Manifest": (
        ("section", "string", "What it is about."),
        ("item", "string", "What it is."),
        ("value", "string", "Its value."),
    ),
}
"""Columns of a report's tables, by sheet of the workbook."""
