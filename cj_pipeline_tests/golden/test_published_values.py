"""The fit against two analyses in the literature: baseball (with home advantage) and citations between journals.

Both were fitted by maximum likelihood, so no prior is used.

References:
    Agresti (2002), Categorical Data Analysis, 2nd edition, section 10.6, tables 10.10 and 10.11.
    Stigler (1994), Citation patterns in the journals of statistics and probability, Statistical Science 9, 94-108;
    estimates and standard errors as printed in Turner and Firth (2012), Bradley-Terry models in R: the BradleyTerry2
    package, Journal of Statistical Software 48(9), https://doi.org/10.18637/jss.v048.i09.
"""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Iterator

import numpy as np
import pytest

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions

TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
# Games won and lost at home (row) against the visitors (column), American League, Eastern Division, 1987.
HOME_GAMES = (
    (None, (4, 3), (4, 2), (4, 3), (6, 1), (4, 2), (6, 0)),
    ((3, 3), None, (4, 2), (4, 3), (6, 0), (6, 1), (4, 3)),
    ((2, 5), (4, 3), None, (2, 4), (4, 3), (4, 2), (6, 0)),
    ((3, 3), (5, 1), (2, 5), None, (4, 3), (4, 2), (6, 1)),
    ((5, 1), (2, 5), (3, 3), (4, 2), None, (5, 2), (6, 0)),
    ((2, 5), (3, 3), (3, 4), (4, 3), (4, 2), None, (2, 4)),
    ((2, 5), (1, 5), (1, 6), (2, 4), (1, 6), (3, 4), None),
)

JOURNALS = ("Biometrika", "Communications in Statistics", "JASA", "JRSS-B")
# Citations of the journal in the row by the journal in the column, 1987 and 1988: being cited is winning.
CITATIONS = ((714, 730, 498, 221), (33, 425, 68, 17), (320, 813, 1072, 142), (284, 276, 325, 188))


def ordered_pairs(n: int) -> Iterator[tuple[int, int]]:
    """Yield every couple of two different numbers."""
    return ((i, j) for i in range(n) for j in range(n) if i != j)


def fit_rows(rows: list[tuple[int, int, bool]], n: int, *, position: bool) -> ScaleFit:
    """Fit rows of first, second and whether the first won."""
    first, second, won = np.array(rows, dtype=np.int64).T
    return fit_scale(comparison_data(first, second, won, n), ScaleOptions(prior_sd=0, position_effect=position))


def baseball(*, position: bool) -> ScaleFit:
    """Fit the season, the home team standing first."""
    rows: list[tuple[int, int, bool]] = []
    for home, away in ordered_pairs(len(TEAMS)):
        games = HOME_GAMES[home][away]
        assert games is not None
        rows += [(home, away, True)] * games[0] + [(home, away, False)] * games[1]
    return fit_rows(rows, len(TEAMS), position=position)


def citations() -> ScaleFit:
    """Fit the citations between different journals."""
    rows = [(i, j, True) for i, j in ordered_pairs(len(JOURNALS)) for _ in range(CITATIONS[i][j])]
    return fit_rows(rows, len(JOURNALS), position=False)


def errors_against(fit: ScaleFit, base: int) -> Floats:
    """Return the standard errors of differences to one of the measures."""
    cov = fit.covariance
    assert cov is not None
    variances: Floats = np.diagonal(cov) + cov[base, base] - 2 * cov[base]
    return np.sqrt(variances)


def test_two_teams_met_thirteen_times() -> None:
    for home, away in ordered_pairs(len(TEAMS)):
        assert sum(HOME_GAMES[home][away] or ()) + sum(HOME_GAMES[away][home] or ()) == 13


def test_baseball_gives_the_published_estimates() -> None:
    fit = baseball(position=False)

    assert np.round(fit.measures - fit.measures[-1], 2).tolist() == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]


def test_baseball_gives_the_published_standard_errors() -> None:
    assert np.round(errors_against(baseball(position=False), -1)[:-1], 1).tolist() == [0.3] * 6


def test_baseball_gives_the_published_home_advantage() -> None:
    fit = baseball(position=True)
    worth = np.exp(fit.measures)

    assert round(fit.position_effect, 3) == 0.302
    assert np.round(worth / worth.sum(), 3).tolist() == [0.220, 0.190, 0.164, 0.157, 0.137, 0.088, 0.044]


def test_citations_give_the_published_estimates() -> None:
    fit = citations()

    assert fit.measures - fit.measures[0] == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=5e-6)


def test_citations_give_the_published_standard_errors() -> None:
    assert errors_against(citations(), 0)[1:] == pytest.approx([0.10255, 0.06059, 0.07083], abs=5e-6)
