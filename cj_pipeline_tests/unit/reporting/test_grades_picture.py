"""Grades as a picture: a small PNG at any size, in which every essay's probabilities fill its bar."""

# ruff: noqa: D103 - the name of a test is its sentence

from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.special import ndtr

from cj_pipeline.reporting.grades_picture import grades_picture

MOST_BYTES = 50_000
LEVELS = ("F", "F+", "E-", "E+", "D-", "D+", "C-", "C+", "B", "A")


def table(n: int, levels: tuple[str, ...] = LEVELS) -> pd.DataFrame:
    """Return a `grade_projections` table of n essays."""
    measures = np.sort(np.random.default_rng(n).normal(0, 1.5, n))[::-1]
    boundaries = np.linspace(-2, 2, len(levels) - 1)
    at_least = np.concatenate([np.ones((n, 1)), ndtr(measures[:, None] - boundaries), np.zeros((n, 1))], axis=1)
    shares = -np.diff(at_least, axis=1)
    columns = {f"p_{label}": shares[:, k] for k, label in enumerate(levels)}
    known = [levels[0] if i % 3 == 0 else None for i in range(n)]
    return pd.DataFrame({"essay_id": [f"essay-{i:03d}" for i in range(n)], "known_grade": known, **columns})


def opened(png: bytes) -> Image.Image:
    """Return the picture, decoded to its last byte."""
    image = Image.open(BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("synthetic", [True, False])
@pytest.mark.parametrize("n", [1, 5, 24, 60, 61, 500])
def test_a_picture_is_a_small_png(n: int, synthetic: bool) -> None:  # noqa: FBT001 - a parameter
    png = grades_picture(table(n), LEVELS, "Role models", synthetic=synthetic)
    image = opened(png)

    assert image.format == "PNG"
    assert len(png) < MOST_BYTES
    assert image.width == pytest.approx(792, abs=2)


def test_a_picture_grows_with_its_labels_and_stays_readable_without() -> None:
    heights = [opened(grades_picture(table(n), LEVELS, "x", synthetic=False)).height for n in (5, 24, 60, 500)]

    assert heights[0] < heights[1] < heights[2]
    assert heights[3] < heights[2]


@pytest.mark.parametrize(
    "levels", [("Fail", "Pass"), ("$1$", "<b>", "Väl godkänd", "5_6"), tuple(str(k) for k in range(30))]
)
def test_any_grades_can_be_drawn(levels: tuple[str, ...]) -> None:
    assert opened(grades_picture(table(6, levels), levels, "”förebilder” $x", synthetic=True)).format == "PNG"


def test_grades_that_all_essays_surely_have_show_in_two_colours() -> None:
    """Half the essays have the lowest grade for sure, half the highest: the ends of the palette, and no more of it."""
    sure = table(20, ("Fail", "Pass", "Merit"))
    sure["p_Fail"], sure["p_Pass"], sure["p_Merit"] = [0.0] * 10 + [1.0] * 10, 0.0, [1.0] * 10 + [0.0] * 10
    image = opened(grades_picture(sure, ("Fail", "Pass", "Merit"), "x", synthetic=False)).convert("RGB")
    row = {image.getpixel((image.width // 2 + 120, y)) for y in range(60, image.height - 60)}

    assert any(pixel[0] > 240 and pixel[2] < 60 for pixel in row if isinstance(pixel, tuple))
    assert any(max(pixel) < 100 for pixel in row if isinstance(pixel, tuple))
