"""What a run was made with: version, commit, packages, settings. No keys, no addresses of databases."""

import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from cj_pipeline.harness.eng5.schema import CliEnvironment
from cj_pipeline.settings import CHECKOUT

_PACKAGES: Final = ("anthropic", "dagster", "numpy", "openai", "pandas", "pydantic", "scipy", "sqlalchemy")
_WITHHELD: Final = frozenset({"CJ_LEDGER_URL", "CJ_DATA_DIR", "CJ_WORK_DIR"})
"""May hold a password, or name a person's folders."""


def runner_version() -> str:
    """Version of the program."""
    return version("cj-pipeline")


def git_sha() -> str | None:
    """Commit of the checkout, 40 hex digits; None outside a checkout."""
    command = ["git", "-C", str(CHECKOUT), "rev-parse", "--verify", "HEAD"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 (fixed words)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None


def surroundings(arguments: Sequence[str]) -> CliEnvironment:
    """What it is run with.

    Args:
        arguments: The command's arguments.
    """
    named = {key: value for key, value in os.environ.items() if key.startswith("CJ_") and key not in _WITHHELD}
    return CliEnvironment(
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        arguments=tuple(arguments),
        settings=dict(sorted(named.items())),
        packages={name: version(name) for name in _PACKAGES},
    )
