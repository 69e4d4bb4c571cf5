"""The pictures for readers can be drawn, are small, and are all shown."""

from io import BytesIO

import pytest
from PIL import Image

from tools.pages import DOCS
from tools.scale_pictures import DIVIDED, N_ESSAYS, PICTURES, judged, png, truth


@pytest.mark.parametrize("name", list(PICTURES))
def test_a_picture_is_a_small_png_that_the_page_shows(name: str) -> None:
    """As large as the one that is kept, and with words for those who cannot see it."""
    drawn = png(PICTURES[name]())
    kept = Image.open(BytesIO((DOCS / "pictures" / name).read_bytes()))
    assert Image.open(BytesIO(drawn)).size == kept.size
    assert len(drawn) < 40_000
    page = (DOCS / "reading-a-scale.md").read_text("utf-8")
    assert f"](pictures/{name})" in page
    assert "![](" not in page


def test_the_class_in_the_pictures_is_judged_evenly_and_one_essay_may_divide_its_judges() -> None:
    """The divided essay wins and loses about half of its comparisons, whoever it meets."""
    data = judged(3, 20, divided=DIVIDED)
    own = (data.first == DIVIDED) | (data.second == DIVIDED)
    wins = ((data.first == DIVIDED) == (data.category == 1))[own]
    assert own.sum() == 20
    assert 4 <= wins.sum() <= 16
    assert len(truth()) == N_ESSAYS
