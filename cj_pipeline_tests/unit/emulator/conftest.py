"""One emulator for most tests, emptied before each; SDK clients that are closed after each."""

from collections.abc import Iterator
from pathlib import Path

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator, running_emulator

LOW_LIMITS = {"openai_requests": 5, "openai_bytes": 20_000, "anthropic_requests": 5, "anthropic_bytes": 20_000}


@pytest.fixture(scope="session", autouse=True)
def _no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with running_emulator(tmp_path_factory.mktemp("emulator"), seed=7, log_bodies=True) as running:
        yield running


@pytest.fixture
def emulator(_shared: RunningEmulator) -> RunningEmulator:
    """An emulator with the providers' own limits, emptied."""
    _shared.reset()
    return _shared


@pytest.fixture(scope="session")
def _strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with running_emulator(
        tmp_path_factory.mktemp("strict"), limits=LOW_LIMITS, enqueued_tokens={"*": 3000, "roomy": 10**9}
    ) as running:
        yield running


@pytest.fixture
def strict_emulator(_strict: RunningEmulator) -> RunningEmulator:
    """An emulator with limits low enough to be reached, emptied."""
    _strict.reset()
    return _strict


@pytest.fixture
def oa(emulator: RunningEmulator) -> Iterator[openai.OpenAI]:
    """OpenAI's SDK, unmodified, checking every answer's shape."""
    with openai_client(emulator) as client:
        yield client


@pytest.fixture
def an(emulator: RunningEmulator) -> Iterator[anthropic.Anthropic]:
    """Anthropic's SDK, unmodified, checking every answer's shape."""
    with anthropic_client(emulator) as client:
        yield client


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A folder for an emulator of the test's own."""
    return tmp_path / "state"


def openai_client(emulator: RunningEmulator, key: str = "key-one") -> openai.OpenAI:
    """Return a client that does not retry."""
    return openai.OpenAI(
        api_key=key, base_url=emulator.openai_base_url, max_retries=0, _strict_response_validation=True
    )


def anthropic_client(emulator: RunningEmulator, key: str = "key-one") -> anthropic.Anthropic:
    """Return a client that does not retry."""
    return anthropic.Anthropic(
        api_key=key, base_url=emulator.anthropic_base_url, max_retries=0, _strict_response_validation=True
    )
