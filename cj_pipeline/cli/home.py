"""Where Dagster keeps its state when the command line starts it."""

import os
from pathlib import Path

from cj_pipeline.settings import CHECKOUT


def dagster_home(work_dir: Path) -> Path:
    """Make the folder Dagster keeps its state in, with the project's `dagster.yaml` linked into it.

    `DAGSTER_HOME` wins where it is set.
    """
    if os.environ.get("DAGSTER_HOME"):
        return Path(os.environ["DAGSTER_HOME"])
    home = work_dir / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    source = CHECKOUT / "dagster.yaml"
    link = home / "dagster.yaml"
    if source.exists() and not link.exists():
        link.symlink_to(source)
    os.environ["DAGSTER_HOME"] = str(home)
    return home
