"""How well the emulator's synthetic judge orders essays: the sample anchors by grade, and real essays by human score.

Its weights were set before any data were seen, its noise before it was run on ELLIPSE; nothing here may be used to tune
it. Run:

    python -m benchmarks.synthetic_judge <folder of the reference data>
"""

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.record import write_record
from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.rank import Ranking, rank
from cj_pipeline.engine.submit import submit
from cj_pipeline.scaling.agreement import quadratic_weighted_kappa
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.settings import CHECKOUT, load_settings
from cj_pipeline.wiring import open_workbench

SEEDS = (1, 2, 3, 4, 5)
SAMPLE = "eng5-role-models"
ELLIPSE = "ellipse"
_A_DAY_S = 90_000.0
_MODEL = "gpt-6.1-terra"


def rank_on_emulator(data_dir: Path, name: str, seed: int) -> Ranking:
    """Run one assessment to its ranking, over the socket, on an emulator with this seed."""
    work = data_dir / "work" / f"seed-{seed}"
    with running_emulator(work / "emulator", seed=seed) as emulator:
        variables = {"CJ_DATA_DIR": data_dir, "CJ_WORK_DIR": work, "CJ_EMULATOR_URL": emulator.url}
        settings = load_settings({**{k: str(v) for k, v in variables.items()}, "CJ_POLL_MIN_S": "1e-6"})
        bench = open_workbench(settings)
        try:
            bench.tables.save_snapshot(bench.read(name))
            plan(bench.engine, name)
            submit(bench.engine, name)
            emulator.advance(_A_DAY_S)
            poll(bench.engine)
            collect(bench.engine, name)
            ranking = rank(bench.engine, name)
        finally:
            bench.close()
    assert isinstance(ranking, Ranking), ranking  # noqa: S101 (a day has passed: every job has ended)
    return ranking


def sample_figures(seed: int) -> dict[str, Any]:
    """Kendall's tau-b of the sample's anchors, their measures against their grades."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(CHECKOUT / "data" / "assessments" / SAMPLE, root / "assessments" / SAMPLE)
        ranking = rank_on_emulator(root, SAMPLE, seed)
    grades = ranking.pairs.snapshot.assessment.grades
    anchors = ranking.table[ranking.table["anchor_grade"].notna()]
    steps = [grades.index(grade) for grade in anchors["anchor_grade"]]
    return {
        "seed": seed,
        "n_anchors": len(anchors),
        "n_comparisons": len(ranking.pairs.comparisons),
        "tau_b": _figure(stats.kendalltau(anchors["measure"], steps).statistic),
        "tau_b_of_word_count": _figure(stats.kendalltau(anchors["n_words"], steps).statistic),
    }


def ellipse_figures(csv_file: Path, seed: int) -> dict[str, Any]:
    """Agreement of measures, and of word counts alone, with the human score of 125 real essays."""
    with csv_file.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_assessment(root / "assessments" / ELLIPSE, rows)
        ranking = rank_on_emulator(root, ELLIPSE, seed)
    human = {row["essay_id"]: float(row["overall"]) for row in rows}
    table = ranking.table.assign(human=ranking.table["essay_id"].map(human))
    return {
        "seed": seed,
        "n_essays": len(table),
        "n_comparisons": len(ranking.pairs.comparisons),
        **agreement(table["measure"].to_numpy(), table["human"].to_numpy()),
        **agreement(table["n_words"].to_numpy(), table["human"].to_numpy(), "_of_word_count"),
    }


def _write_assessment(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    (folder / "essays").mkdir(parents=True)
    for row in rows:
        (folder / "essays" / f"{row['essay_id']}.txt").write_text(row["text"], "utf-8")
    settings = {
        "title": "ELLIPSE, impact of technology",
        "task": "Write about the impact of technology on people's lives.",
        "rubric": "The better essay shows the greater proficiency in written English as a whole.",
        "language": "en",
        "grade_scale": "eng5_np_legacy_9_step",
        "judges": [{"provider": "openai", "model": _MODEL}],
        "llm_batching_mode": "provider_batch_api",
        "comparisons_per_essay": 12,
        "max_pairs_cap": 1000,
        "seed": 1,
    }
    (folder / "assessment.yaml").write_text(json.dumps(settings), "utf-8")


def agreement(values: Floats, human: Floats, of: str = "") -> dict[str, float]:
    """Spearman's rho and quadratic weighted kappa with human scores, each with a 95 % bootstrap interval over essays.

    Kappa needs scores on both sides. A ranking has none, so the people's scores are given out in its order: the highest
    to its first essay, and so on. That takes from people how many essays have each score, and nothing else.

    Args:
        values: What orders the essays, shape (n_essays,).
        human: Their scores, in steps of a half, shape (n_essays,).
        of: Ending of the figures' names.
    """
    rng = np.random.default_rng(1)
    draws = [rng.integers(len(values), size=len(values)) for _ in range(2000)]
    found: dict[str, float] = {}
    for name, figure in (("spearman", _rho), ("qwk", _kappa)):
        low, high = np.quantile([figure(values[i], human[i]) for i in draws], [0.025, 0.975])
        found |= {f"{name}{of}": figure(values, human), f"{name}{of}_low": low, f"{name}{of}_high": high}
    return {name: _figure(value) for name, value in found.items()}


def _rho(values: Floats, human: Floats) -> float:
    return float(stats.spearmanr(values, human).statistic)


def _kappa(values: Floats, human: Floats) -> float:
    steps = np.round(2 * human).astype(np.int64)
    by_place = np.empty_like(steps)
    by_place[np.argsort(values, kind="stable")] = np.sort(steps)
    return quadratic_weighted_kappa(steps, by_place, int(steps.max()) + 1)


def _figure(value: float) -> float:
    return round(float(value), 3)


def main(reference: Path) -> None:
    """Measure everything and write the record."""
    sample = [sample_figures(seed) for seed in SEEDS]
    ellipse = [ellipse_figures(reference / "ellipse" / "impact_of_technology.csv", seed) for seed in SEEDS]
    path = write_record("synthetic_judge", {"sample": sample, "ellipse": ellipse})
    sys.stdout.write(path.read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
