"""Versions of the programs that a result rests on."""

import platform
from importlib.metadata import version
from typing import Final

from cj_pipeline import __version__

_LIBRARIES: Final = ("numpy", "scipy", "pandas", "matplotlib")


def versions() -> dict[str, str]:
    """Names and versions: this program, Python, and what computes and draws."""
    return {"cj_pipeline": __version__, "python": platform.python_version(), **{n: version(n) for n in _LIBRARIES}}
