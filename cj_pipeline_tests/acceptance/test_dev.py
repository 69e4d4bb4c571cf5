# ruff: noqa: D103 - the names of the tests say it
"""`make dev`: web UI, daemon and emulator start together and end together."""

import signal
from pathlib import Path

import pytest

from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.listening import addresses
from cj_pipeline_tests.support.processes import start_cj, until
from cj_pipeline_tests.support.servers import DagsterServer, free_port

pytestmark = pytest.mark.slow

_DAEMONS = "{ instance { daemonHealth { allDaemonStatuses { daemonType healthy } } } }"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_starts_together_and_ends_together(tmp_path: Path, number: signal.Signals) -> None:
    make_assessment(tmp_path)
    port = free_port()
    server = DagsterServer(f"http://127.0.0.1:{port}", tmp_path)
    process = start_cj(tmp_path, "dev", "--port", str(port))

    def sensors_are_alive() -> bool:
        statuses = server.ask(_DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
        return any(s["daemonType"] == "SENSOR" and s["healthy"] for s in statuses)

    try:
        until(server.is_up, "the web UI")
        until(sensors_are_alive, "the daemon")
        until(lambda: server.partitions() == ["small"], "the folder sensor to add the partition")
        assert addresses(port) == {"127.0.0.1"}
        process.send_signal(number)
        process.wait(60)
    finally:
        process.kill()
        process.wait()

    assert not server.is_up()
    assert "Nothing is paid" in (tmp_path / "output.log").read_text()
