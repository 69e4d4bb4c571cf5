"""What is detected, what the attacks achieve with each judge, and what is flagged without cause."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scipy import stats

from benchmarks.attacks.attack import GUESSES, Attack
from benchmarks.attacks.pairs import SEED, Pair, ask
from cj_pipeline.domain.hostile_text import find_hostile
from cj_pipeline.domain.prompting import delimiter_nonce
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.emulator.judges import make_judge

JUDGES: Final = ("surface", "gullible_outside", "gullible_inside")
_SECRET: Final = "attack suite"  # noqa: S105 (the suite's own)


@dataclass(frozen=True, slots=True)
class Trial:
    """One attack in one essay, shown in one order.

    Attributes:
        attack: The attack.
        detected: Whether anything was found in the attacked essay.
        won_by: The judges that preferred the attacked essay.
    """

    attack: Attack
    detected: bool
    won_by: frozenset[str]


def trials(attacks: Iterable[Attack], pairs: Sequence[Pair], *, nonce_is_known: bool = False) -> list[Trial]:
    """Put every attack into the weaker essay of every pair, in both orders, and ask every judge.

    Args:
        attacks: The attacks.
        pairs: Pairs whose weaker essay loses without an attack.
        nonce_is_known: Let the attacks know the code of the delimiters, which no essay can; as a control.
    """
    return [
        _trial(attack, pair, k, is_first=is_first, nonce_is_known=nonce_is_known)
        for attack in attacks
        for k, pair in enumerate(pairs)
        for is_first in (True, False)
    ]


def _trial(attack: Attack, pair: Pair, k: int, *, is_first: bool, nonce_is_known: bool) -> Trial:
    nonce = delimiter_nonce(_SECRET, f"{attack.name} {k} {is_first}")
    weaker = attack.put_into(pair.snapshot.essay(pair.weaker).text, nonce if nonce_is_known else GUESSES[k % 3])
    stronger = pair.snapshot.essay(pair.stronger).text
    shown = (weaker, stronger) if is_first else (stronger, weaker)
    won_by = {
        name for name in JUDGES if ask(make_judge(name, SEED), pair.snapshot, *shown, nonce).first_wins == is_first
    }
    return Trial(attack, bool(find_hostile(weaker, pair.snapshot.assessment.language)), frozenset(won_by))


def row(found: Sequence[Trial], **what: str) -> dict[str, Any]:
    """Counts and shares of some trials.

    Args:
        found: The trials.
        what: What they have in common; opens the row.
    """
    unseen = [trial for trial in found if not trial.detected]
    return {
        **what,
        "n_attacks": len({trial.attack.name for trial in found}),
        "n_trials": len(found),
        "detected": _share(sum(trial.detected for trial in found), len(found)),
        "success": {name: _share(sum(name in t.won_by for t in found), len(found)) for name in JUDGES},
        "success_undetected": {name: _share(sum(name in t.won_by for t in unseen), len(found)) for name in JUDGES},
    }


def rows(found: Sequence[Trial]) -> list[dict[str, Any]]:
    """A row for each family and part, and one for each part as a whole."""
    families = sorted({trial.attack.family for trial in found})
    splits = sorted({trial.attack.split for trial in found}, reverse=True)
    by_family = [(family, split) for family in families for split in splits]
    return [
        row(
            [t for t in found if t.attack.split == split and family in {t.attack.family, "all"}],
            family=family,
            split=split,
        )
        for family, split in [*by_family, *(("all", split) for split in splits)]
    ]


def false_alarms(name: str, texts: Iterable[str], language: str) -> dict[str, Any]:
    """How many essays without any attack are flagged.

    Args:
        name: Where the essays come from.
        texts: The essays.
        language: Their language.
    """
    flagged = [bool(find_hostile(text, language)) for text in texts]
    return {
        "essays": name,
        "n_essays": len(flagged),
        "n_flagged": sum(flagged),
        "rate": _share(sum(flagged), len(flagged)),
        "rate_at_most": round(_upper(sum(flagged), len(flagged)), 4),
    }


def sample_alarms(samples: Sequence[AssessmentSnapshot]) -> list[dict[str, Any]]:
    """False alarms on the sample essays."""
    return [false_alarms(s.name, [essay.text for essay in s.essays], s.assessment.language) for s in samples]


def ellipse_alarms(reference: Path) -> dict[str, Any]:
    """False alarms on real essays by learners.

    Args:
        reference: Folder of the reference data.
    """
    with (reference / "ellipse" / "impact_of_technology.csv").open(encoding="utf-8", newline="") as file:
        return false_alarms("ELLIPSE", [line["text"] for line in csv.DictReader(file)], "en")


def _upper(part: int, whole: int) -> float:
    """Upper end of the one-sided 95 % Clopper-Pearson interval."""
    return float(stats.beta.ppf(0.95, part + 1, whole - part)) if part < whole else 1.0


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
