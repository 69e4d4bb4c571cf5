"""Coin tosses and bands of misfit: the benchmarks' own parts, and a shorter form of what they measure."""

import numpy as np
import pytest

from benchmarks.quality import bands, coin_toss
from benchmarks.quality.coin_toss import DESIGNS, N_ESSAYS, Session, cell, one_set

HIGHEST_MEAN = 0.15
"""Highest mean reliability of coin tosses under any shipped design."""


@pytest.mark.parametrize("name", list(DESIGNS))
def test_every_design_asks_as_many_comparisons_as_it_says(name: str) -> None:
    """Evenly, with both orders in balance, and no more waves than named."""
    design = DESIGNS[name]
    data = Session(np.zeros(N_ESSAYS), 0.0, np.random.default_rng(1)).run(design, seed=1)
    assert len(data) == N_ESSAYS * design.per_essay // 2
    counts = np.bincount(np.concatenate([data.first, data.second]), minlength=N_ESSAYS)
    assert counts.min() >= design.per_essay - 4


def test_judges_who_know_are_found_reliable() -> None:
    """The headline is near the squared correlation with the truth, and far from that of coin tosses."""
    found = [one_set(DESIGNS["nearest_neighbour, 3 waves"], 2.0, seed) for seed in range(8)]
    marginal, true = (np.mean([one[key] for one in found]) for key in ("marginal", "true"))
    assert marginal == pytest.approx(true, abs=0.1)
    assert marginal > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DESIGNS))
def test_coin_tosses_are_not_called_reliable(name: str) -> None:
    """A shorter form of `make bench-reliability`: the mean of 100 sets, less two of its standard errors."""
    row = cell((name, 0.0, 100))
    assert row["marginal"] - 2 * row["marginal_se"] <= HIGHEST_MEAN
    assert (row["ssr"] > 0.3) is (row["adaptive"] and row["per_essay"] == coin_toss.PER_ESSAY)


@pytest.mark.slow
@pytest.mark.parametrize("case", bands.CASES[:4], ids=str)
def test_bands_hold_at_least_what_they_say(case: bands.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Healthy essays lie outside no more often than said, judges hardly ever; troubled ones are found more often."""
    monkeypatch.setattr(bands, "SETS", 60)
    row = bands.cell(case)
    assert row["infit_above"] <= 0.035
    assert row["infit_below"] <= 0.035
    assert row["essays_outside"] <= row["outside_expected"]
    assert row["judges_above"] + row["judges_below"] <= 0.03
    assert row["essay_found"] > 5 * row["infit_above"]
