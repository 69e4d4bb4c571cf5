# ruff: noqa: D103 - the names of the tests say it
"""The checks of essays as files and texts: each says what it saw, and stops nothing."""

import re
from pathlib import Path

import dagster as dg
import pytest

from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import SAMPLES, copy_sample, make_assessment, write_settings

CHECKS = {
    "essays_are_all_read",
    "essays_are_distinct",
    "essays_have_usual_length",
    "essays_are_in_the_language",
    "essays_hold_no_personal_data",
}
GERMAN = "Ich finde, dass die Schule später anfangen sollte, weil viele Schüler müde sind und nicht zuhören können. "


def samples(root: Path, *, skip: bool = False) -> Path:
    """An assessment of seven essays of the sample, each of its own."""
    folder = make_assessment(root, n_essays=0, skip_unreadable=skip)
    for path in sorted((SAMPLES / "eng5-role-models" / "essays").glob("student-*.txt"))[:7]:
        (folder / "essays" / path.name).write_bytes(path.read_bytes())
    return folder


def evaluated(daemon: MiniDaemon, name: str = "small") -> dict[str, dg.AssetCheckEvaluation]:
    """Return what every check says of the essays."""
    daemon.tick("assessment_folder_sensor")
    result = daemon.materialise(name, "essays")
    assert result.success
    return {e.check_name: e for e in result.get_asset_check_evaluations() if e.check_name in CHECKS}


def warned(found: dg.AssetCheckEvaluation) -> tuple[str, dict[str, object]]:
    """Return description and metadata of a check that warned."""
    assert not found.passed
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert not found.blocking
    return str(found.description), {key: value.value for key, value in found.metadata.items()}


@pytest.mark.parametrize("name", ["eng5-role-models", "lower5"])
def test_the_samples_pass_every_check(rig: Rig, daemon: MiniDaemon, name: str) -> None:
    copy_sample(rig.root, name)

    found = evaluated(daemon, name)

    assert set(found) == CHECKS
    assert [e.check_name for e in found.values() if not e.passed] == []


def test_what_was_left_out_is_named_with_a_remedy(rig: Rig, daemon: MiniDaemon) -> None:
    folder = samples(rig.root, skip=True)
    (folder / "essays" / "Anna Ek.docx").write_bytes(b"")
    for name in ("Maja Alm", "zz"):
        (folder / "essays" / f"{name}.txt").write_text("The same text.")
    (folder / "roster.csv").write_text("name,id\nAnna Ek,S100\nMaja Alm,S200\n")

    said, evidence = warned(evaluated(daemon)["essays_are_all_read"])
    materialised = daemon.instance.get_latest_materialization_event(dg.AssetKey("essays"))

    assert re.match(r"2 left out: person-0[12]\.docx, zz\.", said)
    assert evidence["n_left_out"] == 2
    shown = str(evidence["left_out"]).replace("\\", "")
    assert re.search(r"\|person-0[12]\.docx\|the essay is empty; add its text or remove the file\.\|", shown)
    assert re.search(r"\|zz\|has the same text as '\[person-0[12]\]'; decide which of them is judged\.\|", shown)
    assert materialised is not None
    assert materialised.asset_materialization is not None
    assert materialised.asset_materialization.metadata["n_left_out"].value == 2


def test_near_duplicates_are_shown_as_pairs(rig: Rig, daemon: MiniDaemon) -> None:
    folder = samples(rig.root)
    text = (folder / "essays" / "student-03.txt").read_text("utf-8")
    (folder / "essays" / "copy.txt").write_text(text.replace(".", " !") + "\n\nMine.", "utf-8")

    said, evidence = warned(evaluated(daemon)["essays_are_distinct"])

    assert "1 pair(s) of essays share much of their wording, first copy and student-03." in said
    assert r"|copy|student\-03|100%|" in str(evidence["pairs"])


def test_unusual_lengths_are_shown(rig: Rig, daemon: MiniDaemon) -> None:
    folder = samples(rig.root)
    (folder / "essays" / "short.txt").write_text("Just a heading")
    (folder / "essays" / "long.txt").write_text(" ".join(f"word{n}" for n in range(2000)))

    said, evidence = warned(evaluated(daemon)["essays_have_usual_length"])

    assert said.startswith("Of unusual length: short, long.")
    assert "|short|3|\n|long|2000|" in str(evidence["lengths"])


def test_another_language_is_shown(rig: Rig, daemon: MiniDaemon) -> None:
    folder = samples(rig.root)
    (folder / "essays" / "german.txt").write_text(GERMAN * 8, "utf-8")

    said, evidence = warned(evaluated(daemon)["essays_are_in_the_language"])

    assert said.startswith("Not in 'en': german.")
    assert "|german|de|100%|" in str(evidence["languages"])


def test_an_assessment_in_the_wrong_language_is_noticed(rig: Rig, daemon: MiniDaemon) -> None:
    write_settings(samples(rig.root), language="sv")

    _, evidence = warned(evaluated(daemon)["essays_are_in_the_language"])

    assert evidence["n_other"] == 7


def test_personal_data_is_shown_and_names_that_are_words(rig: Rig, daemon: MiniDaemon) -> None:
    folder = samples(rig.root)
    (folder / "essays" / "told.txt").write_text(
        "I like dogs.\n\nMy sister Maja and Anna Ek write to maja@mail.example, 070-123 45 67." + " And so on." * 40
    )
    (folder / "roster.csv").write_text("name,id\nAnna Ek,7\nMy Alm,8\n")

    said, evidence = warned(evaluated(daemon)["essays_hold_no_personal_data"])

    assert said.startswith("Looks like personal data: told.")
    assert "|told|e\\-mail|m" in str(evidence["places"])
    assert "|told|phone|0" in str(evidence["places"])
    assert "maja@" not in str(evidence)
    assert "|told|My|" in str(evidence["names_left_as_words"])
    assert evidence["n_entries_too_short"] == 2
    assert "Anna" not in str(evidence)
