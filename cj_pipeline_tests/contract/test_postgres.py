# ruff: noqa: D103 - the names of the tests say it
"""The whole path on a real PostgreSQL ledger."""

from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.rank import Ranking
from cj_pipeline_tests.support.benches import A_DAY_S, make_rig
from cj_pipeline_tests.support.folders import add_essay, make_assessment
from cj_pipeline_tests.support.postgres import Postgres


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_the_whole_path_with_a_lost_reply_and_an_added_essay(
    tmp_path: Path, emulator: RunningEmulator, postgres: Postgres, provider: str
) -> None:
    rig = make_rig(tmp_path, emulator, CJ_LEDGER_URL=postgres.new_database())
    folder = make_assessment(tmp_path, provider=provider)
    emulator.script_faults({"kind": "commit_then_drop"}, {"kind": "item_errors", "share": 0.25, "status": 500})
    try:
        first = rig.submit()
        rig.advance(A_DAY_S)
        rig.poll()  # finds the job whose reply was lost
        rig.finish_quietly()
        again = rig.submit()
        rig.finish()
        add_essay(folder, 7)
        added = rig.submit()
        ranking = rig.finish()
    finally:
        rig.bench.close()

    assert (first.n_requests, again.n_requests, added.n_requests) == (0, 3, 4)
    assert isinstance(ranking, Ranking)
    assert len(ranking.table) == 7
    assert emulator.summary()["billed_more_than_once"] == []
