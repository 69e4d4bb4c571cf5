"""Variables of the environment about the quality of a ranking: where flags are set and where checks warn."""

from pydantic import BaseModel, Field

from cj_pipeline.engine.options import QualityOptions
from cj_pipeline.scaling.quality_flags import QualityThresholds


class QualityVariables(BaseModel):
    """The variables by name, with their defaults."""

    CJ_FLAG_MEAN_SE: float = Field(
        default=0.4, gt=0, description="Flag `bt_se_inflated` above this mean standard error, logits."
    )
    CJ_FLAG_LARGEST_SE: float = Field(
        default=0.8, gt=0, description="Flag `bt_se_inflated` above this standard error of any essay, logits."
    )
    CJ_FLAG_COMPARISONS: float = Field(
        default=1.0, ge=0, description="Flag `comparison_coverage_sparse` below this mean number of comparisons."
    )
    CJ_ERROR_RATIO: float = Field(
        default=1.25, gt=1, description="The check of errors warns above this ratio to what the design lets expect."
    )
    CJ_MAX_POSITION_EFFECT: float = Field(
        default=1.0, gt=0, description="The check of the position effect warns beyond this, logits, either way."
    )
    CJ_MAX_REFUSED_SHARE: float = Field(
        default=0.05, ge=0, le=1, description="The check of refusals warns above this share of a judge's answers."
    )
    CJ_MAX_INVALID_SHARE: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="The check of unusable answers warns above this share of a judge's answers.",
    )
    CJ_MAX_FLIPPED_SHARE: float = Field(
        default=0.35, ge=0, le=1, description="The check of both orders warns above this share of a judge's pairs."
    )


def read_quality(env: QualityVariables) -> QualityOptions:
    """Bounds of flags and checks."""
    return QualityOptions(
        thresholds=QualityThresholds(
            mean_standard_error=env.CJ_FLAG_MEAN_SE,
            largest_standard_error=env.CJ_FLAG_LARGEST_SE,
            comparisons_per_essay=env.CJ_FLAG_COMPARISONS,
        ),
        error_ratio=env.CJ_ERROR_RATIO,
        max_position_effect=env.CJ_MAX_POSITION_EFFECT,
        max_refused_share=env.CJ_MAX_REFUSED_SHARE,
        max_invalid_share=env.CJ_MAX_INVALID_SHARE,
        max_flipped_share=env.CJ_MAX_FLIPPED_SHARE,
    )
