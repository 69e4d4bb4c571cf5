"""All synthetic judges by name."""

from collections.abc import Callable

from cj_pipeline.emulator.gullible import GullibleJudge
from cj_pipeline.emulator.judges import CoinJudge, FirstSlotJudge, Judge, SurfaceJudge

JUDGES: dict[str, Callable[[int], Judge]] = {
    "surface": SurfaceJudge,
    "first_slot": lambda _: FirstSlotJudge(),
    "coin": CoinJudge,
    "gullible_outside": lambda seed: GullibleJudge(SurfaceJudge(seed), reads_essays=False, name="gullible_outside"),
    "gullible_inside": lambda seed: GullibleJudge(SurfaceJudge(seed), reads_essays=True, name="gullible_inside"),
}


def make_judge(name: str, seed: int) -> Judge:
    """Return the judge of this name, or raise ValueError naming the known ones."""
    if name not in JUDGES:
        raise ValueError(f"unknown judge {name!r}; known: {', '.join(sorted(JUDGES))}")
    return JUDGES[name](seed)
