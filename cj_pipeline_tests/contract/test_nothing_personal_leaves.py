# ruff: noqa: D103 - the names of the tests say it
"""What a class list holds never reaches a provider: counted on the wire itself, for both providers and all modes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from cj_pipeline.cli import main
from cj_pipeline.domain.roster import bare
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline.engine.rank import RANKINGS_TABLE, Ranking
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import essay_text, make_assessment
from cj_pipeline_tests.support.wire_recorder import WireRecorder, recording

PEOPLE = (
    (
        "Anna-Karin Svensson",
        "20070512-1234",
        "SA22b",
        "Tallbacksskolan",
        "ak.svensson@tallbacken.example",
        "070-123 45 67",
    ),
    ("Åsa Öhrngren", "S10427", "SA22b", "Tallbacksskolan", "asaohr@tallbacken.example", "+46 73 765 43 21"),
    ("Ibrahim al Khatib", "S10428", "SA22b", "Tallbacksskolan", "ibrahim@tallbacken.example", ""),
    ("Lindqvist, My", "S10429", "SA22b", "Tallbacksskolan", "", "0521-334455"),
    ("Wilhelmina van der Meer", "S10430", "TE23", "Tallbacksskolan", "", ""),
    ("Zbigniew Wójcik", "S10431", "TE23", "Tallbacksskolan", "", ""),
)
HEADER = "name,id,class,school,email,phone"
ABOUT = (
    "My name is Anna-Karin Svensson and I go to Tallbacksskolan. ANNA KARIN is what a. svensson is called.",
    "asa ohrngren wrote it with Ibrahim. Åsas: +46701234567, hers: 0737654321, asaohr@TALLBACKEN.example.",
    "Khatib, I. al Khatib and Ibrahim al-Khatib are one. In SA22B and sa 22 b: 070512-1234, 200705121234 too.",
    "I met My Lindqvist at Tallbacksskolans library. Lindqvists bag; call 0521 33 44 55.",
    "Wilhelmina van der Meer, W. van der Meer, wilhelmina meer, Meers, s-10430, S10430.",
    "Zbigniew Wojcik, WÓJCIK, zbigniews class TE23, te 23. ak.svensson@tallbacken.example",
)
FILES = (
    "Anna-Karin Svensson",
    "ohrngren_asa_SA22b",
    "S10428 essay",
    "MyLindqvist",
    "van der Meer W",
    "zbigniew.wojcik",
)
MODES = ("provider_batch_api", "per_request", "serial_bundle")


@pytest.fixture
def wire(emulator: RunningEmulator) -> Iterator[WireRecorder]:
    """What is sent to the emulator."""
    with recording(emulator.url) as recorder:
        yield recorder


@pytest.fixture
def recorded(tmp_path: Path, emulator: RunningEmulator, wire: WireRecorder) -> Iterator[Rig]:
    """A workbench whose every request is recorded."""
    made = make_rig(tmp_path, emulator, CJ_EMULATOR_URL=wire.url, CJ_CANARY_FROM="5")
    yield made
    made.bench.close()


def write_class(root: Path, provider: str = "openai", **settings: object) -> Path:
    """Six essays by six students of a class list, who name one another, their school and their numbers."""
    folder = make_assessment(root, "small", 0, provider=provider, **settings)
    for number, (file, text) in enumerate(zip(FILES, ABOUT, strict=True)):
        (folder / "essays" / f"{file}.txt").write_text(f"{essay_text(number)}\n\n{text}\n", "utf-8")
    rows = [",".join(f'"{value}"' for value in person) for person in PEOPLE]
    (folder / "roster.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
    return folder


def forbidden() -> set[str]:
    """Every value of the class list, and every part of a name that is no word as well, bare of case and accents."""
    whole = {bare(value) for person in PEOPLE for value in person if value}
    names = re.findall(r"\w+", " ".join(person[0] for person in PEOPLE))
    parts = {bare(name) for name in names} - {"my", "al", "van", "der"}
    return whole | parts | {"0705121234", "46701234567", "0701234567", "0737654321", "0521334455", "mylindqvist"}


def leaks(sent: str) -> set[str]:
    """What of it stands in what was sent."""
    words = {bare(word) for word in re.findall(r"[^\W_]+", sent)}
    run_together = bare(re.sub(r"[^\w@]", "", sent))
    return {value for value in forbidden() if value in words or (len(value) > 7 and value in run_together)}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_no_value_of_a_class_list_reaches_the_wire(recorded: Rig, wire: WireRecorder, provider: str, mode: str) -> None:
    write_class(
        recorded.root,
        provider=provider,
        llm_batching_mode=mode,
        task="Write to Åsa Öhrngren in SA22b about something that matters at Tallbacksskolan.",
        rubric="The better essay says more. Ask Zbigniew Wójcik, 0521-334455.",
    )

    recorded.submit()
    ranking = recorded.finish()

    assert isinstance(ranking, Ranking)
    assert wire.sent.count("essay_a nonce") >= 12
    assert "Write to [person-" in wire.sent
    assert leaks(wire.sent) == set()
    journal = str(recorded.emulator.journal("http")) + str(recorded.emulator.journal("job"))
    assert leaks(journal) == set()


def test_the_same_essays_without_a_class_list_would_be_seen(recorded: Rig, wire: WireRecorder) -> None:
    (write_class(recorded.root, llm_batching_mode="serial_bundle") / "roster.csv").unlink()

    recorded.submit()

    assert {"tallbacksskolan", "zbigniew", "svensson", "s10430", "0705121234"} <= leaks(wire.sent)


def test_what_is_kept_is_what_was_sent_and_the_map_is_the_owners(recorded: Rig) -> None:
    write_class(recorded.root)
    recorded.read("small")
    first = recorded.bench.tables.load_snapshot("small")
    recorded.read("small")
    kept = recorded.bench.settings.pseudonyms_dir / "small.json"

    assert first is not None
    assert first == recorded.bench.tables.load_snapshot("small")
    assert leaks(" ".join(essay.text for essay in first.essays)) == set()
    assert {essay.essay_id for essay in first.essays} == {f"person-{n:02d}" for n in range(1, 7)}
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert "Zbigniew Wójcik" in kept.read_text("utf-8")


def test_names_are_joined_again_on_this_machine_only(recorded: Rig) -> None:
    write_class(recorded.root, llm_batching_mode="per_request")
    recorded.submit()
    ranking = recorded.finish()

    assert isinstance(ranking, Ranking)
    named = recorded.bench.with_students("small", ranking.table)
    recorded.bench.tables.save_table("small", RANKINGS_TABLE, named)
    read = pd.read_csv(str(recorded.bench.tables.path("small", RANKINGS_TABLE, "csv")))
    whose = recorded.bench.pseudonyms("small")

    assert sorted(read["student"]) == sorted(person[0] for person in PEOPLE)
    assert "student" not in ranking.table
    for name, person in zip(FILES, PEOPLE, strict=True):
        writer = whose.writer(whose.essay_id(name))
        assert writer is not None
        assert writer.name == person[0]


def test_another_student_changes_nothing_for_those_who_are_there(recorded: Rig) -> None:
    folder = write_class(recorded.root)
    recorded.read("small")
    before = recorded.bench.tables.load_snapshot("small")
    with (folder / "roster.csv").open("a", encoding="utf-8") as file:
        file.write("\nAaron Aaronsson,S00001,TE23,Tallbacksskolan,,")
    recorded.read("small")

    assert recorded.bench.tables.load_snapshot("small") == before


def test_teachers_files_name_essays_as_the_teacher_does(recorded: Rig) -> None:
    called = {"method": "boundary_call", "boundaries": {"pass": FILES[0]}}
    folder = write_class(recorded.root, grade_scale=["fail", "pass"], grading=called, people_share=1.0)
    (folder / "anchors.csv").write_text(f"essay_id,grade,measure,standard_error\n{FILES[1]},pass,0.7,0.2\n", "utf-8")
    (folder / "decisions").mkdir()
    (folder / "decisions" / "d.csv").write_text(
        f"judge,candidate_chosen,candidate_not_chosen\nAnna,{FILES[0]},{FILES[1]}\n", "utf-8"
    )
    pairs = recorded.plan("small")
    recorded.bench.gather_people(pairs.snapshot)
    label = recorded.bench.pseudonyms("small").essay_id

    [decision] = current_decisions(recorded.engine, pairs.snapshot)
    assert (decision.first_id, decision.second_id) == (label(FILES[0]), label(FILES[1]))
    assert label(FILES[0]) != FILES[0]
    assert pairs.snapshot.assessment.grading.boundaries["pass"] == label(FILES[0])
    anchor = pairs.snapshot.essay(label(FILES[1]))
    assert (anchor.anchor_grade, anchor.known_measure, anchor.known_measure_error) == ("pass", 0.7, 0.2)


def test_report_and_workbook_name_students_again_for_their_owner_only(
    recorded: Rig, wire: WireRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_class(recorded.root, llm_batching_mode="per_request")
    recorded.submit()
    recorded.finish()
    monkeypatch.setenv("CJ_DATA_DIR", str(recorded.root))
    folder = recorded.bench.settings.reports_dir / "small"
    for command in (["report", "small"], ["export", "small"]):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        assert "only you can read it" in done.output

    page = (folder / "report.html").read_text("utf-8")
    assert all(f">{person[0]}</a>" in page for person in PEOPLE)
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*.*") if path.is_file()} == {0o600}
    export = folder / "export"
    ranking = pd.read_csv(export / "csv" / "ranking.csv", encoding="utf-8-sig")
    assert set(ranking["name"]) == {person[0] for person in PEOPLE}
    grade_book = pd.read_csv(export / "views" / "oneroster_results.csv", encoding="utf-8-sig")
    assert set(grade_book["studentSourcedId"]) == {person[1] for person in PEOPLE}
    assert leaks(wire.sent) == set()

    labelled = CliRunner().invoke(main, ["report", "small", "--labels", "--out", str(recorded.root / "passed on")])
    assert labelled.exit_code == 0, labelled.output
    text = (recorded.root / "passed on" / "report.html").read_text("utf-8")
    assert "person-01" in text
    assert not any(person[0] in text for person in PEOPLE)
