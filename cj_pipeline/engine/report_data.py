"""Everything a report of a result says, put together once: the page, the workbook and the tables all show this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.feedback import feedback_table
from cj_pipeline.engine.grade_reasons import NoGrades, in_a_sentence
from cj_pipeline.engine.grade_tables import anchors_table, boundaries_table, grades_table
from cj_pipeline.engine.grades import Grades, grade_ranking
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import Ranking, Waiting
from cj_pipeline.engine.ranking_figures import Figures, ranking_figures
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.engine.report_decisions import agreement_by_kind, decisions_table, disagreements_table
from cj_pipeline.engine.report_manifest import manifest_table
from cj_pipeline.engine.session_ranking import rank_session, session_to_show


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report says. Numbers are as computed; how they are rounded is `reporting.shown_numbers`.

    Attributes:
        snapshot: The assessment and its essays.
        session_id: Judging session.
        made_at: When the report was made.
        is_final: Whether no wave follows.
        explanation: Why the asking ended, or what comes next.
        stop_reason: The reason as one word of `StopReason`; empty where the asking has not ended.
        is_adaptive: Whether later pairs were chosen by earlier answers.
        figures: Figures of the ranking as a whole.
        ranking: The table `rankings`.
        judges: The table `judges`, with kinds of judges and the agreement of either kind with the other.
        decisions: Every decision.
        disagreements: People's decisions against most models or the scale.
        feedback: Strengths and weaknesses by essay.
        no_grades: Why no grades are given; empty where they are.
        levels: Labels of the grade scale, lowest first.
        grades: The table `grade_projections`; empty where no grades are given.
        boundaries: The table `grade_boundaries`; empty likewise.
        anchors: The table `anchor_evidence`; empty where no grade is known.
        manifest: How it was made.
        names: What essays are called in reports, by id; an essay that is not here is called by its id. Names from a
            class list are joined here and nowhere else, so that they reach no provider and no ledger.
        student_ids: Ids of their writers in the class list, by essay id, where they are known.
    """

    snapshot: AssessmentSnapshot
    session_id: str
    made_at: datetime
    is_final: bool
    explanation: str
    stop_reason: str
    is_adaptive: bool
    figures: Figures
    ranking: pd.DataFrame
    judges: pd.DataFrame
    decisions: pd.DataFrame
    disagreements: pd.DataFrame
    feedback: pd.DataFrame
    no_grades: tuple[NoGrades, ...]
    levels: tuple[str, ...]
    grades: pd.DataFrame
    boundaries: pd.DataFrame
    anchors: pd.DataFrame
    manifest: pd.DataFrame
    names: Mapping[str, str] = field(default_factory=dict)
    student_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it names students: what is written of it is for its owner's eyes."""
        return bool(self.names or self.student_ids)

    @property
    def is_synthetic(self) -> bool:
        """Whether any verdict comes from the emulator's synthetic judge."""
        return bool(self.figures["n_synthetic"])

    @property
    def why_no_grades(self) -> str:
        """Why no grades are given, in words for the operator; empty where they are."""
        return in_a_sentence(self.no_grades)

    def name_of(self, essay_id: str) -> str:
        """What an essay is called."""
        return self.names.get(essay_id, essay_id)


def gather_report(
    engine: Engine,
    name: str,
    versions: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    student_ids: Mapping[str, str] | None = None,
) -> ReportData | Waiting:
    """Rank and grade an assessment, and put together what its report says.

    Args:
        engine: The engine.
        name: The assessment.
        versions: Versions of the programs, for the manifest.
        names: What essays are called, by id.
        student_ids: Ids of their writers in the class list, by essay id.

    Returns:
        The report's data, or what the ranking waits for.

    Raises:
        CjError: It was never planned, or its answers give no scale.
    """
    snapshot, session = session_to_show(engine, name)
    ranking = rank_session(engine, snapshot, session)
    if isinstance(ranking, Waiting):
        return ranking
    grades = grade_ranking(ranking)
    jobs = engine.ledger.jobs(session_id=session.session_id, phases=list(JobPhase))
    job_of = {a.comparison_id: job for job in jobs for a in engine.ledger.attempts(job.job_id).values()}
    called = {"names": names or {}, "student_ids": student_ids or {}}
    return report_data(grades, jobs, job_of, versions=versions, made_at=engine.clock.now(), **called)


def report_data(
    grades: Grades,
    jobs: Sequence[JobRecord],
    job_of: Mapping[str, JobRecord],
    *,
    versions: Mapping[str, str],
    made_at: datetime,
    names: Mapping[str, str],
    student_ids: Mapping[str, str] | None = None,
) -> ReportData:
    """Put together what a report says.

    Args:
        grades: The ranking with its grades.
        jobs: Jobs of the judging session.
        job_of: The last job that asked each comparison.
        versions: Versions of the programs.
        made_at: When the report is made.
        names: What essays are called, by id.
        student_ids: Ids of their writers in the class list, by essay id.
    """
    ranking = grades.ranking
    decisions = decisions_table(ranking, job_of)
    tables = {
        "ranking": ranking.table,
        "judges": _judges(ranking),
        "decisions": decisions,
        "disagreements": disagreements_table(ranking, decisions),
        "feedback": feedback_table(ranking.pairs.snapshot.assessment, decisions),
        **_grade_tables(grades),
    }
    return ReportData(
        snapshot=ranking.pairs.snapshot,
        session_id=ranking.pairs.session.session_id,
        made_at=made_at,
        is_final=ranking.is_final,
        explanation=ranking.decided.explanation,
        stop_reason=ranking.decided.stop_reason.value if ranking.decided.stop_reason else "",
        is_adaptive=ranking.quality.is_adaptive,
        figures=ranking_figures(ranking),
        no_grades=grades.reasons,
        levels=grades.scale.levels,
        manifest=manifest_table(ranking, jobs, versions, made_at, tables),
        names=names,
        student_ids=student_ids or {},
        **tables,
    )


def _judges(ranking: Ranking) -> pd.DataFrame:
    """The table of judges with kinds, and the agreement of either kind with the other."""
    return ranking.judges.merge(agreement_by_kind(ranking), on="judge", validate="one_to_one")


def _grade_tables(grades: Grades) -> dict[str, pd.DataFrame]:
    """The tables of grades; empty ones where there is nothing to say."""
    given, evidence = grades.given, grades.evidence
    return {
        "grades": pd.DataFrame() if given is None else grades_table(grades, given),
        "boundaries": pd.DataFrame() if given is None else boundaries_table(grades.scale, given),
        "anchors": pd.DataFrame() if evidence is None else anchors_table(grades.essays, evidence),
    }
