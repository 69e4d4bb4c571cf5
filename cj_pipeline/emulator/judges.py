"""Synthetic judges: who decides which of two essays is better, and the registry they are chosen from by name.

A judge sees what a model would see (two texts, a model name, the prompt's nonce) and nothing else. To add one, write a
class with ``name`` and ``decide`` (questions) and register a maker in ``JUDGES``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.gullible import GullibleJudge
from cj_pipeline.emulator.questions import Judge, Judgement, Question
from cj_pipeline.emulator.writing_features import contributions


@dataclass(frozen=True)
class SurfaceJudge:
    """Judges by surface features of writing, with noise and a slight liking for the first slot.

    The probability that A wins is ``sigmoid((q_a - q_b) / temperature + slot_preference)``, q being the sum of the
    feature contributions in logits. The draw comes from a hash of seed, model and texts in their order: the same
    question gets the same answer, whatever its nonce. The temperature is set so that random pairs of learners' essays
    are decided by quality about as often as published model judges manage (four times in five).
    """

    seed: int
    temperature: float = 0.45
    slot_preference: float = 0.2
    name: str = "surface"

    def decide(self, question: Question) -> Judgement:
        """Weigh the texts' features against each other and draw."""
        a, b = contributions(question.essay_a), contributions(question.essay_b)
        differences = {feature: a[feature] - b[feature] for feature in a}
        logit = sum(differences.values()) / self.temperature + self.slot_preference
        key = (self.seed, question.model, question.essay_a, question.essay_b)
        first_wins = chance.unit("verdict", *key) < _sigmoid(logit)
        favour = {name: value if first_wins else -value for name, value in differences.items()}
        return Judgement(first_wins, _clearness(logit, key, first_wins=first_wins), _reason(favour, key))


@dataclass(frozen=True)
class FirstSlotJudge:
    """Always prefers the essay shown first: the extreme of position bias."""

    name: str = "first_slot"

    def decide(self, question: Question) -> Judgement:  # noqa: ARG002 - it does not look
        """Prefer the first essay."""
        return Judgement(first_wins=True, clearness=0.5, reason="Synthetic judge: the first essay was shown first.")


@dataclass(frozen=True)
class ShareJudge:
    """Prefers the essay shown first in a given share of the questions, whatever stands in it.

    The draw comes from a hash of seed, model and texts in their order: the same question gets the same answer, whatever
    its nonce.
    """

    seed: int
    first_share: float
    name: str = "share"

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 <= self.first_share <= 1:
            raise ValueError(f"the share of the first slot lies between 0 and 1, not at {self.first_share}")

    def decide(self, question: Question) -> Judgement:
        """Draw."""
        key = (self.seed, question.model, question.essay_a, question.essay_b)
        first_wins = chance.unit("share", *key) < self.first_share
        reason = "Synthetic judge: the verdict was drawn, and says nothing about the essays."
        return Judgement(first_wins, chance.unit("share clearness", *key), reason)


@dataclass(frozen=True)
class CoinJudge:
    """Tosses a coin that depends on the question: a judge without any information."""

    seed: int
    name: str = "coin"

    def decide(self, question: Question) -> Judgement:
        """Toss."""
        key = (self.seed, question.model, question.nonce, question.essay_a, question.essay_b)
        toss = chance.unit("coin", *key) < 0.5  # noqa: PLR2004 - a fair coin
        return Judgement(toss, chance.unit("coin clearness", *key), "Synthetic judge: a coin was tossed.")


JUDGES: dict[str, Callable[[int], Judge]] = {
    "surface": SurfaceJudge,
    "first_slot": lambda _: FirstSlotJudge(),
    "coin": CoinJudge,
    "gullible_outside": lambda seed: GullibleJudge("gullible_outside", SurfaceJudge(seed), inside=False),
    "gullible_inside": lambda seed: GullibleJudge("gullible_inside", SurfaceJudge(seed), inside=True),
}


def make_judge(name: str, seed: int) -> Judge:
    """Return the judge of this name, or raise ValueError naming the known ones."""
    if name not in JUDGES:
        raise ValueError(f"unknown judge {name!r}; known: {', '.join(sorted(JUDGES))}")
    return JUDGES[name](seed)


def judge_without_essays(seed: int, model: str, prompt: str) -> Judgement:
    """Return what comes out when a prompt shows no two essays: a hash, and a reason that says so."""
    toss = chance.unit("no essays", seed, model, prompt) < 0.5  # noqa: PLR2004 - a fair coin
    return Judgement(
        toss, 0.0, "Synthetic judge: no two essays were found in the prompt, so this verdict means nothing."
    )


_NOTICED = 0.15
_OPENINGS = ("shows", "was chosen for", "is stronger in", "stands out for")


def _clearness(logit: float, key: tuple[object, ...], *, first_wins: bool) -> float:
    # A verdict against the judge's own leaning is a doubtful one, however far apart the texts are.
    towards = logit if first_wins else -logit
    noise = chance.unit("clearness", *key) - 0.5
    return min(0.999, max(0.0, 1 - math.exp(-max(0.0, towards) / 2.2) + 0.3 * noise))


def _reason(favour: dict[str, float], key: tuple[object, ...]) -> str:
    strongest = sorted(favour, key=lambda name: favour[name], reverse=True)[:2]
    named = [name for name in strongest if favour[name] > _NOTICED]
    if not named:
        return "Synthetic judge: the two essays are close; the better one was preferred on the whole impression."
    opening = _OPENINGS[int(chance.unit("opening", *key) * len(_OPENINGS))]
    return f"Synthetic judge: the preferred essay {opening} {' and '.join(named)}."


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
