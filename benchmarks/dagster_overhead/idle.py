"""What daemon and code server take while nothing happens but sensors ticking: processor time and memory."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psutil
import yaml

from benchmarks.dagster_overhead.cohorts import Place
from cj_pipeline_tests.support.processes import child_environment, until
from cj_pipeline_tests.support.servers import end, free_port, start_module

_SETTLING_S: Final = 25.0
_MIB: Final = 2**20


@dataclass(frozen=True)
class Idle:
    """What one process, with its children, took.

    Attributes:
        process: Which one.
        cpu_share: Processor time by wall time: 1 is a whole core.
        rss_mib: Memory at the end, MiB.
    """

    process: str
    cpu_share: float
    rss_mib: float


def idle(place: Place, variables: Mapping[str, str], seconds: float) -> list[Idle]:
    """Run code server and daemon for a while and look at them from outside.

    Args:
        place: Its folders, ledger and Dagster's home are used; all its sensors are as the project leaves them.
        variables: Environment of both processes.
        seconds: How long to look, after they have settled.
    """
    with _processes(place, variables) as processes:
        time.sleep(_SETTLING_S)
        before = {name: _cpu_s(process) for name, process in processes.items()}
        started = time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - started
        return [
            Idle(name, max(0.0, _cpu_s(process) - before[name]) / took, _rss(process) / _MIB)
            for name, process in processes.items()
        ]


@contextmanager
def _processes(place: Place, variables: Mapping[str, str]) -> Iterator[dict[str, psutil.Process]]:
    root, port = place.rig.root, free_port()
    server = {"grpc_server": {"host": "127.0.0.1", "port": port, "location_name": "cj_pipeline"}}
    (root / "workspace.yaml").write_text(yaml.safe_dump({"load_from": [server]}))
    env = child_environment(root, {**variables, "DAGSTER_HOME": str(place.home)})
    code = ["dagster", "api", "grpc", "-m", "cj_pipeline.definitions", "-h", "127.0.0.1", "-p", str(port)]
    started = [start_module(code, env, root / "code.log")]
    try:
        started.append(
            start_module(["dagster._daemon", "run", "-w", str(root / "workspace.yaml")], env, root / "daemon.log")
        )
        until(lambda: "Checking for new runs" in (root / "daemon.log").read_text(), "the daemon's first tick", 180)
        yield dict(zip(("code server", "daemon"), (psutil.Process(p.pid) for p in started), strict=True))
    finally:
        for process in reversed(started):
            end(process)


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system) + sum(
        float(sum(child.cpu_times()[:2])) for child in process.children(recursive=True)
    )


def _rss(process: psutil.Process) -> int:
    return sum(each.memory_info().rss for each in _family(process))
