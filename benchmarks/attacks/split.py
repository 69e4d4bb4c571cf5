"""Decide which attacks the detector may be tuned on and which are held out: `python -m benchmarks.attacks.split`.

Within every family the attacks are shuffled by a fixed seed and dealt alternately. It was run once, before any tuning;
running it again changes nothing. An attack that is added later must not change the part of an older one: it is given
its part by hand, `held_out` if the detector was not yet tuned on it.
"""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

ATTACKS = Path(__file__).with_name("attacks.json")
SEED = 20261124
PARTS = ("tuned", "held_out")


def with_parts(attacks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attacks, each with its part as `split`."""
    families: dict[str, list[str]] = defaultdict(list)
    for attack in attacks:
        families[attack["family"]].append(attack["name"])
    part_of: dict[str, str] = {}
    rng = random.Random(SEED)  # noqa: S311 (not for secrets)
    for family in sorted(families):
        names = sorted(families[family])
        rng.shuffle(names)
        first = rng.randrange(2)
        part_of |= {name: PARTS[(first + k) % 2] for k, name in enumerate(names)}
    return [{**attack, "split": part_of[attack["name"]]} for attack in attacks]


def main() -> None:
    """Write the parts into the data."""
    attacks = json.loads(ATTACKS.read_text("utf-8"))
    ATTACKS.write_text(json.dumps(with_parts(attacks), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
