"""The runner's modes: dry run, execute, anchor alignment, boundary test. Each ends with an artefact.

Exit codes: 0 complete (or planned), 1 failed on the way, 2 the input cannot be used as it is, 3 partial.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final

import numpy as np

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.deciding import PairSet, needs_asking
from cj_pipeline.engine.fitting import judged
from cj_pipeline.engine.plan import current_session, pair_set
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.driving import Drive, Driver, Ending, EngineDriver, drive
from cj_pipeline.harness.eng5.alignment import KnownGrades, align
from cj_pipeline.harness.eng5.boundary import boundary_test
from cj_pipeline.harness.eng5.capacity import planned_without_trace
from cj_pipeline.harness.eng5.compiling import Account, compile_artefact
from cj_pipeline.harness.eng5.grading import foretold_grades
from cj_pipeline.harness.eng5.schema import Artefact, RunnerStatus
from cj_pipeline.harness.eng5.schema_inputs import RunnerMode
from cj_pipeline.harness.eng5.variants import alignment_variant, boundary_variant
from cj_pipeline.harness.eng5.wishes import RunnerWishes
from cj_pipeline.harness.eng5.workplaces import Variant, studies_settings, without_trace
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.settings import Settings
from cj_pipeline.wiring import Workbench, open_workbench, require_keys

EXIT_COMPLETE, EXIT_FAILED, EXIT_PARTIAL = 0, 1, 3
_EXIT_CODES: Final = {Ending.COMPLETE: EXIT_COMPLETE, Ending.FAILED: EXIT_FAILED, Ending.PARTIAL: EXIT_PARTIAL}


def dry_run(settings: Settings, name: str, wishes: RunnerWishes) -> Artefact:
    """The artefact of a run that was not made: inputs, plan and expected cost are real, results are absent.

    Raises:
        ConfigurationError: The folder, or a wish, cannot be used.
        DesignError: The cap cannot connect the essays.
    """
    with without_trace(settings) as bench:
        pairs = planned_without_trace(bench, name, wishes)
        now = bench.engine.clock.now()
        status = RunnerStatus(
            state="planned",
            exit_code=EXIT_COMPLETE,
            reason="a dry run: nothing was sent",
            started_at=now,
            ended_at=now,
            wait_limit_s=None,
            decision=None,
            stop_reason=None,
            is_final=False,
        )
        folder = settings.assessments_dir / name
        account = Account(bench, folder, "dry-run", wishes, pairs, status, _known_grades(pairs.snapshot))
        return compile_artefact(account)


def execute(bench: Workbench, driver: Driver, name: str, wishes: RunnerWishes) -> Artefact:
    """Run an assessment to its end, or to the limit.

    Args:
        bench: Where it runs.
        driver: Who takes the steps.
        name: The assessment.
        wishes: Options of the run.

    Raises:
        ConfigurationError: The folder, or a wish, cannot be used.
        DesignError: The cap cannot connect the essays.
        LeaseHeldError: Another process is at it.
    """
    overrides = wishes.capped(bench.read(name, wishes.overrides).assessment)
    require_keys(bench.settings, bench.read(name, overrides))
    found = drive(bench.engine, driver, name, overrides, wishes.patience)
    pairs = _pairs_after(bench, name, found)
    account = Account(
        bench=bench,
        folder=bench.settings.assessments_dir / name,
        mode="execute",
        wishes=wishes,
        pairs=pairs,
        status=_status(found, wishes, pairs),
        grades=_known_grades(pairs.snapshot),
        ranking=found.ranking,
        trouble=found.trouble,
    )
    return compile_artefact(account)


def anchor_align(settings: Settings, name: str, wishes: RunnerWishes) -> Artefact:
    """Put the anchors to the judge as students, their grades withheld, and compare its order with the grades.

    Raises:
        ConfigurationError: The folder, or a wish, cannot be used; too few anchors.
        LeaseHeldError: Another process is at it.
    """
    snapshot = _read_source(settings, name, wishes)
    variant = alignment_variant(snapshot, wishes.max_comparisons)
    with closing(open_workbench(studies_settings(settings))) as bench:
        account = _study(bench, variant, "anchor-align", wishes, _known_grades(snapshot))
        if account.ranking is not None:
            foretold = foretold_grades(account.ranking, account.grades)
            known = KnownGrades(snapshot.assessment.scale.levels, account.grades, foretold)
            rng, verdicts = np.random.default_rng(snapshot.assessment.seed), judged(account.pairs.comparisons)
            account = replace(account, alignment=align(known, account.ranking.table, verdicts, rng))
        return compile_artefact(account)


def boundary(
    settings: Settings, name: str, wishes: RunnerWishes, pairs: Sequence[tuple[str, str]], iterations: int
) -> Artefact:
    """Put a few pairs many times in both orders, and count.

    Args:
        settings: Where things are.
        name: The assessment.
        wishes: Options of the run.
        pairs: Pairs of essay ids.
        iterations: Times each is put in each order.

    Raises:
        ConfigurationError: The folder, a pair or a wish cannot be used.
        LeaseHeldError: Another process is at it.
    """
    snapshot = _read_source(settings, name, wishes)
    variant = boundary_variant(snapshot, pairs, iterations, wishes.max_comparisons)
    named = {essay.essay_id for essay in variant.essays}
    grades = {essay_id: grade for essay_id, grade in _known_grades(snapshot).items() if essay_id in named}
    with closing(open_workbench(studies_settings(settings))) as bench:
        account = _study(bench, variant, "boundary", wishes, grades)
        found = boundary_test(pairs, iterations, judged(account.pairs.comparisons))
        return compile_artefact(replace(account, boundary=found))


def _read_source(settings: Settings, name: str, wishes: RunnerWishes) -> AssessmentSnapshot:
    snapshot = read_assessment_folder(settings.assessments_dir, name, wishes.overrides)
    require_keys(settings, snapshot)
    return snapshot


def _study(
    bench: Workbench, variant: Variant, mode: RunnerMode, wishes: RunnerWishes, grades: Mapping[str, str]
) -> Account:
    """Write a variant and run it; its scale is read where there is one."""
    folder = variant.write(bench.settings.assessments_dir)
    # The rest is in the variant's file already.
    overrides = RunOverrides(llm_batching_mode=wishes.overrides.llm_batching_mode)
    found = drive(bench.engine, EngineDriver(bench), variant.name, overrides, wishes.patience)
    pairs = _pairs_after(bench, variant.name, found)
    if mode == "boundary" and not _open(bench, pairs):
        # A few pairs need not link all essays: that they give no scale is no failure.
        found.ending, found.reason = Ending.COMPLETE, ""
    return Account(
        bench=bench,
        folder=folder,
        mode=mode,
        wishes=wishes,
        pairs=pairs,
        status=_status(found, wishes, pairs),
        grades=grades,
        ranking=found.ranking,
        trouble=found.trouble,
    )


def _known_grades(snapshot: AssessmentSnapshot) -> dict[str, str]:
    return {essay.essay_id: essay.anchor_grade for essay in snapshot.essays if essay.anchor_grade is not None}


def _pairs_after(bench: Workbench, name: str, found: Drive) -> PairSet:
    """The pair set after a drive; where none was made, what stopped the drive is raised again."""
    snapshot = bench.tables.load_snapshot(name)
    session = current_session(bench.engine, snapshot) if snapshot else None
    if snapshot is None or session is None:
        raise ConfigurationError(f"{name}: {found.reason or 'nothing was planned'}")
    return pair_set(bench.engine, snapshot, session)


def _open(bench: Workbench, pairs: PairSet) -> bool:
    """Whether an outcome is still to come."""
    most = bench.engine.options.max_attempts
    return any(c.status in {PLANNED, IN_FLIGHT} or needs_asking(c, most) for c in pairs.comparisons)


def _status(found: Drive, wishes: RunnerWishes, pairs: PairSet) -> RunnerStatus:
    kept = pairs.session.metadata
    return RunnerStatus(
        state=found.ending.value,
        exit_code=_EXIT_CODES[found.ending],
        reason=found.reason,
        started_at=found.started_at,
        ended_at=found.ended_at,
        wait_limit_s=wishes.wait_limit_s,
        decision=kept.get("last_decision"),
        stop_reason=kept.get("stop_reason"),
        is_final=found.ending is Ending.COMPLETE,
    )
