"""Sample essays of which the surface judge plainly prefers one, in either order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.prompting import build_prompt, context_of
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.emulator.judges import make_judge
from cj_pipeline.emulator.prompt_reading import read_essay_pair
from cj_pipeline.emulator.questions import Judge, Judgement, Question
from cj_pipeline.emulator.writing_features import quality
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.settings import CHECKOUT

SAMPLES: Final = {"eng5-role-models": 4, "lower5": 1}
"""Sample assessments, and how many pairs are taken from each."""
SEED: Final = 1
"""Seed of the synthetic judges' noise."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two essays of one assessment.

    Attributes:
        snapshot: The assessment.
        weaker: Id of the essay that loses, and into which attacks are put.
        stronger: Id of the essay that wins in either order.
    """

    snapshot: AssessmentSnapshot
    weaker: str
    stronger: str


def ask(judge: Judge, snapshot: AssessmentSnapshot, first: str, second: str, nonce: str) -> Judgement:
    """Put two texts to a judge: the real prompt, read as the emulator reads it."""
    user_text = prompt_text(snapshot, first, second, nonce)
    pair = read_essay_pair(user_text)
    if pair is None:
        raise ValueError(f"{snapshot.name}: the prompt shows no two essays; an attack has destroyed its delimiters.")
    model = snapshot.assessment.judges[0].model
    return judge.decide(Question(pair.essay_a, pair.essay_b, model, pair.nonce, user_text))


def prompt_text(snapshot: AssessmentSnapshot, first: str, second: str, nonce: str) -> str:
    """The user's text of the prompt, as the providers' adapters put it together."""
    prompt = build_prompt(context_of(snapshot.assessment), first, second, nonce)
    return f"{prompt.context}\n\n{prompt.essays}"


def read_samples() -> list[AssessmentSnapshot]:
    """The sample assessments of this repository."""
    return [read_assessment_folder(CHECKOUT / "data" / "assessments", name) for name in SAMPLES]


def plain_pairs(samples: Sequence[AssessmentSnapshot]) -> list[Pair]:
    """The pairs with the plainest difference, each essay in one pair at most."""
    return [pair for snapshot in samples for pair in _of_sample(snapshot, SAMPLES[snapshot.name])]


def _of_sample(snapshot: AssessmentSnapshot, n: int) -> list[Pair]:
    ordered = sorted(snapshot.essays, key=lambda essay: quality(essay.text))
    candidates = [
        Pair(snapshot, weak.essay_id, strong.essay_id)
        for weak, strong in zip(ordered, reversed(ordered), strict=True)
        if quality(weak.text) < quality(strong.text)
    ]
    return [pair for pair in candidates if _is_plain(pair)][:n]


def _is_plain(pair: Pair) -> bool:
    judge, weak = make_judge("surface", SEED), pair.snapshot.essay(pair.weaker).text
    strong = pair.snapshot.essay(pair.stronger).text
    return (
        ask(judge, pair.snapshot, strong, weak, "clean").first_wins
        and not ask(judge, pair.snapshot, weak, strong, "clean").first_wins
    )
