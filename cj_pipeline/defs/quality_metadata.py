"""What Dagster's page of `rankings` says about the quality of a scale: numbers, words and small tables."""

from math import isnan
from typing import Any

import dagster as dg
import pandas as pd

from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.engine.quality import surprising_comparisons
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.ranking_figures import quality_figures, scale_figures
from cj_pipeline.reporting.quality_words import fit_words, reliability_words
from cj_pipeline.reporting.shown_numbers import rounded, shown


def quality_metadata(ranking: Ranking) -> dict[str, Any]:
    """Metadata entries, by name."""
    figures = {**scale_figures(ranking), **quality_figures(ranking)}
    return {
        **{name: rounded(name, value) for name, value in figures.items() if value is not None and not isnan(value)},
        "reliability_in_words": reliability_words(ranking.quality),
        "fit_in_words": fit_words(ranking.quality),
        "quality_flags": dg.MetadataValue.json(ranking.quality.flags),
        "judges": dg.MetadataValue.md(_judges(ranking.judges)),
        "surprises": dg.MetadataValue.md(_surprises(ranking)),
    }


def _judges(table: pd.DataFrame) -> str:
    """Every judge with its infit, its band and its agreement."""
    header = ("judge", "verdicts", "infit", "band", "misfit", "agrees with scale", "with others", "first preferred")
    rows = (
        (
            row["judge"],
            row["n_comparisons"],
            shown("infit", row["infit"]),
            f"{shown('infit_low', row['infit_low'])}-{shown('infit_high', row['infit_high'])}",
            row["misfit"],
            *(shown(name, row[name]) for name in ("agrees_with_scale", "agrees_with_others", "first_share")),
        )
        for row in table.to_dict("records")
    )
    return markdown_table(header, rows, len(table))


def _surprises(ranking: Ranking) -> str:
    """Verdicts that the scale expected least."""
    found = surprising_comparisons(ranking.quality, ranking.scale, ranking.pairs.snapshot)
    header = ("preferred", "to", "how clearly", "judge", "chance", "logits apart")
    rows = (
        (r.preferred, r.other, r.strength, r.judge, shown("chance", r.chance), shown("distance", r.distance))
        for r in found.itertuples(index=False)
    )
    return markdown_table(header, rows)
