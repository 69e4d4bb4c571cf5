# ruff: noqa: D103 - the names of the tests say it
"""Strange answers, titles and addresses: none of them stops the work."""

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.domain.verdicts import Unreadable, Verdict, read_verdict
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.tables import UtcTime
from cj_pipeline.providers import anthropic_rows, openai_rows
from cj_pipeline.reporting.ranking_picture import ranking_picture
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.settings import load_settings
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment, settings_of


def test_a_reason_with_nul_and_lone_surrogate_can_be_stored() -> None:
    verdict = read_verdict('{"reason":"a\\ud800\\u0000b","better_essay":"A","strength":"much"}')

    assert isinstance(verdict, Verdict)
    assert "\x00" not in verdict.reason
    assert verdict.reason.encode() == b"a?\xef\xbf\xbdb"


def test_text_is_cut_to_its_room() -> None:
    assert storable("abcdef", 3) == "abc"


def test_a_deeply_nested_answer_is_unreadable() -> None:
    assert read_verdict("[" * 100_000) == Unreadable("the answer is not JSON")
    assert openai_rows.decode(b"[" * 100_000) is None
    assert anthropic_rows.decode(b"[" * 100_000) is None


def test_the_position_effect_stays_finite_where_the_first_shown_always_wins() -> None:
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])

    fit = fit_scale(comparison_data(first, second, [1, 1, 1], 3))

    assert 0 < fit.position_effect < 3
    assert fit.position_effect_se < 2.1


@pytest.mark.parametrize("title", ["$_$", "$\\foo$", "100 % of $5", "Ålder & mått"])
def test_a_title_is_drawn_as_it_stands(title: str) -> None:
    table = pd.DataFrame(
        {
            "essay_id": ["a", "b"],
            "measure": [1.0, -1.0],
            "interval_low": [0.0, -2.0],
            "interval_high": [2.0, 0.0],
            "misfit": ["", "above"],
            "anchor_grade": [None, "A"],
        }
    )

    assert ranking_picture(table, title, synthetic=True)[:4] == b"\x89PNG"


def test_infinity_is_no_limit() -> None:
    with pytest.raises(ValidationError):
        Assessment.model_validate(settings_of(max_cost_usd=math.inf))


def test_infinity_is_no_share() -> None:
    with pytest.raises(ValidationError):
        JudgeSpec(provider="openai", model="gpt-6.1-terra", share=math.inf)


def test_infinity_is_no_pause() -> None:
    with pytest.raises(ConfigurationError, match="CJ_POLL_MIN_S"):
        load_settings({"CJ_POLL_MIN_S": "inf"})


@pytest.mark.parametrize("url", ["postgresql://u:secret@host:port/db", "mysql://u:secret@h/db", "nonsense"])
def test_an_unusable_ledger_url_is_named_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CJ_LEDGER_URL") as caught:
        open_database(url)

    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    file.write_text("this is no database, and long enough to be taken for one at first sight" * 20)

    with pytest.raises(ConfigurationError, match=r"ledger\.db"):
        open_database(f"sqlite:///{file}")
    with pytest.raises(ConfigurationError, match="CJ_LEDGER_URL"):
        open_database(f"sqlite:///{file}/below.db")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        UtcTime().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001 (on purpose)
    assert UtcTime().process_bind_param(datetime(2026, 1, 1, tzinfo=UTC), None) is not None  # type: ignore[arg-type]


def test_a_snapshot_whose_two_files_do_not_match_is_none_at_all(rig: Rig, tmp_path: Path) -> None:
    make_assessment(rig.root)
    tables = TableFiles(tmp_path / "tables")
    snapshot = rig.bench.read("small")
    tables.save_snapshot(snapshot)
    kept = tmp_path / "tables" / "small" / "assessment.json"
    assert tables.load_snapshot("small") == snapshot

    kept.write_text(kept.read_text().replace("A small class", "Another class"))

    assert tables.load_snapshot("small") is None
