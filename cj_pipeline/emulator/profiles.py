"""Profiles: a synthetic judge with its manners and the faults it starts with, kept as JSON in ``profile_data``.

A profile is chosen in place of a judge. Its faults are scripted when the emulator starts on an empty script, and again
after every reset.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from cj_pipeline.emulator.judges import ShareJudge, SurfaceJudge
from cj_pipeline.emulator.manners import Latency, Manners, TokenCounts
from cj_pipeline.emulator.questions import Judge
from cj_pipeline.emulator.wire import JsonObject

_DATA = files("cj_pipeline.emulator").joinpath("profile_data")
_KEYS = {"about", "judge", "tokens", "latency_ms", "faults"}


@dataclass(frozen=True)
class Profile:
    """A synthetic judge with its manners.

    Attributes:
        name: Name by which it is chosen and which every HTTP reply carries.
        about: What it stands for, for people.
        judge: Kind and numbers of the judge: ``share`` with ``first``, or ``quality`` with ``temperature`` and
            ``slot_preference``.
        manners: Tokens and time.
        faults: The script it starts with, as ``POST /_emulator/faults`` takes it.
    """

    name: str
    about: str
    judge: JsonObject
    manners: Manners
    faults: tuple[JsonObject, ...]

    def make_judge(self, seed: int) -> Judge:
        """Return the judge."""
        given = dict(self.judge)
        kind = given.pop("kind", None)
        if kind not in _MAKERS:
            raise ValueError(f"profile {self.name}: judge.kind is {kind!r}; known: {', '.join(_MAKERS)}")
        return _MAKERS[kind](seed, self.name, given)


def _share(seed: int, name: str, given: JsonObject) -> Judge:
    return ShareJudge(seed, first_share=float(given["first"]), name=name)


def _quality(seed: int, name: str, given: JsonObject) -> Judge:
    temperature, preference = float(given["temperature"]), float(given["slot_preference"])
    return SurfaceJudge(seed, temperature, preference, name)


_MAKERS: dict[str, Callable[[int, str, JsonObject], Judge]] = {"share": _share, "quality": _quality}


def profile_names() -> list[str]:
    """Return the names of all profiles."""
    return sorted(entry.name.removesuffix(".json") for entry in _DATA.iterdir() if entry.name.endswith(".json"))


def load_profile(name: str) -> Profile:
    """Return the profile of this name, or raise ValueError naming the known ones."""
    if name not in profile_names():
        raise ValueError(f"unknown profile {name!r}; known: {', '.join(profile_names())}")
    return read_profile(name, _DATA.joinpath(f"{name}.json").read_text("utf-8"))


def read_profile(name: str, text: str) -> Profile:
    """Return the profile that a JSON text describes, or raise ValueError saying what is wrong with it."""
    given = json.loads(text)
    if set(given) - _KEYS or "judge" not in given:
        raise ValueError(f"profile {name}: want judge and, where needed, {', '.join(sorted(_KEYS - {'judge'}))}")
    try:
        manners = Manners(
            TokenCounts(**given["tokens"]) if "tokens" in given else None,
            Latency(**{f"{key}_ms": value for key, value in given["latency_ms"].items()})
            if "latency_ms" in given
            else None,
        )
    except TypeError as error:
        raise ValueError(f"profile {name}: {error}") from error
    return Profile(name, given.get("about", ""), given["judge"], manners, tuple(given.get("faults", ())))
