# ruff: noqa: D103 - the names of the tests say it
"""Deletion on request: nothing of an essay is left in any file, and the accounts still add up."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.forgetting import forget
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.ledger import tables
from cj_pipeline.ledger.database import open_database
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import essay_text, make_assessment
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.unit.ledger.test_people_rows import DECISION

ANNA, MARK = "anna-svensson", "Zwetschgenkuchen"
MODES = ("provider_batch_api", "per_request")

PERSONAL = {
    "comparisons": {"first_id", "first_digest", "second_id", "second_digest", "reason", "error"},
    "attempts": {"reason", "error"},
    "batch_jobs": {"message", "request_path", "result_files"},
    "judging_sessions": {"processing_metadata"},
    "decisions": {"numbers"},
    "standings": {"reason"},
}
"""Columns that hold, or may hold, what is personal. `forget_texts` and `move_raw` take care of each."""

HARMLESS = {
    "attempts": {
        "custom_id",
        "comparison_id",
        "job_id",
        "outcome",
        "winner",
        "model",
        "response_id",
        "sent_at",
        "error_type",
    },
    "batch_jobs": {
        *(
            "job_id",
            "session_id",
            "assessment",
            "provider",
            "account",
            "model",
            "phase",
            "request_sha256",
            "created_at",
        ),
        *("intent_at", "cursor", "provider_batch_id", "status", "provider_status", "next_poll_at", "ended_at", "mode"),
        *("collected_at", "judge", "parameters", "status_since", "cancel_requested_at", "gone_since", "purged_at"),
        *("reported_usage", "started_at"),
    },
    "comparisons": {"comparison_id", "session_id", "judge", "status", "winner"},
    "decisions": {"session_id", "decision", "decided_at"},
    "judging_sessions": {"session_id", "assessment", "key", "secret", "created_at"},
    "job_events": {"job_id", "session_id", "mode", "provider", "model", "event", "intent_at"},
    "call_errors": {"provider", "error_type"},
    "leases": {"name", "owner", "expires_at"},
    "queue_limits": {"provider", "account", "model", "hold_until", "learned_at"},
    "standings": {"assessment", "standing", "changed_at"},
}
"""Columns of text that hold names of ours, of models and of accounts, and times."""

DELETED = {"human_decisions"}
"""Tables whose rows go as a whole: they cost nothing, and name people."""


@pytest.fixture(params=["sqlite", "postgresql"])
def rig(request: pytest.FixtureRequest, tmp_path: Path, emulator: RunningEmulator) -> Iterator[Rig]:
    """A rig on each kind of ledger."""
    variables = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        variables["CJ_LEDGER_URL"] = server.new_database()
    made = make_rig(tmp_path, emulator, **variables)
    yield made
    made.bench.close()


def make_class(rig: Rig, mode: str, provider: str = "openai") -> Path:
    """Make, submit and rank an assessment in which Anna wrote an essay that only she could write."""
    folder = make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    (folder / "essays" / f"{ANNA}.txt").write_text(f"{essay_text(7)} I eat {MARK}.", "utf-8")
    rig.submit()
    ranking = rig.finish()
    assert isinstance(ranking, Ranking)
    rig.bench.tables.save_table("small", "rankings", ranking.table)
    return folder


def held(rig: Rig, *words: str) -> list[str]:
    """Return the files, and the ledger where it is on a server, that hold one of these words."""
    files = [path for path in (rig.root / "work").rglob("*") if path.is_file()]
    found = [str(path.relative_to(rig.root)) for path in files if any(w.encode() in path.read_bytes() for w in words)]
    if rig.bench.settings.ledger_url.startswith("postgresql"):
        engine = open_database(rig.bench.settings.ledger_url)
        with engine.connect() as connection:
            rows = [str(row) for table in tables.metadata.sorted_tables for row in connection.execute(sa.select(table))]
        engine.dispose()
        found += ["the ledger"] * any(word in row for row in rows for word in words)
    return found


def files_at_openai(rig: Rig) -> list[str]:
    """Return the files that the provider keeps."""
    request = urllib.request.Request(f"{rig.emulator.url}/v1/files", headers={"Authorization": "Bearer x"})  # noqa: S310
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as reply:
        return [file["id"] for file in json.load(reply)["data"]]


def sums(rig: Rig) -> tuple[int, tuple[object, ...]]:
    """Return the number of attempts, and what the accounts come to."""
    [session] = rig.engine.ledger.sessions("small")
    totals = rig.engine.ledger.totals(session.session_id)
    return totals.n_attempts, (totals.input_tokens, totals.output_tokens, round(totals.spent_usd, 9), totals.by_status)


@pytest.mark.parametrize("mode", MODES)
def test_an_assessment_is_forgotten_and_its_accounts_stay(rig: Rig, mode: str) -> None:
    folder = make_class(rig, mode)
    before, sums_before = held(rig, ANNA, MARK, "essay-01"), sums(rig)
    shutil.rmtree(folder)
    report = forget(rig.engine, "small")

    assert before
    assert held(rig, ANNA, MARK, "essay-01", essay_text(1)[:20]) == []
    assert sums(rig) == sums_before
    assert report.n_comparisons == len(rig.comparisons())
    assert files_at_openai(rig) == []
    assert report.remains == ["the emulator keeps its own copies in its state folder; delete that."]


@pytest.mark.parametrize("mode", MODES)
def test_an_essay_is_forgotten_and_the_others_stay(rig: Rig, mode: str) -> None:
    folder = make_class(rig, mode)
    sums_before, n_lines = sums(rig), raw_lines(rig)
    (folder / "essays" / f"{ANNA}.txt").unlink()
    report = forget(rig.engine, "small", ANNA)
    stripped = raw_lines(rig)
    again = rig.submit()
    ranking = rig.finish()

    assert held(rig, ANNA, MARK) == []
    assert sums_before[0] == sums(rig)[0] - again.n_requests
    assert 0 < report.n_comparisons < len(rig.comparisons())
    assert stripped == n_lines - 2 * report.n_comparisons
    assert isinstance(ranking, Ranking)
    assert ANNA not in set(ranking.table["essay_id"])
    assert rig.emulator.summary()["billed_more_than_once"] == []


def raw_lines(rig: Rig) -> int:
    """Return the number of raw lines, each of which is readable and under its digest."""
    raw = rig.engine.raw
    return sum(1 for path in raw.below("small") for _ in raw.lines(path))


def decided_by_a_person(rig: Rig, number: int, first: str) -> None:
    """Let a person have decided between an essay and another one."""
    decision = replace(DECISION, decision_id=f"d{number}", assessment="small", first_id=first, second_id="essay-02")
    rig.engine.ledger.add_human_decisions([decision])


def test_what_people_decided_about_an_essay_goes_with_it(rig: Rig) -> None:
    make_assessment(rig.root)
    decided_by_a_person(rig, 1, ANNA)
    decided_by_a_person(rig, 2, "essay-01")
    forget(rig.engine, "small", ANNA)
    left = rig.engine.ledger.human_decisions("small")
    forget(rig.engine, "small")

    assert [decision.decision_id for decision in left] == ["d2"]
    assert rig.engine.ledger.human_decisions("small") == []
    assert held(rig, ANNA, "Åsa") == []


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_the_batch_at_anthropic_is_deleted(rig: Rig) -> None:
    shutil.rmtree(make_class(rig, "provider_batch_api", "anthropic"))
    forget(rig.engine, "small")
    [job] = rig.engine.ledger.jobs()

    assert job.purged_at is not None
    assert held(rig, ANNA, MARK) == []


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_forgetting_twice_is_harmless_and_the_unknown_is_said_to_be_so(rig: Rig) -> None:
    shutil.rmtree(make_class(rig, "provider_batch_api"))
    forget(rig.engine, "small", ANNA)
    with pytest.raises(ConfigurationError, match=f"small: nothing is kept about an essay '{ANNA}'"):
        forget(rig.engine, "small", ANNA)
    forget(rig.engine, "small")
    with pytest.raises(ConfigurationError, match="small: nothing is kept about an assessment of this name"):
        forget(rig.engine, "small")


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_what_is_under_way_is_not_forgotten_yet(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()
    with pytest.raises(
        ConfigurationError, match=r"1 job\(s\) are still under way or not collected. Run `cj cancel small`"
    ):
        forget(rig.engine, "small")
    rig.advance(25 * 3600)
    rig.poll()
    with pytest.raises(ConfigurationError, match="or not collected"):
        forget(rig.engine, "small")

    assert held(rig, "essay-01")


def test_every_column_of_text_is_known_to_be_personal_or_harmless() -> None:
    kinds = (sa.String, sa.JSON, tables.UtcTime)
    for table in (table for table in tables.metadata.sorted_tables if table.name not in DELETED):
        texts = {column.name for column in table.columns if isinstance(column.type, kinds) or column.foreign_keys}

        assert texts == PERSONAL.get(table.name, set()) | HARMLESS.get(table.name, set()), table.name
