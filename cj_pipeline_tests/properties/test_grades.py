"""Statements about grades that hold for all measures and anchors."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.ordinal_model import OrdinalModel, Shares
from cj_pipeline.scaling.projection import Projection


@dataclass(frozen=True)
class Case:
    """Measures with errors, anchors of at least two grades, and perhaps shares."""

    measures: Floats
    variances: Floats
    anchors: Anchors
    n_levels: int
    shares: Shares | None

    def project(self) -> Projection:
        """Grade every essay."""
        model = OrdinalModel(self.measures, self.variances, self.n_levels, self.shares)
        return model.fit(model.likelihood(self.anchors)).project(self.measures, self.variances)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n, n_levels = draw(st.integers(3, 30)), draw(st.integers(2, 7))
    n_anchors = draw(st.integers(2, n))
    levels = rng.integers(n_levels, size=n_anchors)
    levels[:2] = rng.choice(n_levels, size=2, replace=False)
    places = rng.permutation(n)[:n_anchors]
    measures = rng.normal(0, draw(st.sampled_from([0.1, 1.0, 3.0])), n)
    shares = Shares(rng.dirichlet(np.ones(n_levels)), 10) if draw(st.booleans()) else None
    return Case(measures, rng.uniform(0.01, 1.0, n), Anchors(places, levels), n_levels, shares)


few = settings(max_examples=15, deadline=None)


@few
@given(cases())
def test_every_essay_has_a_distribution_and_boundaries_rise(case: Case) -> None:
    found = case.project()

    assert np.all(np.diff(found.at_least, axis=1) <= 1e-12)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(len(case.measures)))
    assert np.all(np.diff(found.boundaries) > 0)
    assert np.all(np.isfinite(found.boundary_errors))


@few
@given(cases())
def test_a_higher_measure_of_equal_error_is_never_less_likely_to_reach_a_grade(case: Case) -> None:
    equal = Case(case.measures, np.full(len(case.measures), 0.2), case.anchors, case.n_levels, case.shares)
    rising = equal.project().at_least[np.argsort(case.measures)]

    assert np.all(np.diff(rising, axis=0) >= -1e-12)


@few
@given(cases(), st.integers(0, 10**6))
def test_the_order_of_the_essays_does_not_matter(case: Case, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(case.measures))
    moved = Anchors(np.argsort(order)[case.anchors.places], case.anchors.levels)
    shuffled = Case(case.measures[order], case.variances[order], moved, case.n_levels, case.shares)

    assert shuffled.project().at_least == pytest.approx(case.project().at_least[order], abs=1e-9)


@few
@given(cases(), st.floats(-50, 50), st.sampled_from([0.25, 4.0]))
def test_neither_the_origin_nor_the_unit_of_the_scale_matters(case: Case, shift: float, unit: float) -> None:
    moved = Case(
        case.measures * unit + shift, case.variances * unit**2, case.anchors, case.n_levels, case.shares
    ).project()
    found = case.project()

    assert moved.at_least == pytest.approx(found.at_least, abs=1e-6)
    assert moved.boundaries == pytest.approx(found.boundaries * unit + shift, abs=1e-6)


@few
@given(cases())
def test_turning_the_scale_round_turns_the_grades_round(case: Case) -> None:
    shares = None if case.shares is None else Shares(case.shares.shares[::-1], case.shares.weight)
    turned = Anchors(case.anchors.places, case.n_levels - 1 - case.anchors.levels)
    found = Case(-case.measures, case.variances, turned, case.n_levels, shares).project()

    assert found.probabilities[:, ::-1] == pytest.approx(case.project().probabilities, abs=1e-6)
