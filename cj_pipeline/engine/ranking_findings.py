"""What the checks of a ranking find: whether each holds, the evidence, and what a person can do.

Pure functions of a ranking. What does not belong here: Dagster's words for it (defs).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from math import ceil, sqrt
from typing import Final

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.pairing import components
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.fitting import essay_index, judged
from cj_pipeline.engine.options import QualityOptions
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.scaling.newton import GRADIENT_TOLERANCE
from cj_pipeline.scaling.proportions import Z95
from cj_pipeline.scaling.reliability import ADAPTIVE_WARNING

_MOST_ROWS: Final = 10
_MORE_WAVES: Final = " More waves follow by themselves; look again at the final ranking."


def has_converged(ranking: Ranking, _: QualityOptions) -> Finding:
    """The fit has reached its optimum: the measures are the ones that the verdicts call for."""
    fit = ranking.fit
    holds = fit.scaled_gradient <= GRADIENT_TOLERANCE
    return Finding(
        holds,
        "" if holds else "The fit stopped short of its optimum; the measures are not to be used. Report this.",
        {"scaled_gradient": fit.scaled_gradient, "tolerance": GRADIENT_TOLERANCE, "n_newton_steps": fit.n_steps},
        ("essay", "measure"),
        tuple(ranking.table[["essay_id", "measure"]].head(_MOST_ROWS).itertuples(index=False, name=None)),
    )


def is_connected(ranking: Ranking, _: QualityOptions) -> Finding:
    """Verdicts link every essay with every other, directly or through others.

    Without that there is no common scale, and ranks across groups are refused.
    """
    snapshot, verdicts = ranking.pairs.snapshot, judged(ranking.pairs.comparisons)
    index = essay_index(snapshot)
    linking = [(c.first_id, c.second_id) for c in verdicts] + [(d.first_id, d.second_id) for d in ranking.pairs.people]
    groups = components(len(index), [(index[first], index[second]) for first, second in linking])
    names = [essay.essay_id for essay in snapshot.essays]
    partners = Counter(dict.fromkeys(names, 0))
    for pair in set(map(frozenset, linking)):
        partners.update(pair)
    lonely = ", ".join(names[i] for group in groups[1:] for i in group)
    fewest = sorted(partners.items(), key=lambda item: (item[1], item[0]))[:_MOST_ROWS]
    return Finding(
        len(groups) == 1,
        f"Cut off from the rest: {lonely}. Raise max_pairs_cap and materialise batch_submissions." if lonely else "",
        {"n_groups": len(groups), "fewest_partners_of_an_essay": fewest[0][1] if fewest else 0},
        ("essay", "essays it was compared with"),
        tuple(fewest),
    )


def errors_are_expected(ranking: Ranking, options: QualityOptions) -> Finding:
    """Standard errors are no larger than the planned comparisons can give for a class of this spread.

    There is no error that is good for every class, so this is compared with the plan and not with a fixed limit. The
    reference system's flags stand beside it. It warns.
    """
    fit, expected = ranking.fit, ranking.quality.expected
    mean = float(fit.standard_errors.mean())
    ratio = mean / expected.mean if expected.mean > 0 else 1.0
    planned, verdicts = len(ranking.pairs.comparisons), len(judged(ranking.pairs.comparisons))
    worst = ranking.table.nlargest(_MOST_ROWS, "standard_error")[["essay_id", "standard_error", "n_comparisons"]]
    holds = ratio <= options.error_ratio
    words = (
        f"The mean standard error is {ratio:.2f} times what the plan lets expect. {planned - verdicts} of {planned} "
        "comparisons have no verdict: ask them again (materialise batch_submissions). If none are missing, the plan is "
        "uneven: see the essays in the table."
    )
    return Finding(
        holds,
        "" if holds else words,
        {
            "mean_standard_error": mean,
            "expected_mean_standard_error": expected.mean,
            "expected_between": f"{expected.low:.2f} and {expected.high:.2f}",
            "ratio": ratio,
            "largest_allowed_ratio": options.error_ratio,
            "largest_standard_error": float(fit.standard_errors.max()),
            "expected_largest_standard_error": expected.largest,
            **{name: str(up).lower() for name, up in ranking.quality.flags.items()},
        },
        ("essay", "standard error", "comparisons"),
        tuple(worst.itertuples(index=False, name=None)),
    )


def is_reliable(ranking: Ranking, _: QualityOptions) -> Finding:
    """The reliability by marginal likelihood reaches `target_reliability` of assessment.yaml.

    Without a target it is only shown. It says how consistent the judges are, not whether they are right. It warns.
    """
    quality, target = ranking.quality, ranking.pairs.snapshot.assessment.target_reliability
    found = quality.scale.reliability
    holds = target is None or found >= target
    short = f"The reliability is {found:.2f}, and the target {target}. " if target is not None else ""
    words = (
        short + "More comparisons raise it: raise max_pairs_cap or comparisons_per_essay, and submit again. If essays "
        "hardly differ, no number of comparisons will."
    )
    halves = ((quality.scale.split_by_comparison, "by comparison"), (quality.scale.split_by_judge, "by judge"))
    rows = [
        ("by marginal likelihood (headline)", found),
        ("scale separation (SSR), as other programs print it", quality.scale.ssr.ssr),
        *((f"split half {kind}", half.spearman_brown) for half, kind in halves if half is not None),
    ]
    said = [] if holds else [words if ranking.is_final else words + _MORE_WAVES]
    return Finding(
        holds,
        " ".join(said + ([ADAPTIVE_WARNING] if quality.is_adaptive else [])),
        {"reliability": found, "target_reliability": "none" if target is None else target},
        ("reliability", "value"),
        tuple(rows),
    )


def position_is_bounded(ranking: Ranking, options: QualityOptions) -> Finding:
    """Being shown first neither helps nor hurts an essay by more than a bound (one logit unless set otherwise).

    That is asked of every judge whose own effect was estimated, and what its error explains is not held against it. The
    effect is taken out of the measures either way. It warns.
    """
    fit, scale = ranking.fit, ranking.quality.scale
    bound = options.max_position_effect
    own, errors = fit.position_effect + fit.judge_position, np.hypot(fit.position_effect_se, fit.judge_position_se)
    holds = bool(np.all((np.abs(own) <= bound) | (np.abs(own) <= Z95 * errors)))
    words = (
        "A judge's verdict depends much on which essay is shown first. It is taken out of the measures, and the orders "
        "are balanced, but such a judge tells little about close essays: try another model or a clearer rubric."
    )
    return Finding(
        holds,
        "" if holds else words,
        {
            "position_effect": fit.position_effect,
            "standard_error": fit.position_effect_se,
            "bound": bound,
            "n_reversed_repeats": scale.flips.rate.n,
            "flip_rate": scale.flips.rate.value,
            "flip_rate_expected": scale.flips.by_scale,
        },
        ("judge", "position effect", "standard error"),
        tuple(
            (name, float(effect), float(error))
            for name, effect, error in zip(ranking.quality.judges, own, errors, strict=True)
        ),
    )


def judges_fit(ranking: Ranking, _: QualityOptions) -> Finding:
    """No judge decides against the scale, or more regularly than it, beyond what chance explains.

    Infit and outfit of every judge lie within bands that are simulated for this very set of comparisons. It warns.
    """
    table, bands = ranking.judges, ranking.quality.scale.judge_bands
    outside = table[table["misfit"] != ""]
    chance = bands.chance_above + bands.chance_below
    # A panel of a few has no judge outside by chance; among hundreds, some are.
    allowed = ceil(chance + 2 * sqrt(chance)) if chance >= 1 else 0
    holds = len(outside) <= allowed
    names = ", ".join(f"{row.judge} ({row.misfit})" for row in outside.head(_MOST_ROWS).itertuples())
    words = (
        f"Outside its band: {names}. Above: decides against the scale more often than chance explains; look at its "
        "verdicts, and take it off the panel if they are careless. Below: more regular than expected; it may follow a "
        "simple feature such as length. See docs/reading-a-scale.md."
    )
    columns = ["judge", "n_comparisons", "infit", "infit_low", "infit_high", "outfit", "misfit"]
    shown = table.sort_values("misfit", ascending=False)[columns].head(_MOST_ROWS)
    return Finding(
        holds,
        "" if holds else words,
        {"n_judges": len(table), "n_outside": len(outside), "n_outside_by_chance": round(chance, 2)},
        tuple(columns),
        tuple(shown.itertuples(index=False, name=None)),
    )


def essays_are_ranked_once(ranking: Ranking, _: QualityOptions) -> Finding:
    """Every essay of the folder is ranked once, no other essay is, and no text stands there twice."""
    essays = ranking.pairs.snapshot.essays
    ranked, texts = Counter(ranking.table["essay_id"]), Counter(essay.digest for essay in essays)
    known = {essay.essay_id for essay in essays}
    seen = {i for c in ranking.pairs.comparisons if c.status == Outcome.OK for i in (c.first_id, c.second_id)}
    faults = [(name, "missing from the ranking") for name in sorted(known - set(ranked))]
    faults += [(name, "not in the folder") for name in sorted((set(ranked) | seen) - known)]
    faults += [(name, "ranked more than once") for name, count in sorted(ranked.items()) if count > 1]
    faults += [(essay.essay_id, "same text as another essay") for essay in essays if texts[essay.digest] > 1]
    named = "; ".join(f"{name}: {what}" for name, what in faults[:_MOST_ROWS])
    return Finding(
        not faults,
        f"{named}. Materialise essays, then submit again." if faults else "",
        {"n_essays": len(essays), "n_essays_ranked": len(ranking.table), "n_faults": len(faults)},
        ("essay", "fault"),
        tuple(faults),
    )


FINDERS: Final[Mapping[str, Callable[[Ranking, QualityOptions], Finding]]] = {
    "ranking_has_converged": has_converged,
    "ranking_is_connected": is_connected,
    "errors_are_as_expected": errors_are_expected,
    "reliability_meets_target": is_reliable,
    "position_effect_is_bounded": position_is_bounded,
    "judges_fit_the_scale": judges_fit,
    "essays_are_ranked_once": essays_are_ranked_once,
}
"""Every check of a ranking, by its name."""
