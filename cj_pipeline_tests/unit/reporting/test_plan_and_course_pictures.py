"""The pair graph, waves and cost as pictures: small at any size, and each size drawn in its own way."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cj_pipeline.domain.essays import Essay
from cj_pipeline.engine.cost import Spending
from cj_pipeline.engine.course import Course, WaveCourse
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.reporting.course_picture import course_picture
from cj_pipeline.reporting.pair_graph_picture import pair_graph_picture
from cj_pipeline_tests.support.rankings import ClassRoom

WAVE_COLOURS = ((143, 184, 222), (76, 143, 90), (180, 138, 200), (68, 68, 68))
SPENDING = Spending(0.8, 0.2, 0.01)


def cohort(n: int, n_pairs: int) -> PairSet:
    """A plan of any size; who meets is drawn."""
    small = ClassRoom().pairs()
    essays = tuple(Essay(f"e{k}", f"text {k}") for k in range(n))
    drawn = np.random.default_rng(1).integers(0, n, (n_pairs, 2)).tolist()
    comparisons = tuple(replace(small.comparisons[0], first_id=f"e{a}", second_id=f"e{b}") for a, b in drawn if a != b)
    return replace(small, snapshot=replace(small.snapshot, essays=essays), comparisons=comparisons)


def colours(image: bytes) -> dict[tuple[int, int, int], int]:
    """How many pixels of each colour a picture has."""
    found = Image.open(BytesIO(image)).convert("RGB").getcolors(1 << 24)
    assert found
    return {(int(r), int(g), int(b)): n for n, (r, g, b) in found}  # type: ignore[misc]  # RGB


def near(image: bytes, colour: tuple[int, int, int]) -> int:
    """Pixels of about this colour."""
    return sum(n for found, n in colours(image).items() if np.abs(np.subtract(found, colour)).max() <= 12)


@pytest.mark.parametrize(
    ("n", "n_pairs", "shape"),
    [
        (2, 3, "upright"),
        (32, 200, "upright"),
        (100, 2000, "upright"),
        (300, 5000, "upright"),
        (301, 5000, "wide"),
        (5000, 50_000, "wide"),
    ],
)
def test_a_pair_graph_of_any_size_is_a_small_picture(n: int, n_pairs: int, shape: str) -> None:
    image = pair_graph_picture(cohort(n, n_pairs))
    width, height = Image.open(BytesIO(image)).size

    assert len(image) < 50_000
    assert (shape == "wide") is (width > 1.5 * height)


def test_waves_have_their_colours_and_anchors_theirs() -> None:
    one, three = pair_graph_picture(ClassRoom(waves=1).pairs()), pair_graph_picture(ClassRoom(waves=3).pairs())

    assert near(one, WAVE_COLOURS[0]) > 1000
    assert near(one, WAVE_COLOURS[1]) == 0
    assert all(near(three, colour) > 300 for colour in WAVE_COLOURS[:3])
    assert near(one, (179, 84, 30)) > 50


def test_a_square_has_as_much_colour_as_there_are_pairs() -> None:
    few, many = cohort(60, 300), cohort(60, 600)
    n_few, n_many = (len({frozenset((c.first_id, c.second_id)) for c in pairs.comparisons}) for pairs in (few, many))
    blue_few, blue_many = (near(pair_graph_picture(pairs), WAVE_COLOURS[0]) for pairs in (few, many))

    assert blue_many / blue_few == pytest.approx(n_many / n_few, rel=0.1)


@pytest.mark.parametrize("n_waves", [0, 1, 3, 60])
def test_waves_and_cost_are_a_small_picture(n_waves: int) -> None:
    waves = tuple(WaveCourse(k + 1, 90, 4, 3, 2) for k in range(n_waves))
    image = course_picture(Course(waves, SPENDING, 2.0), "A class with $x$ and <b>", synthetic=True)

    assert len(image) < 25_000
    assert near(image, (31, 92, 153)) > 1000


def test_of_many_waves_the_last_twenty_are_drawn() -> None:
    def height(n_waves: int) -> int:
        waves = tuple(WaveCourse(k + 1, 9, 0, 0, 0) for k in range(n_waves))
        return Image.open(BytesIO(course_picture(Course(waves, SPENDING, None), "", synthetic=False))).height

    assert height(3) < height(20) == height(60)


def test_without_cost_and_limit_there_is_a_picture_too() -> None:
    assert course_picture(Course((), Spending(0, 0), None), "Nothing yet", synthetic=False).startswith(b"\x89PNG")


def test_progress_is_the_share_that_has_ended() -> None:
    assert Course((WaveCourse(1, 5, 1, 2, 0), WaveCourse(2, 0, 0, 0, 4)), SPENDING, None).progress == 0.5
    assert Course((), SPENDING, None).progress == 0
