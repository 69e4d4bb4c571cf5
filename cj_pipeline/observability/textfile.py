"""A file of metrics for node_exporter's textfile collector, replaced whole: a reader never sees half of it."""

from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, write_to_textfile

from cj_pipeline.errors import ConfigurationError

DEFAULT_NAME: Final = "cj_pipeline.prom"
_SUFFIX: Final = ".prom"


def write_textfile(registry: CollectorRegistry, target: Path) -> Path:
    """Write all series to a file.

    Args:
        registry: From `registry_of`.
        target: The file, whose name ends in `.prom`; or a folder, in which it is called `cj_pipeline.prom`.

    Returns:
        The file.

    Raises:
        ConfigurationError: The file's name has another ending, or it cannot be written.
    """
    path = target / DEFAULT_NAME if target.is_dir() else target
    if path.suffix != _SUFFIX:
        raise ConfigurationError(
            f"{target}: is no folder, and node_exporter reads only files whose name ends in {_SUFFIX}. "
            f"Name an existing folder, or a file like {DEFAULT_NAME}."
        )
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written: {error.strerror or error}.") from error
    return path
