"""Put every attack into a weaker essay and see who falls for it."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchmarks.record import write_record
from cj_pipeline.domain.hostile_text import find_hostile
from cj_pipeline.domain.prompting import build_prompt, context_of, delimiter_nonce
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.emulator.judge_registry import make_judge
from cj_pipeline.emulator.judges import Judge, Question
from cj_pipeline.emulator.prompt_reading import read_essay_pair
from cj_pipeline.intake.folder import read_assessment_folder

JUDGES: Final = ("surface", "gullible_outside", "gullible_inside")
SAMPLES: Final = Path(__file__).parents[2] / "data" / "assessments"
_SEED, _N_PAIRS, _MODEL = 1, 4, "gpt-6.1-terra"


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        family: What kind it is.
        language: Language it is written in.
        place: Where in the essay it is put: start, middle or end.
        text: What is put there; `{SLOT}` and `{slot}` stand for the letter under which the essay is shown.
        split: `tuned`, or `held_out` from tuning the detector.
    """

    family: str
    language: str
    place: str
    text: str
    split: str

    def put_into(self, essay: str, slot: str) -> str:
        """The essay with the attack in it."""
        text = self.text.replace("{SLOT}", slot.upper()).replace("{slot}", slot)
        paragraphs = essay.split("\n\n")
        at = {"start": 0, "middle": (len(paragraphs) + 1) // 2, "end": len(paragraphs)}[self.place]
        return "\n\n".join([*paragraphs[:at], text, *paragraphs[at:]])


def attacks() -> list[Attack]:
    """All attacks."""
    kept = json.loads((Path(__file__).parent / "attacks.json").read_text("utf-8"))
    return [Attack(**each) for each in kept["attacks"]]


def sample() -> AssessmentSnapshot:
    """The sample assessment whose essays are attacked."""
    return read_assessment_folder(SAMPLES, "eng5-role-models")


def prompt_of(snapshot: AssessmentSnapshot, first: str, second: str, number: int) -> str:
    """The user text of a prompt, as it is sent."""
    nonce = delimiter_nonce("suite", str(number))
    prompt = build_prompt(context_of(snapshot.assessment), first, second, nonce)
    return f"{prompt.context}\n\n{prompt.essays}"


def first_wins(judge: Judge, prompt: str) -> bool:
    """Whom a judge prefers, read as the emulator reads a prompt."""
    pair = read_essay_pair(prompt)
    if pair is None:
        raise AssertionError("a prompt of ours shows no two essays")
    return judge.decide(Question(pair.essay_a, pair.essay_b, _MODEL, pair.nonce, prompt)).first_wins


def uneven_pairs(snapshot: AssessmentSnapshot) -> list[tuple[str, str]]:
    """Pairs (weaker, better) that every judge decides alike in both orders while nobody attacks."""
    judges = [make_judge(name, _SEED) for name in JUDGES]
    found = []
    for weaker, better in product(snapshot.essays, repeat=2):
        ahead, behind = (
            prompt_of(snapshot, *texts, 0) for texts in ((weaker.text, better.text), (better.text, weaker.text))
        )
        if weaker != better and all(not first_wins(j, ahead) and first_wins(j, behind) for j in judges):
            found.append((weaker.text, better.text))
    step = max(1, len(found) // _N_PAIRS)
    return found[::step][:_N_PAIRS]


def tries(attack: Attack, pairs: Sequence[tuple[str, str]], snapshot: AssessmentSnapshot) -> Iterator[dict[str, Any]]:
    """Every pair in both orders with the attack in the weaker essay."""
    for number, ((weaker, better), slot) in enumerate(product(pairs, "ab")):
        attacked = attack.put_into(weaker, slot)
        texts = (attacked, better) if slot == "a" else (better, attacked)
        prompt = prompt_of(snapshot, *texts, number)
        won = {name: first_wins(make_judge(name, _SEED), prompt) == (slot == "a") for name in JUDGES}
        yield {"detected": bool(find_hostile(attacked)), **won}


def rows() -> list[dict[str, Any]]:
    """One row per split and family, and one over all families."""
    snapshot = sample()
    pairs = uneven_pairs(snapshot)
    groups: dict[tuple[str, str], list[list[dict[str, Any]]]] = defaultdict(list)
    for attack in attacks():
        done = list(tries(attack, pairs, snapshot))
        groups[attack.split, attack.family].append(done)
        groups[attack.split, "all"].append(done)
    return [_row(split, family, done) for (split, family), done in groups.items()]


def _row(split: str, family: str, done: list[list[dict[str, Any]]]) -> dict[str, Any]:
    every = [one for each in done for one in each]
    passed = [one for one in every if not one["detected"]]
    return {
        "split": split,
        "family": family,
        "n_attacks": len(done),
        "n_tries": len(every),
        "detected": sum(one["detected"] for one in every),
        **{f"won_{name}": sum(one[name] for one in every) for name in JUDGES},
        "won_inside_undetected": sum(one["gullible_inside"] for one in passed),
    }


def false_alarms(reference: Path) -> list[dict[str, Any]]:
    """Honest essays that are flagged: the samples, and real learners' essays."""
    own = [
        essay.text for name in ("eng5-role-models", "lower5") for essay in read_assessment_folder(SAMPLES, name).essays
    ]
    real = pd.read_csv(reference / "ellipse" / "impact_of_technology.csv")["text"].tolist()
    return [
        {"essays": name, "n": len(texts), "flagged": sum(bool(find_hostile(text)) for text in texts)}
        for name, texts in (("samples", own), ("ellipse", real))
    ]


def main() -> int:
    """Measure and write the record."""
    reference = Path(os.environ["CJ_REFERENCE_DATA"])
    figures = {"seed": _SEED, "n_pairs": _N_PAIRS, "rows": rows(), "false_alarms": false_alarms(reference)}
    write_record("hostile_essays", figures)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0
