"""The ranking as a picture: a small PNG at any size."""

# ruff: noqa: D103 - the name of a test is its sentence

from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from cj_pipeline.reporting.ranking_picture import ranking_picture

MOST_BYTES = 40_000


def table(n: int, anchors: str = "some", *, misfits: bool = False) -> pd.DataFrame:
    """Return a `rankings` table of n essays."""
    rng = np.random.default_rng(n)
    measures = np.sort(rng.normal(0, 1.5, n))[::-1]
    every = {"some": 3, "none": n + 1, "all": 1}[anchors]
    return pd.DataFrame(
        {
            "rank": range(1, n + 1),
            "essay_id": [f"essay-{i:03d}" for i in range(n)],
            "measure": measures,
            "interval_low": measures - rng.uniform(0.6, 1.4, n),
            "interval_high": measures + rng.uniform(0.6, 1.4, n),
            "misfit": ["above" if misfits and i % 7 == 3 else "" for i in range(n)],
            "anchor_grade": pd.Series(["C+" if i % every == 0 else None for i in range(1, n + 1)], dtype=object),
        }
    )


def opened(png: bytes) -> Image.Image:
    """Return the picture, decoded to its last byte."""
    image = Image.open(BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("synthetic", [True, False])
@pytest.mark.parametrize("n", [2, 5, 24, 60, 61, 500])
def test_a_picture_is_a_small_png(n: int, synthetic: bool) -> None:  # noqa: FBT001 - a parameter
    png = ranking_picture(table(n), "Role models", synthetic=synthetic)
    image = opened(png)

    assert image.format == "PNG"
    assert len(png) < MOST_BYTES
    assert image.width == pytest.approx(792, abs=2)


def test_a_picture_grows_with_its_labels_and_stays_readable_without() -> None:
    heights = [opened(ranking_picture(table(n), "x", synthetic=False)).height for n in (5, 24, 60, 500)]

    assert heights[0] < heights[1] < heights[2]
    assert heights[3] < heights[2]


@pytest.mark.parametrize("title", ["Role models", "Åsa och Örjan: ”förebilder” — vår 2026", "Ελληνικά", "Русский", ""])
def test_any_of_these_titles_can_be_drawn(title: str) -> None:
    assert opened(ranking_picture(table(5), title, synthetic=True)).format == "PNG"


def test_the_title_is_part_of_the_picture() -> None:
    pictures = {ranking_picture(table(5), title, synthetic=False) for title in ("One", "Two")}

    assert len(pictures) == 2


@pytest.mark.parametrize("anchors", ["none", "some", "all"])
def test_anchors_are_drawn_in_their_own_colour(anchors: str) -> None:
    image = opened(ranking_picture(table(24, anchors), "x", synthetic=False)).convert("RGB")
    pixels = np.asarray(image, dtype=np.int64)
    blue_over_red = pixels[..., 2] - pixels[..., 0]

    assert bool((blue_over_red > 80).any()) is (anchors != "all")
    assert bool((blue_over_red < -80).any()) is (anchors != "none")


def test_essays_that_judges_disagree_about_are_ringed() -> None:
    plain, marked = (
        np.asarray(opened(ranking_picture(table(24, misfits=misfits), "x", synthetic=False)).convert("L"))
        for misfits in (False, True)
    )
    above_the_legend = slice(0, int(0.8 * len(plain)))

    assert plain.shape == marked.shape
    assert int((plain[above_the_legend] != marked[above_the_legend]).sum()) > 150


def test_a_synthetic_ranking_says_so() -> None:
    plain, marked = (ranking_picture(table(24), "x", synthetic=synthetic) for synthetic in (False, True))

    assert opened(plain).size == opened(marked).size
    assert plain != marked


def test_the_same_ranking_gives_the_same_picture() -> None:
    assert ranking_picture(table(24), "x", synthetic=True) == ranking_picture(table(24), "x", synthetic=True)
