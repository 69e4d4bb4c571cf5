"""What reading essays takes, how broken files end, and what near-duplicates cost to find.

`.venv/bin/python -m benchmarks.intake` writes `benchmarks/intake.json`. Every measurement runs in a process of its
own, so that its peak memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.record import write_record
from cj_pipeline.domain.near_duplicates import near_duplicates
from cj_pipeline.intake.essay_files import read_essay_texts
from cj_pipeline_tests.support.mixed_folder import BAD, good_files

_SIZES: Final = (1_000, 10_000, 100_000)
_WORDS: Final = 300
_SHARED: Final = 170
_PAIRS: Final = 100
_VOCABULARY: Final = 5_000
_FILES: Final = 14_000
_SEEDS: Final = (1, 2, 3)


def alike(n_texts: int, seed: int = 1) -> dict[str, Any]:
    """Find planted near-duplicates: pairs whose second text begins with 170 words of the first."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    words = [f"w{i}" for i in range(_VOCABULARY)]
    drawn = rng.choices(words, [1 / (i + 1) for i in range(_VOCABULARY)], k=n_texts * _WORDS)
    texts = [drawn[i * _WORDS : (i + 1) * _WORDS] for i in range(n_texts)]
    planted = {(k, k + 1) for k in range(0, 2 * _PAIRS, 2)}
    for first, second in planted:
        texts[second] = texts[first][:_SHARED] + texts[second][_SHARED:]
    joined = [" ".join(text) for text in texts]
    del drawn, texts
    began = time.process_time()
    found = {(twins.first, twins.second) for twins in near_duplicates(joined)}
    return {
        "n_texts": n_texts,
        "n_planted": len(planted),
        "n_found": len(found & planted),
        "n_others": len(found - planted),
        "seconds": round(time.process_time() - began, 2),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def mixed() -> dict[str, Any]:
    """Read the sixty mixed files of the tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "essays"
        folder.mkdir()
        for file, data in {**good_files(), **{file: data for file, (data, _) in BAD.items()}}.items():
            (folder / file).write_bytes(data)
        began = time.process_time()
        found = read_essay_texts(folder, skip_unreadable=True)
        own = time.process_time() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "n_read": len(found.texts),
        "n_named": len(found.left_out),
        "seconds": round(own + children.ru_utime + children.ru_stime, 2),
        "peak_bytes_of_a_child": children.ru_maxrss * 1024,
    }


def _apart(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own modules)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure everything, or, with an argument, one thing in this process."""
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(alike(int(sys.argv[1])) if sys.argv[1] != "mixed" else mixed()))
        return
    fuzzed = [{"seed": seed, **_apart("cj_pipeline_tests.support.fuzzing", str(_FILES), str(seed))} for seed in _SEEDS]
    figures = {
        "mixed": _apart("benchmarks.intake", "mixed"),
        "near_duplicates": [_apart("benchmarks.intake", str(n)) for n in _SIZES],
        "fuzzed": fuzzed,
    }
    sys.stdout.write(f"{write_record('intake', figures)}\n")


if __name__ == "__main__":
    main()
