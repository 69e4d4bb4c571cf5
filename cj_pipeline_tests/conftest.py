"""Fixtures for all test families."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """One emulator for the whole run, its clock moved by tests only."""
    with running_emulator(tmp_path_factory.mktemp("emulator"), seed=1) as server:
        yield server


@pytest.fixture
def emulator(shared_emulator: RunningEmulator) -> RunningEmulator:
    """The emulator, without jobs, faults or journal of earlier tests."""
    shared_emulator.reset()
    return shared_emulator


@pytest.fixture
def rig(tmp_path: Path, emulator: RunningEmulator) -> Iterator[Rig]:
    """A workbench on the emulator, its data under the test's own folder."""
    made = make_rig(tmp_path, emulator)
    yield made
    made.bench.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run, started when first asked for."""
    with running_postgres() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach a real provider by a key that happens to be set."""
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "CJ_EMULATOR_URL",
        "DAGSTER_HOME",
        "CJ_WORK_DIR",
        "CJ_DATA_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
