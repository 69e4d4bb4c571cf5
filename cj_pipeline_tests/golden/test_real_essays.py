"""Real essays by learners of English, read from the table they come in."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from cj_pipeline.domain.near_duplicates import near_duplicates
from cj_pipeline.domain.personal_data import find_personal
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.intake.languages import language_of
from cj_pipeline.intake.new_assessment import make_assessment

pytestmark = pytest.mark.reference


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with the table of 125 essays."""
    folder = tmp_path / "ellipse"
    folder.mkdir()
    shutil.copy(Path(os.environ["CJ_REFERENCE_DATA"]) / "ellipse" / "impact_of_technology.csv", folder)
    return folder


def test_the_table_of_125_essays_becomes_an_assessment(tmp_path: Path, source: Path) -> None:
    """Columns are found, every essay is read whole, with its paragraphs, and in English."""
    made = make_assessment(tmp_path / "assessments", "ellipse", source)
    snapshot = read_assessment_folder(tmp_path / "assessments", "ellipse")

    assert made.n_essays == 125
    assert made.assessment.language == "en"
    assert made.assessment.essay_table is not None
    assert made.assessment.essay_table.model_dump(exclude_none=True) == {
        "file": "impact_of_technology.csv",
        "text": "text",
        "id": "essay_id",
    }
    assert len(snapshot.essays) == 125
    assert "26650408983" in {essay.essay_id for essay in snapshot.essays}
    assert {language_of(essay.text).code for essay in snapshot.essays} == {"en"}
    assert sum("\n\n" in essay.text for essay in snapshot.essays) > 80


def test_real_essays_raise_few_alarms(tmp_path: Path, source: Path) -> None:
    """No two of them are near-duplicates, and hardly one looks as if it held personal data."""
    make_assessment(tmp_path / "assessments", "ellipse", source)
    texts = [essay.text for essay in read_assessment_folder(tmp_path / "assessments", "ellipse").essays]
    personal = [place for text in texts for place in find_personal(text)]

    sys.stdout.write(f"\nELLIPSE: {len(personal)} place(s) look like personal data: {[p.kind for p in personal]}\n")
    assert near_duplicates(texts) == []
    assert len(personal) <= 2
