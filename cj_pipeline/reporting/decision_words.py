"""What a ranking of decisions says, in words: what was read, how reliable it is, whether the place mattered.

How well the answers fit is said in `decision_fit_words`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import expit

from cj_pipeline.domain.decision_rows import DecisionRows
from cj_pipeline.engine.decision_ranking import ScaleRanking
from cj_pipeline.engine.decisions import Decisions
from cj_pipeline.reporting.counted import counted, named, signed
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.reliability import separation_ratio, strata
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.scale_quality import ScaleQuality
from cj_pipeline.scaling.split_half import SplitHalf

_LINES_SHOWN: Final = 5
_GRADES: Final = (
    (0.9, "high: single essays can be told apart well"),
    (0.8, "good: research on comparative judgement asks for 0.8"),
    (0.7, "fair: groups of essays can be told apart, single ones often not"),
    (-np.inf, "low: the order of single essays says little, more decisions are needed"),
)


def what_was_read(decisions: Decisions) -> list[str]:
    """Numbers, tables, and what was left out."""
    times = np.bincount(np.concatenate([decisions.data.first, decisions.data.second]))
    judges = f" by {counted(len(decisions.judges), 'judge')}" if decisions.names_judges else " by judges without names"
    spread = f"{times.min()} to {times.max()} times" if times.min() < times.max() else f"{times.min()} times"
    numbers = f"{counted(len(decisions.rows), 'decision')} on {counted(len(decisions.essay_ids), 'essay')}{judges}"
    lines = [f"{numbers}; each essay was compared {spread}, {times.mean():.1f} on average."]
    for table in decisions.tables:
        lines += [f"{table.source}: read as {table.convention}.", *_left_out(table)]
    if decisions.dropped:
        lines.append(
            f"{counted(len(decisions.dropped), 'essay')} left out with their decisions, compared too seldom: "
            f"{named(decisions.dropped)}."
        )
    return lines


def _left_out(table: DecisionRows) -> list[str]:
    lines = []
    for group in table.left_out:
        shown = ", ".join(map(str, group.lines[:_LINES_SHOWN]))
        more = ", ..." if len(group.lines) > _LINES_SHOWN else ""
        where = f"line{'s' * (len(group.lines) > 1)} {shown}{more}"
        lines.append(f"{table.source}: {counted(len(group.lines), 'row')} left out: {group.reason} ({where}).")
    return lines


def how_reliable(ranking: ScaleRanking) -> list[str]:
    """Reliability, and what it means."""
    reliability, fit = ranking.reliability, ranking.fit
    kind = "by marginal likelihood" if ranking.has_prior else "scale separation with full errors, no prior"
    meaning = f"the share of the spread between essays that is not error. {grade(reliability).capitalize()}."
    lines = [f"Reliability {reliability:.2f} ({kind}): {meaning}"]
    ratio = separation_ratio(reliability)
    if ratio > 0:
        lines.append(
            f"Measures spread by {np.std(fit.measures):.2f} logits, with a mean standard error of "
            f"{np.mean(fit.standard_errors):.2f}; about {strata(ratio):.1f} levels of quality can be told apart."
        )
    others = _others(ranking.quality)
    if others:
        lines.append(
            f"For comparison: {'; '.join(others)}. These are too high, even for coin tosses, if pairs were chosen by "
            "earlier answers (adaptive sessions)."
        )
    return lines


def _others(found: ScaleQuality) -> list[str]:
    halves = ((found.split_by_comparison, "decisions"), (found.split_by_judge, "judges"))
    lines = [_half(half, by) for half, by in halves if half is not None]
    if not np.isnan(found.ssr.ssr):
        lines.append(f"SSR as No More Marking and sirt print it {found.ssr.ssr:.2f}")
    return lines


def grade(reliability: float) -> str:
    """A reliability in words."""
    return next(words for least, words in _GRADES if not round(reliability, 2) < least)


def _half(half: SplitHalf, by: str) -> str:
    return (
        f"split half by {by} {half.spearman_brown:.2f} ({half.low:.2f} to {half.high:.2f} over {half.n_splits} splits)"
    )


def whether_place_mattered(ranking: ScaleRanking) -> list[str]:
    """The position effect, and answers that changed with it."""
    decisions, fit, flips = ranking.decisions, ranking.fit, ranking.quality.flips
    if decisions.order_unknown:
        return [f"No position effect: {decisions.order_unknown}."]
    lines = (
        [_effect(fit)] if fit.position_effect_se else ["The advantage of being shown first was not fitted, as asked."]
    )
    if flips.rate.n:
        rate = flips.rate
        lines.append(
            f"Of {rate.n:.0f} pairs that a judge saw in both orders, {rate.value:.0%} ({rate.low:.0%} to "
            f"{rate.high:.0%}) got another winner; the scale expects {flips.by_scale:.0%}."
        )
    return lines


def _effect(fit: ScaleFit) -> str:
    effect = f"{signed(fit.position_effect)} logits (standard error {fit.position_effect_se:.2f})"
    wins = f"of two equal essays the first wins {expit(fit.position_effect):.0%}"
    return f"Advantage of being shown first: {effect}; {wins}. It is taken out of the measures."


def how_it_was_fitted(fit: ScaleFit) -> str:
    """Prior, cut points and certificate."""
    if fit.prior_estimated:
        prior = f"a prior spread of {fit.prior_sd:.2f} logits, estimated from the decisions"
    else:
        prior = f"a prior spread of {fit.prior_sd:g} logits, as asked" if fit.prior_sd else "no prior, as asked"
    certificate = f"largest gradient {fit.scaled_gradient:.0e} per comparison"
    return f"Fitted with {prior}{_cuts(fit.cut_points)}. The fit converged: {certificate}."


def _cuts(cut_points: Sequence[Floats]) -> str:
    wide = [cuts for cuts in cut_points if len(cuts) > 1]
    if not wide:
        return ""
    shown = "; ".join(", ".join(signed(cut) for cut in cuts) for cuts in wide)
    return f" and ordered answers (cut points {shown})"
