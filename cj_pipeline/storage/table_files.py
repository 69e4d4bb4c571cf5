"""Snapshots and result tables, one folder per assessment: Parquet for programs, CSV for people."""

import json
from pathlib import Path

import pandas as pd
from upath import UPath

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.storage.store import store_at

_ESSAYS = "essays.parquet"
_ASSESSMENT = "assessment.json"

STUDENT = "student"
"""Column with names from a class list."""


class TableFiles:
    """Tables under one folder. Implements `engine.ports.TableStore`.

    Args:
        root: A folder, or a place in an object store; made when first written to.
    """

    def __init__(self, root: Path | UPath) -> None:
        self.store = store_at(root)

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
        with self.store.draft(snapshot.name) as draft:
            pd.DataFrame(rows).to_parquet(draft.file, index=False)
            draft.publish(_ESSAYS)
        with self.store.draft(snapshot.name) as draft:
            # The digest ties the two files together: a crash between them leaves no snapshot rather than a mixed one.
            kept = {
                "digest": snapshot.digest,
                "assessment": snapshot.assessment.model_dump(mode="json"),
                "overrides": dict(snapshot.overrides),
                "prescribed": [list(row) for row in snapshot.prescribed],
                "left_out": [list(row) for row in snapshot.left_out],
            }
            draft.file.write(json.dumps(kept, indent=2, ensure_ascii=False).encode())
            draft.publish(_ASSESSMENT)

    def load_snapshot(self, assessment: str) -> AssessmentSnapshot | None:
        """The latest complete snapshot, or None."""
        if _ASSESSMENT not in self.store.names(assessment):
            return None
        with self.store.read(f"{assessment}/{_ESSAYS}") as file:
            table = pd.read_parquet(file).astype(object)
        table = table.where(table.notna(), None)
        fields = ("essay_id", "text", "anchor_grade", "known_measure", "known_measure_error")
        if not set(fields) <= set(table.columns):
            return None
        essays = tuple(Essay(*(row[name] for name in fields)) for row in table.to_dict("records"))
        with self.store.read(f"{assessment}/{_ASSESSMENT}") as file:
            kept = json.loads(file.read())
        snapshot = AssessmentSnapshot(
            assessment,
            Assessment.model_validate(kept["assessment"]),
            essays,
            overrides=kept.get("overrides", {}),
            prescribed=tuple((first, second, times) for first, second, times in kept.get("prescribed", [])),
            left_out=tuple((name, why) for name, why in kept.get("left_out", [])),
        )
        return snapshot if snapshot.digest == kept["digest"] else None

    def save_table(self, assessment: str, name: str, table: pd.DataFrame) -> None:
        """Keep a table as Parquet and CSV; one that names students is readable by its owner only."""
        private = STUDENT in table and bool(table[STUDENT].astype(bool).any())
        with self.store.draft(assessment, owner_only=private) as draft:
            table.to_parquet(draft.file, index=False)
            draft.publish(f"{name}.parquet")
        with self.store.draft(assessment, owner_only=private) as draft:
            table.to_csv(draft.file, index=False)
            draft.publish(f"{name}.csv")

    def remove_table(self, assessment: str, name: str) -> None:
        """Remove a table that no longer holds; one that is not there is fine."""
        for kind in ("parquet", "csv"):
            self.store.remove(f"{assessment}/{name}.{kind}")

    def forget(self, assessment: str) -> int:
        """Delete the snapshot and all tables of an assessment; returns the number of files."""
        names = [name for name, _ in self.store.walk(assessment)]
        for name in names:
            self.store.remove(name)
        return len(names)

    def path(self, assessment: str, name: str, kind: str) -> UPath:
        """Where a table is kept."""
        return self.store.root / assessment / f"{name}.{kind}"
