# ruff: noqa: D103 - the names of the tests say it
"""`cj` as a user meets it: in a process of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.folders import SAMPLES, add_essay, make_assessment, write_settings
from cj_pipeline_tests.support.processes import run_cj


@pytest.fixture(scope="module")
def live_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """An emulator on the real clock whose jobs take a second."""
    folder = tmp_path_factory.mktemp("emulator")
    with running_emulator(folder, job_seconds=(0.5, 1.0), frozen_clock=False) as server:
        yield server


def quick(emulator: RunningEmulator) -> dict[str, str]:
    """Settings without waits."""
    return {"CJ_EMULATOR_URL": emulator.url, "CJ_POLL_MIN_S": "0.2", "CJ_SETTLE_S": "0", "CJ_LEASE_S": "0.5"}


def test_a_run_ends_with_a_ranking_and_a_second_one_pays_for_nothing(tmp_path: Path) -> None:
    folder = make_assessment(tmp_path)

    first = run_cj(tmp_path, "run", "small", "--emulator")
    second = run_cj(tmp_path, "run", "small", "--emulator")
    add_essay(folder, 7)
    third = run_cj(tmp_path, "run", "small", "--emulator")
    status = run_cj(tmp_path, "status")

    assert first.returncode == 0, first.stderr
    assert "12 new requests" in first.stdout
    assert "rank, 90 %" in first.stdout
    assert "No grades: no anchors." in first.stdout
    assert "synthetic judge" in first.stdout
    assert str(tmp_path / "work" / "tables" / "small") in first.stdout
    assert str(tmp_path / "work" / "raw" / "small") in first.stdout
    assert "127.0.0.1:3000" in first.stdout
    assert second.returncode == 0
    assert "0 new requests" in second.stdout
    assert "4 new requests" in third.stdout
    assert "essay-07" in third.stdout
    assert "16 of 16 judged" in status.stdout
    assert "synthetic judge" in (tmp_path / "work" / "tables" / "small" / "rankings.csv").read_text()
    assert "synthetic judge" in (tmp_path / "work" / "tables" / "small" / "comparisons.csv").read_text()


def test_submitting_without_waiting_can_be_taken_up_later(tmp_path: Path, live_emulator: RunningEmulator) -> None:
    make_assessment(tmp_path, provider="anthropic")

    first = run_cj(tmp_path, "run", "small", "--no-wait", **quick(live_emulator))
    second = run_cj(tmp_path, "run", "small", "--no-wait", **quick(live_emulator))

    assert first.returncode == 3
    assert "are being judged" in first.stdout
    assert second.returncode == 0, second.stdout
    assert "essay-01" in second.stdout


def test_a_lowered_cap_is_a_message_not_a_traceback(tmp_path: Path, live_emulator: RunningEmulator) -> None:
    folder = make_assessment(tmp_path)
    run_cj(tmp_path, "run", "small", **quick(live_emulator))
    write_settings(folder, max_pairs_cap=8)

    result = run_cj(tmp_path, "run", "small", **quick(live_emulator))

    assert result.returncode == 1
    assert "max_pairs_cap was lowered" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def spoil_missing_file(folder: Path) -> None:
    shutil.rmtree(folder / "essays")


def spoil_unreadable_file(folder: Path) -> None:
    (folder / "essays" / "essay-01.txt").write_bytes(b"\xff\xfe\x00x")


def spoil_empty_essay(folder: Path) -> None:
    (folder / "essays" / "essay-01.txt").write_text(" \n")


def spoil_same_id(folder: Path) -> None:
    (folder / "essays" / "essay-01.md").write_text("Another text.")


def spoil_same_text(folder: Path) -> None:
    shutil.copy(folder / "essays" / "essay-01.txt", folder / "essays" / "copy.txt")


def spoil_too_few(folder: Path) -> None:
    for number in range(2, 7):
        (folder / "essays" / f"essay-{number:02d}.txt").unlink()


def spoil_cap(folder: Path) -> None:
    write_settings(folder, max_pairs_cap=4, comparisons_per_essay=None)


def spoil_yaml(folder: Path) -> None:
    (folder / "assessment.yaml").write_text("title: [unclosed\ntask: x")


def spoil_unknown_key(folder: Path) -> None:
    write_settings(folder, rubrik="a typo")


def spoil_unknown_provider(folder: Path) -> None:
    write_settings(folder, judges=[{"provider": "acme", "model": "m"}])


def spoil_unknown_model(folder: Path) -> None:
    write_settings(folder, judges=[{"provider": "openai", "model": "gpt-0"}])


@pytest.mark.parametrize(
    ("spoil", "file", "said"),
    [
        (spoil_missing_file, "essays", "the folder is missing"),
        (spoil_unreadable_file, "essay-01.txt", "not UTF-8"),
        (spoil_empty_essay, "essay-01.txt", "the essay is empty"),
        (spoil_same_id, "essay-01.txt", "another file has the id 'essay-01'"),
        (spoil_same_text, "essays", "have the same text"),
        (spoil_too_few, "essays", "at least 2"),
        (spoil_cap, "assessment.yaml", "raise it to 5"),
        (spoil_yaml, "assessment.yaml", "not valid YAML"),
        (spoil_unknown_key, "assessment.yaml", "unknown key"),
        (spoil_unknown_provider, "assessment.yaml", "unknown provider 'acme'"),
        (spoil_unknown_model, "assessment.yaml", "unknown model 'gpt-0'"),
    ],
)
def test_bad_input_is_one_clear_message_and_nothing_is_written(
    tmp_path: Path, spoil: object, file: str, said: str
) -> None:
    assert callable(spoil)
    spoil(make_assessment(tmp_path))

    result = run_cj(tmp_path, "run", "small", "--emulator")

    assert result.returncode == 2, result.stdout + result.stderr
    assert said in result.stderr
    assert file in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "work").exists()


def test_no_key_for_a_real_provider_is_said_before_anything_is_written(tmp_path: Path) -> None:
    make_assessment(tmp_path)

    result = run_cj(tmp_path, "run", "small")

    assert result.returncode == 2
    assert "OPENAI_API_KEY is not set" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "work").exists()


def test_an_unknown_assessment_names_those_there_are(tmp_path: Path) -> None:
    make_assessment(tmp_path)

    result = run_cj(tmp_path, "run", "smal", "--emulator")

    assert result.returncode == 2
    assert "found: small" in result.stderr


def test_faulty_settings_are_named_together(tmp_path: Path) -> None:
    result = run_cj(tmp_path, "status", CJ_POLL_MIN_S="often", CJ_MAX_ATTEMPTS="0")

    assert result.returncode == 2
    assert "CJ_POLL_MIN_S" in result.stderr
    assert "CJ_MAX_ATTEMPTS" in result.stderr


def test_assessments_are_listed_with_their_faults(tmp_path: Path) -> None:
    make_assessment(tmp_path, "good")
    spoil_empty_essay(make_assessment(tmp_path, "poor"))

    result = run_cj(tmp_path, "assessments")

    assert result.returncode == 2
    assert "good" in result.stdout
    assert "6 essays" in result.stdout
    assert "the essay is empty" in result.stdout


def test_the_samples_are_valid_and_leave_room_for_an_added_essay() -> None:
    for name in ("eng5-role-models", "lower5"):
        settings = yaml.safe_load((SAMPLES / name / "assessment.yaml").read_text("utf-8"))
        n_essays = len(list((SAMPLES / name / "essays").iterdir()))
        per_essay = settings["comparisons_per_essay"]

        assert settings["max_pairs_cap"] >= -(-n_essays * per_essay // 2) + per_essay
