"""Snapshots and result tables on disk, one folder per assessment: Parquet for programs, CSV for people."""

import json
from pathlib import Path

import pandas as pd

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.storage.atomic import atomic_write

_ESSAYS = "essays.parquet"
_ASSESSMENT = "assessment.json"


class TableFiles:
    """Tables under one folder. Implements `engine.ports.TableStore`.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def save_snapshot(self, snapshot: AssessmentSnapshot) -> None:
        """Keep a snapshot; the latest one counts."""
        rows = [
            {
                "essay_id": e.essay_id,
                "digest": e.digest,
                "n_words": e.n_words,
                "anchor_grade": e.anchor_grade,
                "known_measure": e.known_measure,
                "known_measure_error": e.known_measure_error,
                "text": e.text,
            }
            for e in snapshot.essays
        ]
        folder = self._root / snapshot.name
        with atomic_write(folder / _ESSAYS) as file:
            pd.DataFrame(rows).to_parquet(file, index=False)
        with atomic_write(folder / _ASSESSMENT) as file:
            # The digest ties the two files together: a crash between them leaves no snapshot rather than a mixed one.
            kept = {
                "digest": snapshot.digest,
                "assessment": snapshot.assessment.model_dump(mode="json"),
                "overrides": dict(snapshot.overrides),
                "prescribed": [list(row) for row in snapshot.prescribed],
            }
            file.write(json.dumps(kept, indent=2, ensure_ascii=False).encode())

    def load_snapshot(self, assessment: str) -> AssessmentSnapshot | None:
        """The latest complete snapshot, or None."""
        folder = self._root / assessment
        if not (folder / _ASSESSMENT).exists():
            return None
        table = pd.read_parquet(folder / _ESSAYS).astype(object)
        table = table.where(table.notna(), None)
        fields = ("essay_id", "text", "anchor_grade", "known_measure", "known_measure_error")
        if not set(fields) <= set(table.columns):
            return None
        essays = tuple(Essay(*(row[name] for name in fields)) for row in table.to_dict("records"))
        kept = json.loads((folder / _ASSESSMENT).read_bytes())
        snapshot = AssessmentSnapshot(
            assessment,
            Assessment.model_validate(kept["assessment"]),
            essays,
            overrides=kept.get("overrides", {}),
            prescribed=tuple((first, second, times) for first, second, times in kept.get("prescribed", [])),
        )
        return snapshot if snapshot.digest == kept["digest"] else None

    def save_table(self, assessment: str, name: str, table: pd.DataFrame) -> None:
        """Keep a table as Parquet and CSV."""
        with atomic_write(self.path(assessment, name, "parquet")) as file:
            table.to_parquet(file, index=False)
        with atomic_write(self.path(assessment, name, "csv")) as file:
            table.to_csv(file, index=False)

    def remove_table(self, assessment: str, name: str) -> None:
        """Remove a table that no longer holds; one that is not there is fine."""
        for kind in ("parquet", "csv"):
            self.path(assessment, name, kind).unlink(missing_ok=True)

    def path(self, assessment: str, name: str, kind: str) -> Path:
        """Where a table is kept."""
        return self._root / assessment / f"{name}.{kind}"
