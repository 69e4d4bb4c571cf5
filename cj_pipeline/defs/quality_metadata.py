"""What Dagster's page of `rankings` says about the quality of a scale: numbers, words and small tables."""

from math import isnan
from typing import Any

import dagster as dg
import pandas as pd

from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.engine.quality import surprising_comparisons
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.reporting.quality_words import fit_words, reliability_words


def quality_metadata(ranking: Ranking) -> dict[str, Any]:
    """Metadata entries, by name."""
    quality = ranking.quality
    scale = quality.scale
    outside = scale.essay_bands.outside(scale.essays)
    numbers = {
        "reliability": scale.reliability,
        "scale_separation_reliability": scale.ssr.ssr,
        "separation": scale.ssr.separation,
        "strata": scale.ssr.strata,
        "split_half_by_comparison": scale.split_by_comparison.spearman_brown if scale.split_by_comparison else None,
        "split_half_by_judge": scale.split_by_judge.spearman_brown if scale.split_by_judge else None,
        "expected_mean_standard_error": quality.expected.mean,
        "n_essays_above_band": int((outside == 1).sum()),
        "n_essays_above_band_by_chance": scale.essay_bands.chance_above,
        "n_essays_below_band": int((outside == -1).sum()),
        "circular_triads_share": scale.triads.circular_share,
        "circular_triads_share_expected": _over(scale.triads.by_scale, scale.triads.n_triads),
        "flip_rate": scale.flips.rate.value,
        "flip_rate_expected": scale.flips.by_scale,
        "n_reversed_repeats": int(scale.flips.rate.n),
        "correlation_with_length": quality.length.value,
        "correlation_with_length_beyond_quality": quality.length_beyond_quality.value,
    }
    return {
        **{name: _rounded(value) for name, value in numbers.items() if value is not None and not isnan(value)},
        "reliability_in_words": reliability_words(quality),
        "fit_in_words": fit_words(quality),
        "quality_flags": dg.MetadataValue.json(quality.flags),
        "judges": dg.MetadataValue.md(_judges(ranking.judges)),
        "surprises": dg.MetadataValue.md(_surprises(ranking)),
    }


def _over(part: float, whole: int) -> float:
    return part / whole if whole else float("nan")


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(float(value), 4)


def _judges(table: pd.DataFrame) -> str:
    """Every judge with its infit, its band and its agreement."""
    header = ("judge", "verdicts", "infit", "band", "misfit", "agrees with scale", "with others", "first preferred")
    shown = ["judge", "n_comparisons", "infit", "misfit", "agrees_with_scale", "agrees_with_others", "first_share"]
    bands = [f"{low:.2f}-{high:.2f}" for low, high in zip(table["infit_low"], table["infit_high"], strict=True)]
    rows = (
        (*row[:3], band, *row[3:])
        for row, band in zip(table[shown].itertuples(index=False, name=None), bands, strict=True)
    )
    return markdown_table(header, rows, len(table))


def _surprises(ranking: Ranking) -> str:
    """Verdicts that the scale expected least."""
    found = surprising_comparisons(ranking.quality, ranking.scale, ranking.pairs.snapshot)
    header = ("preferred", "to", "how clearly", "judge", "chance", "logits apart")
    rows = ((r.preferred, r.other, r.strength, r.judge, r.chance, r.distance) for r in found.itertuples(index=False))
    return markdown_table(header, rows)
