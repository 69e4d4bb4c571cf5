"""Where the runner works: on the assessment itself, on none of its records, or on a variant of it beside them.

A plan and a dry run leave no trace in the ledger. Studies of the judge (anchor alignment, boundary tests) run on a
variant of the assessment in `<work folder>/eng5`, with a ledger of their own, so that no sensor takes them for
something a teacher submitted.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.intake.folder import ASSESSMENT_FILE
from cj_pipeline.intake.pairs_file import PAIRS_FILE
from cj_pipeline.settings import Settings
from cj_pipeline.storage.atomic import atomic_write
from cj_pipeline.wiring import Workbench, open_workbench

_LONGEST_NAME = 60


@contextmanager
def without_trace(settings: Settings) -> Iterator[Workbench]:
    """A workbench on the same assessments whose records are thrown away."""
    with tempfile.TemporaryDirectory(prefix="cj-eng5-") as folder:
        work = Path(folder)
        bench = open_workbench(replace(settings, work_dir=work, ledger_url=f"sqlite:///{work / 'ledger.db'}"))
        try:
            yield bench
        finally:
            bench.close()


def studies_settings(settings: Settings) -> Settings:
    """Settings of the workplace for variants."""
    root = settings.work_dir / "eng5"
    ledger = f"sqlite:///{root / 'ledger.db'}"
    return replace(settings, assessments_dir=root / "assessments", work_dir=root, ledger_url=ledger)


@dataclass(frozen=True, slots=True)
class Variant:
    """Another assessment made from one: some of its essays, grades withheld, pairs fixed.

    Attributes:
        source: Name of the assessment it is made from.
        study: What it is for; part of its name.
        assessment: Its settings.
        essays: Its essays.
        pairs: Its pairs as (first, second, times), by essay id.
    """

    source: str
    study: str
    assessment: Assessment
    essays: Sequence[Essay]
    pairs: Sequence[tuple[str, str, int]]

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.source[: _LONGEST_NAME - len(self.study) - 1]}.{self.study}"

    def write(self, root: Path) -> Path:
        """Write its folder under `root` anew, without anchors: nothing of a known grade is part of it."""
        folder = root / self.name
        kept = {f"{essay.essay_id}.txt" for essay in self.essays}
        for stale in (folder / "essays").glob("*"):
            if stale.name not in kept:
                stale.unlink()
        for essay in self.essays:
            _write(folder / "essays" / f"{essay.essay_id}.txt", essay.text + "\n")
        rows = "".join(f"{first},{second},{times}\n" for first, second, times in self.pairs)
        _write(folder / PAIRS_FILE, "first,second,times\n" + rows)
        settings = _settings(self.assessment, max(1, sum(times for *_, times in self.pairs)))
        # Last: a folder without this file is taken for unfinished.
        _write(folder / ASSESSMENT_FILE, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))
        return folder


def _settings(assessment: Assessment, n_comparisons: int) -> Mapping[str, Any]:
    fields = assessment.model_dump(mode="json", exclude_none=True)
    fields.pop("comparisons_per_essay", None)
    return {**fields, "pair_design": "pre_specified", "max_pairs_cap": n_comparisons}


def _write(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text.encode())
