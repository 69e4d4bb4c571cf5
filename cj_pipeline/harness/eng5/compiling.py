"""Putting an artefact together from what was read, what the ledger holds and how the run ended."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.forecast import forecast
from cj_pipeline.engine.grades import Grades, grade_ranking
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.preparing import EMULATOR_ACCOUNT
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.harness.eng5.comparing import comparison_entries, is_unpriced, token_counts
from cj_pipeline.harness.eng5.grading import grade_boundaries, no_grades, projections
from cj_pipeline.harness.eng5.reading import manifest, read_inputs
from cj_pipeline.harness.eng5.schema import Artefact, PostRun, RunnerStatus, Validation
from cj_pipeline.harness.eng5.schema_inputs import SCHEMA_VERSION, JudgeEntry, Metadata, RunnerMode
from cj_pipeline.harness.eng5.schema_results import Costs, MeasureEntry, ProjectionEntry
from cj_pipeline.harness.eng5.schema_studies import Alignment, BoundaryTest
from cj_pipeline.harness.eng5.surroundings import git_sha, runner_version, surroundings
from cj_pipeline.harness.eng5.wishes import RunnerWishes
from cj_pipeline.wiring import Workbench

_STUDIES = ("anchor-align", "boundary")


@dataclass(frozen=True, slots=True)
class Account:
    """Everything an artefact is made from.

    Attributes:
        bench: Where it was run.
        folder: The assessment's folder.
        mode: What the runner was asked to do.
        wishes: What the run wanted.
        pairs: The pair set as it stands.
        status: How the run ended.
        grades: Known grade by essay id, also where it was withheld from the run.
        ranking: The ranking, where there is one.
        trouble: What went wrong on the way.
        alignment: Only in mode anchor-align.
        boundary: Only in mode boundary.
    """

    bench: Workbench
    folder: Path
    mode: RunnerMode
    wishes: RunnerWishes
    pairs: PairSet
    status: RunnerStatus
    grades: Mapping[str, str]
    ranking: Ranking | None = None
    trouble: Sequence[str] = ()
    alignment: Alignment | None = None
    boundary: BoundaryTest | None = None
    answers: Sequence[AnswerRecord] = field(init=False)

    def __post_init__(self) -> None:
        """Read the answers once."""
        answers = self.bench.engine.ledger.answers(self.pairs.session.session_id)
        object.__setattr__(self, "answers", answers)

    @property
    def grades_given(self) -> Grades | None:
        """What the ranking says about grades; None where there is none, or in a study of the judge."""
        return None if self.ranking is None or self.mode in _STUDIES else grade_ranking(self.ranking)

    @property
    def is_dry(self) -> bool:
        """Whether nothing was to be sent."""
        return self.mode == "dry-run"


def compile_artefact(account: Account) -> Artefact:
    """Put an artefact together; its checksum is left to who writes it."""
    max_attempts = account.bench.engine.options.max_attempts
    grades = account.grades_given
    return Artefact(
        schema_version=SCHEMA_VERSION,
        metadata=_metadata(account),
        inputs=read_inputs(account.folder, account.pairs.snapshot, account.grades),
        llm_comparisons=comparison_entries(
            account.pairs, account.answers, max_attempts=max_attempts, dry=account.is_dry
        ),
        bt_summary=_measures(account, projections(grades) if grades else ()),
        grade_projections=projections(grades) if grades else (),
        grade_boundaries=grade_boundaries(grades) if grades else no_grades(_why_no_grades(account)),
        alignment=account.alignment,
        boundary_test=account.boundary,
        costs=_costs(account),
        validation=Validation(
            artefact_checksum="",
            manifest=manifest(account.folder),
            cli_environment=surroundings(account.wishes.arguments),
            runner_status=account.status,
            post_run=_post_run(account),
        ),
    )


def _why_no_grades(account: Account) -> str:
    if account.mode in _STUDIES:
        return "no grades: a study of the judge, from which known grades are withheld"
    return "no grades: there is no ranking yet"


def _metadata(account: Account) -> Metadata:
    snapshot, session, wishes = account.pairs.snapshot, account.pairs.session, account.wishes
    assessment, accounts = snapshot.assessment, session.metadata["accounts"]
    return Metadata(
        assignment_id=wishes.assignment_id or snapshot.name,
        course_id=wishes.course_id,
        assessment=snapshot.name,
        title=assessment.title,
        grade_scale=assessment.scale.name,
        grades=assessment.scale.levels,
        runner_version=runner_version(),
        git_sha=git_sha(),
        generated_at=account.bench.engine.clock.now(),
        runner_mode=account.mode,
        llm_batching_mode=session.metadata[MODE_KEY],
        llm_batching_mode_source=session.metadata["llm_batching_mode_source"],
        max_comparisons=assessment.max_pairs_cap,
        pair_design=assessment.pair_design,
        seed=assessment.seed,
        language=assessment.language,
        judges=tuple(
            JudgeEntry(
                provider=judge.provider,
                model=judge.model,
                account=accounts[judge.provider],
                share=judge.share,
                max_output_tokens=judge.parameters.max_output_tokens,
                temperature=judge.parameters.temperature,
                reasoning_effort=judge.parameters.reasoning_effort,
                verbosity=judge.parameters.verbosity,
            )
            for judge in assessment.judges
        ),
        judging_session=None if account.is_dry else session.session_id,
        synthetic=EMULATOR_ACCOUNT in accounts.values(),
    )


def _measures(account: Account, projected: Sequence[ProjectionEntry]) -> tuple[MeasureEntry, ...]:
    if account.ranking is None:
        return ()
    labels = {entry.essay_id: f"{entry.grade}{entry.mark}" for entry in projected}
    return tuple(_measure(row, account.grades, labels) for _, row in account.ranking.table.iterrows())


def _measure(row: "pd.Series[float]", grades: Mapping[str, str], labels: Mapping[str, str]) -> MeasureEntry:
    name = str(row["essay_id"])
    return MeasureEntry(
        essay_id=name,
        theta=float(row["measure"]),
        standard_error=float(row["standard_error"]),
        rank=int(row["rank"]),
        rank_low=int(row["rank_low"]),
        rank_high=int(row["rank_high"]),
        comparison_count=int(row["n_comparisons"]),
        n_wins=int(row["n_wins"]),
        is_anchor=name in grades,
        anchor_grade=grades.get(name),
        grade_projection=labels.get(name),
    )


def _costs(account: Account) -> Costs:
    totals = account.bench.engine.ledger.totals(account.pairs.session.session_id)
    expected = forecast(account.bench.engine, account.pairs)
    return Costs(
        total_usd=totals.spent_usd,
        possible_usd=totals.possible_usd,
        n_unpriced=sum(is_unpriced(answer) for answer in account.answers),
        expected_usd=expected.expected_usd,
        worst_case_usd=expected.high_usd,
        limit_usd=account.pairs.snapshot.assessment.max_cost_usd,
        token_counts=token_counts(account.answers),
    )


def _post_run(account: Account) -> PostRun:
    ledger, session_id = account.bench.engine.ledger, account.pairs.session.session_id
    counts, totals = ledger.collection_counts(session_id), ledger.totals(session_id)
    fit = account.ranking.fit if account.ranking else None
    return PostRun(
        n_waves=len({c.wave for c in account.pairs.comparisons}),
        n_jobs=len({answer.job_id for answer in account.answers}),
        n_attempts=totals.n_attempts,
        by_status=dict(Counter(c.status for c in account.pairs.comparisons)),
        n_possibly_paid=totals.n_possibly_paid,
        n_duplicates=counts.n_duplicates,
        n_strangers=counts.n_strangers,
        n_unreadable=counts.n_unreadable,
        position_effect=fit.position_effect if fit else None,
        position_effect_se=fit.position_effect_se if fit else None,
        trouble=tuple(account.trouble),
    )
