"""Rank decisions that were made anywhere: the scale with its figures, as tables, without a ledger or files.

`rank_comparisons` is the function to import (also as `cj_pipeline.rank_comparisons`); `cj rank` calls the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cj_pipeline.domain.decision_rows import DecisionRows
from cj_pipeline.engine.decision_tables import (
    Columns,
    compatible_essays,
    compatible_judges,
    scale_essays,
    scale_judges,
)
from cj_pipeline.engine.decisions import Decisions, gather, read_table
from cj_pipeline.errors import ConfigurationError, DisconnectedError, SeparatedError
from cj_pipeline.scaling.epsilon_adjusted import EpsilonFit, fit_epsilon_adjusted
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.reliability import separation
from cj_pipeline.scaling.scale_fit import JudgeEffects, ScaleFit, ScaleOptions
from cj_pipeline.scaling.scale_quality import ScaleQuality, scale_quality

SIRT: Final = "sirt"
_NAMES_SHOWN: Final = 8
_GROUPS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class RankOptions:
    """How decisions are ranked.

    Attributes:
        compatible: "sirt" to estimate as No More Marking and sirt do; None for this project's own scale.
        prior_sd: Standard deviation of the prior on the measures, logits; None: estimated; 0: no prior.
        position_effect: Whether the advantage of being shown first is fitted, where the order is known.
        judge_effects: What is fitted for every judge.
        min_comparisons: Essays with fewer comparisons are left out.
        seed: Seed of everything that is simulated.
    """

    compatible: str | None = None
    prior_sd: float | None = None
    position_effect: bool = True
    judge_effects: JudgeEffects = "none"
    min_comparisons: int = 0
    seed: int = 0


DEFAULT: Final = RankOptions()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranked decisions.

    Attributes:
        essays: Columns of the ranking, best first, of equal length; `pandas.DataFrame(ranking.essays)` is a table.
        judges: Columns of the judges' table; empty where no judge is named.
        decisions: What was fitted.
        options: How.
    """

    essays: Columns = field(repr=False)
    judges: Columns = field(repr=False)
    decisions: Decisions = field(repr=False)
    options: RankOptions


@dataclass(frozen=True, slots=True)
class ScaleRanking(Ranked):
    """A ranking on this project's own scale.

    Attributes:
        fit: The fitted scale, essays in the order of `decisions.essay_ids`.
        quality: Reliability, fit and consistency.
    """

    fit: ScaleFit = field(repr=False)
    quality: ScaleQuality = field(repr=False)

    @property
    def has_prior(self) -> bool:
        """Whether the scale was fitted with a prior."""
        return self.fit.prior_estimated or self.fit.prior_sd > 0

    @property
    def reliability(self) -> float:
        """Share of the measures' variance that is not error.

        By marginal likelihood; for a scale without a prior the scale separation with full errors.
        """
        if self.has_prior:
            return self.quality.reliability
        return separation(self.fit.measures, self.fit.standard_errors).ssr


@dataclass(frozen=True, slots=True)
class CompatibleRanking(Ranked):
    """A ranking as No More Marking and sirt make it.

    Attributes:
        fit: The fitted scale, essays in the order of `decisions.essay_ids`.
    """

    fit: EpsilonFit = field(repr=False)


def rank_comparisons(
    comparisons: Mapping[str, Sequence[object]] | DecisionRows | Sequence[DecisionRows], options: RankOptions = DEFAULT
) -> ScaleRanking | CompatibleRanking:
    """Rank essays by decisions between two of them.

    ```python
    ranking = rank_comparisons({"left": ["a", "b"], "right": ["b", "c"], "winner": ["a", "tie"]})
    ranking.essays["measure"]
    ```

    Args:
        comparisons: A data frame, or a mapping of column names to arrays, with columns as in
            docs/reference/decisions-files.md; or what `read_decisions` made of files.
        options: How to rank.

    Raises:
        ConfigurationError: The columns cannot be understood, or the options contradict each other.
        DisconnectedError: Groups of essays were never compared with each other; they are named.
        EstimationError: The decisions do not determine a scale.
    """
    if isinstance(comparisons, DecisionRows):
        tables: Sequence[DecisionRows] = [comparisons]
    elif isinstance(comparisons, Sequence):
        tables = comparisons
    else:
        tables = [read_table(comparisons)]
    return rank_decisions(gather(tables, min_comparisons=options.min_comparisons), options)


def rank_decisions(decisions: Decisions, options: RankOptions = DEFAULT) -> ScaleRanking | CompatibleRanking:
    """Rank decisions that were put together by `gather`; raises as `rank_comparisons`."""
    try:
        return _compatible(decisions, options) if options.compatible else _scale(decisions, options)
    except DisconnectedError as error:
        raise DisconnectedError(_apart(error.groups, decisions.essay_ids), error.groups) from None
    except SeparatedError as error:
        raise SeparatedError(_separated(error, decisions.essay_ids), error.groups) from None


def _scale(decisions: Decisions, options: RankOptions) -> ScaleRanking:
    rng = np.random.default_rng(options.seed)
    seen = options.position_effect and not decisions.order_unknown
    if options.judge_effects in {"position", "both"} and not seen:
        raise ConfigurationError(
            f"judges' position effects need to know which essay was shown first: {_why_unseen(decisions)}. "
            "Choose `--judge-effects discrimination` or `none`."
        )
    wanted = ScaleOptions(prior_sd=options.prior_sd, position_effect=seen, judge_effects=options.judge_effects)
    fit = fit_scale(decisions.data, wanted, rng)
    found = scale_quality(fit, decisions.data, rng)
    essays, judges = scale_essays(fit, found, decisions, wanted, rng), scale_judges(fit, found, decisions)
    return ScaleRanking(essays, judges, decisions, options, fit, found)


def _why_unseen(decisions: Decisions) -> str:
    return decisions.order_unknown or "the position effect is switched off"


def _compatible(decisions: Decisions, options: RankOptions) -> CompatibleRanking:
    if options.compatible != SIRT:
        raise ConfigurationError(f"there is no compatibility mode {options.compatible!r}; use {SIRT!r}.")
    if options.prior_sd is not None or options.judge_effects != "none":
        raise ConfigurationError(
            f"compatibility mode {SIRT} has neither a prior nor judges' effects; leave out prior_sd and judge_effects."
        )
    fit = fit_epsilon_adjusted(decisions.data)
    essays, judges = compatible_essays(fit, decisions), compatible_judges(fit, decisions)
    return CompatibleRanking(essays, judges, decisions, options, fit)


def _apart(groups: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    return (
        f"the essays fall into {len(groups)} groups that were never compared with each other, so they have no common "
        f"scale:{_listed(groups, names)}\nAdd decisions between the groups, or rank each by itself."
    )


def _separated(error: SeparatedError, names: Sequence[str]) -> str:
    if not error.groups:
        return str(error)
    return (
        f"without a prior these decisions have no finite scale: each of {len(error.groups)} groups won every "
        f"comparison with those below it. From the top:{_listed(error.groups, names)}\nLet the prior be estimated "
        "(leave prior_sd out), or add decisions across the groups."
    )


def _listed(groups: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    lines = []
    for group in groups[:_GROUPS_SHOWN]:
        shown = ", ".join(names[i] for i in group[:_NAMES_SHOWN])
        more = ", ..." if len(group) > _NAMES_SHOWN else ""
        lines.append(f"\n  {len(group)} essay{'s' * (len(group) != 1)}: {shown}{more}")
    rest = f"\n  and {len(groups) - _GROUPS_SHOWN} more groups" if len(groups) > _GROUPS_SHOWN else ""
    return "".join(lines) + rest
