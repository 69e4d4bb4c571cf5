"""The quality of a scale in words for people who read no statistics. docs/reading-a-scale.md explains them."""

from typing import Final

from cj_pipeline.engine.quality import Quality
from cj_pipeline.scaling.reliability import ADAPTIVE_WARNING

_LEVELS: Final = (
    (0.9, "four levels and more can be told apart"),
    (0.8, "about three levels can be told apart; what most studies ask of comparative judgement"),
    (0.7, "enough for feedback and low stakes"),
    (0.5, "enough for broad groups: the top, the middle, the rest"),
    (0.0, "too little for decisions"),
)
"""What a reliability from this value on can bear."""


def reliability_words(quality: Quality) -> str:
    """What the reliabilities are, and what they can bear."""
    scale = quality.scale
    bears = next((words for least, words in _LEVELS if scale.reliability >= least), "there is none without a prior")
    others = [f"SSR as other programs print it {scale.ssr.ssr:.2f}"]
    halves = ((scale.split_by_comparison, "by comparison"), (scale.split_by_judge, "by judge"))
    others += [f"split half {kind} {half.spearman_brown:.2f}" for half, kind in halves if half is not None]
    warning = f" {ADAPTIVE_WARNING}" if quality.is_adaptive else ""
    return (
        f"Reliability {scale.reliability:.2f}: {bears}. It says how consistent the judges are, not whether they "
        f"are right. Beside it: {', '.join(others)}.{warning}"
    )


def fit_words(quality: Quality) -> str:
    """How many essays and judges do not fit, and how many would not by chance."""
    scale = quality.scale
    above = int((scale.essay_bands.outside(scale.essays) == 1).sum())
    outside = [
        f"{name} ({'above' if side > 0 else 'below'})"
        for name, side in zip(quality.judges, scale.judge_bands.outside(scale.judges).tolist(), strict=True)
        if side
    ]
    judges = f"Judges outside their bands: {', '.join(outside)}." if outside else "All judges lie within their bands."
    return (
        f"{above} of {len(scale.essays.infit)} essays lie above their bands of infit or outfit: judges disagree about "
        f"them. By chance alone up to about {scale.essay_bands.chance_above:.1f} would. {judges}"
    )
