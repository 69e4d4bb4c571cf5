"""The two samples under `data/assessments` keep what `data/README.md` and their own tasks promise."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest
from scipy.stats import spearmanr

from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.intake.folder import find_assessments, read_assessment_folder
from cj_pipeline.settings import CHECKOUT

SAMPLES = CHECKOUT / "data" / "assessments"
LARGE, SMALL = "eng5-role-models", "lower5"


def read(name: str) -> AssessmentSnapshot:
    """Read a sample."""
    return read_assessment_folder(SAMPLES, name)


def test_both_samples_are_found() -> None:
    assert {LARGE, SMALL} <= set(find_assessments(SAMPLES))


@pytest.mark.parametrize(("name", "n_essays", "n_anchors"), [(LARGE, 24, 12), (SMALL, 5, 3)])
def test_a_sample_holds_its_essays_and_anchors(name: str, n_essays: int, n_anchors: int) -> None:
    essays = read(name).essays

    assert len(essays) == n_essays
    assert sum(essay.is_anchor for essay in essays) == n_anchors


@pytest.mark.parametrize(("name", "most"), [(LARGE, 400), (SMALL, 300)])
def test_essays_are_as_long_as_their_task_asks(name: str, most: int) -> None:
    outside = [(e.essay_id, e.n_words) for e in read(name).essays if not 120 <= e.n_words <= most]

    assert outside == []


def test_every_grade_of_the_scale_has_an_anchor() -> None:
    snapshot = read(LARGE)

    assert {essay.anchor_grade for essay in snapshot.essays} == {*snapshot.assessment.grades, None}


def test_the_small_sample_lies_at_the_low_end() -> None:
    snapshot = read(SMALL)
    grades = [e.anchor_grade for e in snapshot.essays if e.anchor_grade is not None]

    assert all(snapshot.assessment.grades.index(grade) <= 3 for grade in grades)


def test_length_does_not_give_the_grades_away() -> None:
    snapshot = read(LARGE)
    anchors = [(e.n_words, e.anchor_grade) for e in snapshot.essays if e.anchor_grade is not None]
    ranks = [snapshot.assessment.grades.index(grade) for _, grade in anchors]
    correlation = float(spearmanr([n_words for n_words, _ in anchors], ranks).statistic)

    assert abs(correlation) <= 0.5


@pytest.mark.parametrize("name", [LARGE, SMALL])
def test_a_sample_sets_a_limit_on_its_cost_and_names_a_priced_model(name: str) -> None:
    assessment = read(name).assessment

    assert assessment.max_cost_usd is not None
    assert all(judge.rates.are_known for judge in assessment.judges)
