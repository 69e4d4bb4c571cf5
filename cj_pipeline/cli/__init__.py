"""`cj`: thin verbs over the same engine and assets that Dagster runs.

Exit codes: 0 done, 1 something failed on the way, 2 the input cannot be used as it is, 3 not finished yet.
"""

from cj_pipeline.cli import eng5, harness
from cj_pipeline.cli.main import main

__all__ = ["eng5", "harness", "main"]
