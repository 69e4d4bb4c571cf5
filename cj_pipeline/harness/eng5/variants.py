"""Which essays meet, and how often, in studies of the judge."""

from collections import Counter
from collections.abc import Sequence

from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.pair_set import PlanRules, first_wave
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.waves import REVERSED_SHARE
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.workplaces import Variant

_FEWEST_ANCHORS = 3
"""With two there is one pair, and nothing to order."""


def alignment_variant(snapshot: AssessmentSnapshot, max_comparisons: int | None) -> Variant:
    """The anchors as students: every pair in both orders, as far as the cap goes.

    Args:
        snapshot: The assessment with its anchors.
        max_comparisons: A lower cap than that of the assessment.

    Raises:
        ConfigurationError: There are too few anchors, or the cap cannot connect them.
    """
    anchors = [essay for essay in snapshot.essays if essay.is_anchor]
    n, source = len(anchors), snapshot.name
    if n < _FEWEST_ANCHORS:
        raise ConfigurationError(f"{source}: has {n} anchor(s); aligning needs at least {_FEWEST_ANCHORS}: add some.")
    cap = min(snapshot.assessment.max_pairs_cap, max_comparisons or snapshot.assessment.max_pairs_cap)
    wanted = min(cap, 2 * n_distinct_pairs(n))
    if wanted < n - 1:
        raise ConfigurationError(f"{source}: {n} anchors need at least {n - 1} comparisons; allowed are {wanted}.")
    rules = PlanRules(reversed_share=REVERSED_SHARE, seed=snapshot.assessment.seed)
    times = Counter((anchors[c.first].essay_id, anchors[c.second].essay_id) for c in first_wave(n, wanted, rules))
    pairs = [(first, second, count) for (first, second), count in times.items()]
    return Variant(source, "anchor-align", snapshot.assessment, _withheld(anchors), pairs)


def boundary_variant(
    snapshot: AssessmentSnapshot, pairs: Sequence[tuple[str, str]], iterations: int, max_comparisons: int | None
) -> Variant:
    """A few pairs, each put so many times in each order.

    Args:
        snapshot: The assessment.
        pairs: Pairs of essay ids.
        iterations: Times each is put in each order.
        max_comparisons: A lower cap than that of the assessment.

    Raises:
        ConfigurationError: A pair cannot be put, or the cap does not allow so many comparisons.
    """
    source, cap = snapshot.name, snapshot.assessment.max_pairs_cap
    by_id = {essay.essay_id: essay for essay in snapshot.essays}
    faults = [
        f"{source}: pair {one}:{other}: {fault}" for one, other in pairs if (fault := _pair_fault(one, other, by_id))
    ]
    if len({frozenset(pair) for pair in pairs}) < len(pairs):
        faults.append(f"{source}: a pair is given twice; give each once.")
    wanted = 2 * iterations * len(pairs)
    allowed = min(cap, max_comparisons or cap)
    if wanted > allowed:
        faults.append(
            f"{source}: {len(pairs)} pairs in both orders, {iterations} times each, are {wanted} comparisons; allowed "
            f"are {allowed}: ask for fewer iterations, or raise max_pairs_cap in assessment.yaml."
        )
    if faults:
        raise ConfigurationError(faults)
    essays = [by_id[name] for name in dict.fromkeys(name for pair in pairs for name in pair)]
    rows = [row for one, other in pairs for row in ((one, other, iterations), (other, one, iterations))]
    return Variant(source, "boundary", snapshot.assessment, _withheld(essays), rows)


def _pair_fault(one: str, other: str, by_id: dict[str, Essay]) -> str:
    unknown = [name for name in (one, other) if name not in by_id]
    if unknown:
        return f"no essay {' or '.join(map(repr, unknown))}; essays are named as their files, without the ending."
    return "an essay cannot be compared with itself." if one == other else ""


def _withheld(essays: Sequence[Essay]) -> list[Essay]:
    """The essays without their grades."""
    return [Essay(essay.essay_id, essay.text) for essay in essays]
