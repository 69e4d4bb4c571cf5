# ruff: noqa: D103 - the names of the tests say it
"""Sixty files as a school brings them, from `cj init` to the ranking."""

import re
from pathlib import Path

import pandas as pd

from cj_pipeline_tests.support.mixed_folder import BAD, NAMED, write_mixed_folder
from cj_pipeline_tests.support.processes import run_cj


def test_a_folder_of_sixty_mixed_files_becomes_a_ranking(tmp_path: Path) -> None:
    source = write_mixed_folder(tmp_path / "Year_9 essays")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    folder = tmp_path / "assessments" / "year-9"

    made = run_cj(tmp_path, "init", "year-9", "--from", str(source))
    again = run_cj(tmp_path, "init", "year-9", "--from", str(source))
    stopped = run_cj(tmp_path, "run", "year-9", "--emulator")

    assert made.returncode == 0, made.stderr
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    assert len(before) == 61
    assert "48 essays that can be used, language en" in made.stdout
    assert "a class list of 5 students" in made.stdout
    assert again.returncode == 2
    assert "exists already, and is not overwritten" in again.stderr
    assert stopped.returncode == 2
    assert not (tmp_path / "work" / "tables").exists()
    for name, (_, said) in BAD.items():
        assert re.search(rf"{re.escape(name)}: .*{re.escape(said)}", made.stdout), name
        assert re.search(rf"{re.escape(name)}: .*{re.escape(said)}", stopped.stderr), name
    assert stopped.stderr.count("error:") == len(BAD)
    assert "Traceback" not in stopped.stderr

    settings = folder / "assessment.yaml"
    text = settings.read_text("utf-8").replace("skip_unreadable: false", "skip_unreadable: true")
    settings.write_text(text.replace("comparisons_per_essay: 12", "comparisons_per_essay: 4"), "utf-8")
    ran = run_cj(tmp_path, "run", "year-9", "--emulator")
    status = run_cj(tmp_path, "status", "year-9")

    assert ran.returncode == 0, ran.stderr + ran.stdout
    table = pd.read_csv(tmp_path / "work" / "tables" / "year-9" / "rankings.csv", keep_default_na=False)
    assert len(table) == 48
    assert {"Anna Svensson", "Åsa Öhrn", "Ibrahim Khatib", "Per Lind", "Zbigniew Wójcik"} <= set(table["student"])
    assert not set(NAMED) & set(table["essay_id"])
    assert "Zbigniew Wójcik" in ran.stdout
    assert re.search(r"person-0\d: Zbigniew Wójcik", status.stdout)
    [report] = re.findall(r"report +(\S+)", ran.stdout)
    assert ">Zbigniew Wójcik</a>" in Path(report).read_text("utf-8")
    sent = "".join(path.read_text("utf-8") for path in (tmp_path / "work" / "raw").rglob("requests-*.jsonl"))
    assert "Yours, [person-0" in sent
    assert not re.search(r"Svensson|Öhrn|Khatib|Wójcik|\b9B\b", sent)
