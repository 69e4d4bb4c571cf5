"""What the estimation page says of published sessions follows from the record."""

from benchmarks.record import read_record
from tools.published_sessions_section import published_sessions_section


def test_every_session_and_the_worst_of_each_figure_are_named() -> None:
    """Change one figure in the record and the page changes with it."""
    record = read_record("published_sessions")
    sessions = record["figures"]["sessions"]
    sessions[3]["worst_theta"] = 0.00444

    text = "\n".join(published_sessions_section(record))

    assert all(f"| {row['session']} |" in text for row in sessions)
    assert f"measure 0.0044 ({sessions[3]['session']})" in text
    assert f"the {len(sessions)} sessions" in text
