"""An assessment and its essays as they were read at one moment, and the key of the judging session they belong to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.prompting import prompt_hash


@dataclass(frozen=True, slots=True)
class AssessmentSnapshot:
    """An assessment folder, read and validated.

    Attributes:
        name: Folder name; also the Dagster partition.
        assessment: Contents of `assessment.yaml`.
        essays: All essays, anchors included, sorted by id.
        overrides: What the run that read it wanted instead of the file, by name; the assessment holds the result.
        prescribed: Ordered pairs the assessment fixes, as (first, second, times), by essay id.
        left_out: Essays that could not be used and were left out, as (name, why), where the assessment allows it.
    """

    name: str
    assessment: Assessment
    essays: tuple[Essay, ...]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    prescribed: tuple[tuple[str, str, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over everything that was read: equal digests, equal folders."""
        rows = [[e.essay_id, e.digest, e.anchor_grade, e.known_measure, e.known_measure_error] for e in self.essays]
        read = {"name": self.name, "assessment": self.assessment.model_dump(mode="json"), "essays": rows}
        fixed = [list(row) for row in self.prescribed]
        return _sha256({**read, "prescribed": fixed, "left_out": [name for name, _ in self.left_out]})

    @property
    def anchors_digest(self) -> str:
        """SHA-256 over what is known of the anchors."""
        known = [{k: v for k, v in asdict(e).items() if k != "text"} for e in self.essays if e.is_anchor]
        return _sha256(known)

    @property
    def judged_digest(self) -> str:
        """SHA-256 over everything that was read but what is known of the anchors."""
        rows = [[e.essay_id, e.digest] for e in self.essays]
        read = {"name": self.name, "assessment": self.assessment.model_dump(mode="json"), "essays": rows}
        return _sha256({**read, "prescribed": [list(row) for row in self.prescribed]})

    def essay(self, essay_id: str) -> Essay:
        """The essay of that id.

        Raises:
            KeyError: There is none.
        """
        return {essay.essay_id: essay for essay in self.essays}[essay_id]


def session_key(snapshot: AssessmentSnapshot, accounts: Mapping[str, str]) -> str:
    """Key of the judging session whose answers may be used together, 64 hex digits.

    A changed prompt (task, rubric, language, template), judge or parameter, or another account (the emulator is one),
    makes another key: answers never mix. Essays, anchors, caps, cost limit, shares, seed and title are not part of it.

    Args:
        snapshot: The assessment.
        accounts: Who is asked, by provider: a host name, or `emulator`.
    """
    assessment = snapshot.assessment
    judges = sorted(
        [judge.provider, judge.model, judge.parameters.model_dump(mode="json", exclude_none=True)]
        for judge in assessment.judges
    )
    asked = {judge.provider: accounts[judge.provider] for judge in assessment.judges}
    return _sha256([snapshot.name, prompt_hash(assessment), judges, asked])


def _sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
