"""Rank student essays by comparative judgement with language-model judges asked through batch APIs.

Importing the package does nothing: each room is imported by name where it is needed. What is of use to programs without
the rest can be had from here, and is imported when it is asked for:

```python
from cj_pipeline import RankOptions, rank_comparisons, read_decisions

ranking = rank_comparisons(data_frame)  # columns left, right, winner and judge, or as other programs name them
ranking = rank_comparisons(read_decisions(path).rows, RankOptions(compatible="sirt"))
```
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cj_pipeline.engine.decision_ranking import RankOptions as RankOptions
    from cj_pipeline.engine.decision_ranking import rank_comparisons as rank_comparisons
    from cj_pipeline.intake.decisions_file import read_decisions as read_decisions

__version__ = "0.1.0"

_HOMES: Final = {
    "RankOptions": "cj_pipeline.engine.decision_ranking",
    "rank_comparisons": "cj_pipeline.engine.decision_ranking",
    "read_decisions": "cj_pipeline.intake.decisions_file",
}


def __getattr__(name: str) -> object:
    """What programs may import, from where it lives."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
