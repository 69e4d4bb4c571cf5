"""Command line of the emulator: ``python -m cj_pipeline.emulator --port 8080 --state-dir state``."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from cj_pipeline.emulator.judges import JUDGES
from cj_pipeline.emulator.profiles import profile_names
from cj_pipeline.emulator.server import CannotListenError, run
from cj_pipeline.emulator.settings import ANY_MODEL, EmulatorSettings, Limits

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and serve until interrupted; return the exit code."""
    given = _parser().parse_args(arguments)
    try:
        run(
            _settings(given),
            host=given.host,
            port=given.port,
            allow_any_host=given.allow_any_host,
            exit_with_parent=given.exit_with_parent,
        )
    except (CannotListenError, ValueError) as error:
        print(f"emulator: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks by printing
        return _USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m cj_pipeline.emulator", description="Loopback emulator of batch APIs.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="loopback address to listen on")
    add("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    add("--allow-any-host", action="store_true", help="allow a --host that other machines can reach")
    add("--state-dir", type=Path, required=True, help="folder that holds everything durable")
    add("--seed", type=int, default=0, help="seed of schedules, ids, row order and judges")
    add("--job-seconds", type=float, nargs=2, default=(60.0, 1800.0), metavar=("MIN", "MAX"), help="length of a job")
    add("--frozen-clock", action="store_true", help="virtual time moves only by POST /_emulator/clock")
    add("--judge", default="surface", choices=[*sorted(JUDGES), *profile_names()], help="a judge, or a profile")
    add("--limit", action="append", default=[], metavar="NAME=N", help=f"lower a limit: {', '.join(_limit_names())}")
    add("--enqueued-token-limit", action="append", default=[], metavar="[MODEL=]N", help="waiting prompt tokens")
    add("--log-bodies", action="store_true", help="keep every request body for GET /_emulator/requests")
    add("--exit-with-parent", action="store_true", help="stop when the starting process has gone")
    return parser


def _settings(given: argparse.Namespace) -> EmulatorSettings:
    low, high = given.job_seconds
    return EmulatorSettings(
        state_dir=given.state_dir,
        seed=given.seed,
        job_seconds=(low, high),
        frozen_clock=given.frozen_clock,
        judge=given.judge,
        limits=_limits(given.limit),
        enqueued_tokens=dict(_enqueued(text) for text in given.enqueued_token_limit),
        log_bodies=given.log_bodies,
    )


def _limit_names() -> list[str]:
    return [field.name for field in fields(Limits)]


def _limits(texts: Sequence[str]) -> Limits:
    limits = Limits()
    for text in texts:
        name, _, number = text.partition("=")
        if name not in _limit_names() or not number.isdecimal():
            raise ValueError(f"--limit {text!r}: want NAME=N with NAME among {', '.join(_limit_names())}")
        limits = replace(limits, **{name: int(number)})
    return limits


def _enqueued(text: str) -> tuple[str, int]:
    model, _, number = text.rpartition("=")
    if not number.isdecimal():
        raise ValueError(f"--enqueued-token-limit {text!r}: want N or MODEL=N")
    return model or ANY_MODEL, int(number)


if __name__ == "__main__":
    sys.exit(main())
