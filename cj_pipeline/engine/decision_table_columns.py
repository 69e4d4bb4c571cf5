"""What the columns of a ranking of recorded decisions mean; the reference is rendered from here."""

from typing import Final

ESSAY_COLUMNS: Final = (
    ("rank", "int", "1 is best; equal measures share a rank."),
    ("essay_id", "string", "Name of the essay, as in the decisions."),
    ("measure", "float", "Place on the scale, logits, mean zero."),
    ("standard_error", "float", "Standard error of the measure, logits; with --compatible from the diagonal alone."),
    ("measure_low", "float", "Lower end of the measure's 95 % interval, logits (from a fit with a weak prior)."),
    ("measure_high", "float", "Upper end of it."),
    ("rank_low", "int", "Best rank the decisions allow (90 % interval)."),
    ("rank_high", "int", "Worst rank the decisions allow."),
    ("n_comparisons", "int", "Decisions it took part in."),
    ("n_wins", "float", "Decisions it won, ties counting half."),
    ("adjusted_score", "float", "With --compatible: wins, moved away from the ends by 0.3."),
    (
        "infit",
        "float",
        "Mean square misfit weighted by information; near 1 where answers are as uncertain as expected.",
    ),
    ("outfit", "float", "Unweighted mean square misfit, moved by single surprises."),
    ("misfit", "string", "Whether infit or outfit lies outside what chance allows; empty where not."),
    ("diagonal_error", "float", "Standard error as No More Marking and sirt compute it, logits: mostly too small."),
)
JUDGE_COLUMNS: Final = (
    ("judge", "string", "Name of the judge, as in the decisions."),
    ("n_comparisons", "int", "Decisions made."),
    ("agreement", "float", "Share of them for the essay that the scale places higher, ties counting half."),
    ("agreement_expected", "float", "Share that the scale expects."),
    ("infit", "float", "As for essays."),
    ("infit_low", "float", "Lower end of what chance allows (99 % band, simulated)."),
    ("infit_high", "float", "Upper end of it."),
    ("outfit", "float", "As for essays."),
    ("misfit", "string", "As for essays."),
    (
        "position_effect",
        "float",
        "With judges' position effects: the judge's advantage of the essay shown first, logits.",
    ),
    ("position_effect_se", "float", "Its standard error beside the common effect, logits."),
    ("discrimination", "float", "With judges' discriminations: how strongly measures decide, geometric mean 1."),
    ("median_duration_s", "float", "Median time of a decision, seconds; empty where the files do not say."),
)
