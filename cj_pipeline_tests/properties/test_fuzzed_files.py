"""Files broken in ten thousand ways: none brings a reader down, hangs it, or makes it take a gigabyte."""

import json
import subprocess
import sys

import pytest

_FILES = 10_500
_PATIENCE_S = 1_800
_MOST_S = 10.0
_MOST_BYTES = 1_000_000_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_broken_files_are_read_or_named(seed: int) -> None:
    """Every file ends in its text or in the project's own error, within the time and memory one may take."""
    command = [sys.executable, "-W", "ignore", "-m", "cj_pipeline_tests.support.fuzzing", str(_FILES), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)

    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-2000:]}"
    found = json.loads(done.stdout)
    sys.stdout.write(f"\n{found}\n")
    assert found["read"] + found["refused"] + found["damaged"] == _FILES
    assert min(found["read"], found["refused"], found["damaged"]) > _FILES / 10
    assert found["slowest_s"] < _MOST_S
    assert found["peak_bytes"] < _MOST_BYTES
