"""Where Dagster keeps its state when the command line starts it."""

import os
from pathlib import Path

from cj_pipeline.ledger.database import with_driver
from cj_pipeline.settings import CHECKOUT, Settings

_SQLITE, _POSTGRES = Path("dagster.yaml"), Path("deploy") / "postgres" / "dagster.yaml"


def dagster_home(settings: Settings) -> Path:
    """Make the folder Dagster keeps its state in, with the project's `dagster.yaml` linked into it.

    Where `CJ_DAGSTER_URL` is set it is another folder, with the `dagster.yaml` for PostgreSQL; the variable then names
    the driver that is installed. `DAGSTER_HOME` wins where it is set.
    """
    if settings.dagster_url:
        os.environ["CJ_DAGSTER_URL"] = with_driver(settings.dagster_url)
    if os.environ.get("DAGSTER_HOME"):
        return Path(os.environ["DAGSTER_HOME"])
    home = settings.work_dir / ("dagster-postgres" if settings.dagster_url else "dagster")
    home.mkdir(parents=True, exist_ok=True)
    source = CHECKOUT / (_POSTGRES if settings.dagster_url else _SQLITE)
    link = home / "dagster.yaml"
    if source.exists() and not link.exists():
        link.symlink_to(source)
    os.environ["DAGSTER_HOME"] = str(home)
    return home
