"""What the estimation page says of the command's time follows from the record."""

from benchmarks.record import read_record
from tools.rank_command_section import rank_command_section


def test_every_row_of_the_record_is_in_the_table() -> None:
    """Change a figure in the record and the page changes with it."""
    record = read_record("rank_command")
    record["figures"]["rows"][1]["wall_s"] = 0.777

    text = "\n".join(rank_command_section(record))

    assert text.count("| cj rank") == len(record["figures"]["rows"]) - 1
    assert "0.78" in text
    assert f"Median of {record['figures']['runs']} runs" in text
