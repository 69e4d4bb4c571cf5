"""The sections on reliability and misfit say what their records say."""

from typing import Any

from tools.reliability_sections import reliability_sections

COINS: dict[str, Any] = {
    "commit": "0123456789ab",
    "machine": "a machine",
    "figures": {
        "seed": 3,
        "n_essays": 24,
        "position": 0.4,
        "rows": [
            {
                "design": design,
                "spread": spread,
                "n_sets": 500,
                "adaptive": design == "waves",
                **dict.fromkeys(("marginal", "ssr", "split_half", "true"), value),
                **{f"{key}_se": 0.01 for key in ("marginal", "ssr", "split_half", "true")},
                **{f"{key}_95": 0.456 for key in ("marginal", "ssr", "split_half", "true")},
            }
            for spread in (0.0,)
            for design, value in (("regular", 0.081), ("waves", 0.126))
        ],
    },
}
TRUTHS = {
    **COINS,
    "figures": {**COINS["figures"], "rows": [row | {"spread": 1.0} for row in COINS["figures"]["rows"]]},
}
BANDS = {
    "commit": "0123456789ab",
    "machine": "a machine",
    "figures": {
        "seed": 3,
        "sets": 200,
        "spread": 2.0,
        "n_judges": 4,
        "rule": 1.3,
        "rows": [
            {
                "n": 24,
                "per_essay": 10,
                "categories": 2,
                "infit_mean": 0.6249,
                "infit_above": 0.011,
                "infit_below": 0.002,
                "essays_outside": 0.015,
                "outside_expected": 0.07,
                "above_by_rule": 0.03,
                "judges_above": 0.004,
                "judges_below": 0.001,
                "essay_found": 0.4,
                "essay_found_by_rule": 0.1,
                "judge_found": 0.75,
                "judge_found_by_rule": 0.05,
            }
        ],
    },
}


def test_every_row_and_the_highest_mean_are_shown() -> None:
    """Means with their errors, percentiles, and the bound in words."""
    text = "\n\n".join(reliability_sections(COINS, TRUTHS, BANDS))
    assert "| waves | yes | 0.13 (0.01) | 0.46 | 0.13 (0.01) | 0.13 (0.01) |" in text
    assert "at or below 0.13 under" in text
    assert "### True spread 1 logit\n" in text
    assert "| 24 | 10 | 2 | 0.62 | 1.1% / 0.2% | 1.5% / 7.0% | 3.0% | 0.5% | 40.0% / 10.0% | 75.0% / 5.0% |" in text
    assert text.count("Measured at commit `0123456789ab` on a machine, seed 3.") == 3
