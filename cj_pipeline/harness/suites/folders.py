"""A suite's assessment folder, made from a sample that is part of the checkout."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

from cj_pipeline.domain.pair_set import PlanRules, first_wave
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.suites.specs import MODELS, Case
from cj_pipeline.settings import CHECKOUT

SAMPLES: Final = CHECKOUT / "data" / "assessments"


def write_case(root: Path, case: Case) -> Path:
    """Write the assessment of a case under `root`.

    Raises:
        ConfigurationError: The sample is not there: the program does not run from a checkout.
    """
    suite, sample = case.suite, SAMPLES / case.suite.sample
    if not (sample / "assessment.yaml").is_file():
        raise ConfigurationError(f"{sample}: the sample is missing; suites run from a checkout of the project.")
    folder = root / case.name
    (folder / "essays").mkdir(parents=True)
    names = sorted(path.name for path in (sample / "essays").iterdir())[: suite.n_essays]
    for name in names:
        (folder / "essays" / name).write_bytes((sample / "essays" / name).read_bytes())
    ids = [Path(name).stem for name in names]
    header, *rows = (sample / "anchors.csv").read_text("utf-8").splitlines()
    mine = [row for row in rows if row.partition(",")[0] in ids]
    (folder / "anchors.csv").write_text("\n".join([header, *mine]) + "\n", "utf-8")
    if suite.pairs:
        lines = [f"{first},{second},{suite.times}" for first, second in _pairs(suite.pairs, ids)]
        (folder / "pairs.csv").write_text("\n".join(["first,second,times", *lines]) + "\n", "utf-8")
    (folder / "assessment.yaml").write_text(_settings(sample, case), "utf-8")
    return folder


def _settings(sample: Path, case: Case) -> str:
    given = yaml.safe_load((sample / "assessment.yaml").read_text("utf-8"))
    judge = {"provider": case.provider, "model": MODELS[case.provider], "parameters": {"max_output_tokens": 1200}}
    fixed = {"pair_design": "pre_specified", "max_pairs_cap": case.suite.n_comparisons} if case.suite.pairs else {}
    # The mode is left to the run, which has to override what the file says.
    given |= {"judges": [judge], "llm_batching_mode": "serial_bundle", **fixed, **case.suite.settings}
    return str(yaml.safe_dump({key: value for key, value in given.items() if value is not None}, allow_unicode=True))


def _pairs(kind: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    """`ring`: each essay before the next; `every`: every pair once, in balanced order."""
    if kind == "ring":
        return [(ids[i], ids[(i + 1) % len(ids)]) for i in range(len(ids))]
    plan = first_wave(len(ids), n_distinct_pairs(len(ids)), PlanRules(seed=1))
    return [(ids[c.first], ids[c.second]) for c in plan]
