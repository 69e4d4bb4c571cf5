# ruff: noqa: D103 - the names of the tests say it
"""What is refused when the engine is put together."""

from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import SystemClock, open_workbench


def test_a_ledger_file_that_another_machine_is_using_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings({"CJ_DATA_DIR": str(tmp_path)})
    first = open_workbench(settings)
    second = open_workbench(settings)
    with first.ledger.lease("submit:small", 60, SystemClock().now()):
        monkeypatch.setattr("socket.gethostname", lambda: "another-machine")
        with pytest.raises(ConfigurationError, match=r"SQLite ledger is in use on .+ right now.*move the ledger to"):
            open_workbench(settings)
    third = open_workbench(settings)
    for bench in (first, second, third):
        bench.close()
