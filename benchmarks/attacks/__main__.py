"""Run the attack suite: `make attacks CJ_REFERENCE_DATA=<folder>`.

With `--tuned-only` nothing is recorded, and the held-out attacks are neither run nor shown: this is how the detector
is worked on.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.attacks import split
from benchmarks.attacks.attack import OTHER_HAND, load_attacks
from benchmarks.attacks.measure import ellipse_alarms, row, rows, sample_alarms, trials
from benchmarks.attacks.pairs import SEED, plain_pairs, read_samples
from benchmarks.record import write_record
from tools.hostile_essays_page import text_tables


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and record, or run the tuned part alone; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description="Run the attack suite.")
    parser.add_argument("--tuned-only", action="store_true", help="run the tuned part, and list what is not detected")
    if parser.parse_args(arguments).tuned_only:
        _show_tuned()
        return 0
    reference = os.environ.get("CJ_REFERENCE_DATA")
    if not reference:
        sys.stderr.write("error: name the folder of the reference data: make attacks CJ_REFERENCE_DATA=<folder>\n")
        return 2
    samples = read_samples()
    pairs, attacks = plain_pairs(samples), load_attacks()
    known = trials([attack for attack in attacks if attack.guesses_the_nonce], pairs, nonce_is_known=True)
    figures = {
        "seed": SEED,
        "split_seed": split.SEED,
        "n_attacks": len(attacks),
        "pairs": [{"assessment": p.snapshot.name, "weaker": p.weaker, "stronger": p.stronger} for p in pairs],
        "rows": rows(trials(attacks, pairs)),
        "other_hand_rows": rows(trials(load_attacks(OTHER_HAND), pairs)),
        "control_nonce_known": row(known, family="fake_delimiter", split="both"),
        "false_alarms": [*sample_alarms(samples), ellipse_alarms(Path(reference))],
    }
    write_record("hostile_essays", figures)
    sys.stdout.write(text_tables(figures) + "\n")
    return 0


def _show_tuned() -> None:
    found = trials([attack for attack in load_attacks() if attack.split == "tuned"], plain_pairs(read_samples()))
    sys.stdout.writelines(f"{each['family']}: {each['detected']:.2f}\n" for each in rows(found))
    missed = {trial.attack.name: trial.attack.text for trial in found if not trial.detected}
    sys.stdout.writelines(f"not detected: {name}: {text!r}\n" for name, text in missed.items())
    idle = {t.attack.name for t in found} - {t.attack.name for t in found if "gullible_inside" in t.won_by}
    sys.stdout.writelines(f"never obeyed: {name}\n" for name in sorted(idle))


if __name__ == "__main__":
    sys.exit(main())
