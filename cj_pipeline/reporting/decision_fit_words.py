"""How well decisions fit their scale, in words: essays, judges, circles, surprises."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cj_pipeline.engine.decision_ranking import CompatibleRanking, ScaleRanking
from cj_pipeline.engine.decisions import Decisions
from cj_pipeline.reporting.counted import counted, named
from cj_pipeline.scaling.epsilon_adjusted import separation_index
from cj_pipeline.scaling.fit_statistics import Misfit
from cj_pipeline.scaling.misfit_bands import Bands
from cj_pipeline.scaling.reliability import separation
from cj_pipeline.scaling.scale_quality import ScaleQuality

_SURPRISES_SHOWN: Final = 5
NMM_FLAG: Final = 1.3
"""Infit from which No More Marking marks a script or a judge."""

_METHOD: Final = (
    "Estimated as No More Marking and sirt do: scores moved 0.3 away from the ends, errors from the diagonal of the "
    "information. These errors leave out what is unknown about the opponents; for a scale to rely on, rank without "
    "--compatible."
)
_ADAPTIVE: Final = "Too high, even for coin tosses, if pairs were chosen by earlier answers (adaptive sessions)."


def how_well_it_fits(ranking: ScaleRanking) -> list[str]:
    """Who is less predictable than chance allows, agreement with the scale, circles, and the greatest surprises."""
    found, decisions = ranking.quality, ranking.decisions
    lines = [_outside("essay", decisions.essay_ids, found.essays, found.essay_bands)]
    if len(decisions.judges) > 1:
        lines.append(_outside("judge", decisions.judges, found.judges, found.judge_bands))
    lines += [_agreement(found), *_between(found)]
    triads = found.triads
    if triads.n_triads:
        lines.append(
            f"Of {counted(triads.n_triads, 'triad')} of essays that all met, {triads.n_circular:,} "
            f"({triads.circular_share:.0%}) are circular (A over B over C over A); the scale expects "
            f"{triads.by_scale:,.0f}, coin tosses {triads.by_chance:,.0f}."
        )
    return [*lines, *_surprises(found, decisions)]


def _outside(what: str, names: Sequence[str], misfit: Misfit, bands: Bands) -> str:
    side = bands.outside(misfit)
    worst_first = np.argsort(-np.nan_to_num(misfit.infit), kind="stable")
    above = [names[i] for i in worst_first if side[i] > 0]
    expected = f"by chance alone {bands.chance_above:.1f} would be"
    if not above:
        return f"No {what} is less predictable than chance allows ({expected})."
    many = f"{counted(len(above), what)} of {len(names)} {'is' if len(above) == 1 else 'are'}"
    return f"{many} less predictable than chance allows ({expected}): {named(above)}."


def _agreement(found: ScaleQuality) -> str:
    n = np.array([a.observed.n for a in found.with_scale])
    pairs = [(a.observed.value, a.expected) for a in found.with_scale if a.observed.n]
    observed, expected = np.average(np.array(pairs), axis=0, weights=n[n > 0])
    return f"{observed:.0%} of the decisions agree with the scale; it expects {expected:.0%}."


def _between(found: ScaleQuality) -> list[str]:
    n = sum(pair.same.n for pair in found.between)
    if not n:
        return []
    same = sum(pair.same.n * pair.same.value for pair in found.between)
    return [
        f"Where two judges saw the same pair ({n:,.0f} times), they agreed in {same / n:.0%}; coin tosses would in 50%."
    ]


def _surprises(found: ScaleQuality, decisions: Decisions) -> list[str]:
    """The most surprising decisions, each pair with the same winner once."""
    shown: dict[tuple[str, str], str] = {}
    figures = (found.surprises.row, found.surprises.first_wins, found.surprises.residual)
    for row, p, residual in zip(*(values.tolist() for values in figures), strict=True):
        decision = decisions.rows[row]
        names, chance = (decision.first, decision.second), p
        if residual < 0:
            names, chance = (decision.second, decision.first), 1 - p
        verb = "tied with" if decision.answer.winner == "tie" else "over"
        judge = f", judge {decision.judge}" if decision.judge else ""
        line = f"  {names[0]} {verb} {names[1]} (expected {chance:.0%}{judge}, line {decision.line})"
        shown.setdefault(names, line)
    return ["Most surprising decisions:", *list(shown.values())[:_SURPRISES_SHOWN]]


def as_the_programs_print(ranking: CompatibleRanking) -> list[str]:
    """Reliability and misfit in compatibility mode."""
    fit = ranking.fit
    index = separation_index(fit.measures, fit.standard_errors)
    lines = [
        _METHOD,
        f"SSR {separation(fit.measures, fit.standard_errors).ssr:.3f}, separation {index:.2f}. {_ADAPTIVE}",
        _flagged("essay", "essay_id", ranking.essays),
    ]
    if ranking.judges:
        lines.append(_flagged("judge", "judge", ranking.judges))
    return [*lines, f"The fit converged: at most {fit.scaled_gradient:.0e} wins per comparison away."]


def _flagged(what: str, key: str, columns: dict[str, list[object]]) -> str:
    marked = [
        str(name)
        for name, infit in zip(columns[key], columns["infit"], strict=True)
        if isinstance(infit, float) and infit >= NMM_FLAG
    ]
    return f"{counted(len(marked), what)} with an infit of {NMM_FLAG} or more{': ' + named(marked) if marked else ''}."
