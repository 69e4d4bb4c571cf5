"""The page on estimation: figures of the scale, its errors, its fit and its reliability, from the records."""

from typing import Final

from benchmarks.record import read_record
from tools.pages import mark, page
from tools.published_sessions_section import SESSIONS_AGAIN, published_sessions_section
from tools.rank_command_section import RANK_AGAIN, rank_command_section
from tools.reliability_sections import RELIABILITY_AGAIN, reliability_sections

_WHAT: Final = """\
What an assessor signs is the scale. Here is measured what its figures are worth. How to read them, without statistics:
[reading a scale](reading-a-scale.md). Judges here are formulas, so the truth is known; the figures say nothing about a
model."""


def estimation_page(command: str) -> str:
    """Figures about estimation.

    Args:
        command: What a person runs to render the page.
    """
    records = "coin_toss.json, known_truth.json, misfit_bands.json, published_sessions.json and rank_command.json"
    reliability = reliability_sections(
        read_record("coin_toss"), read_record("known_truth"), read_record("misfit_bands")
    )
    return page(
        mark(f"benchmarks/{records}", "tools/render_results.py", command),
        "Estimation, measured",
        _WHAT,
        *reliability,
        *published_sessions_section(read_record("published_sessions")),
        *rank_command_section(read_record("rank_command")),
        "## Measuring again",
        RELIABILITY_AGAIN,
        SESSIONS_AGAIN,
        RANK_AGAIN,
    )
