"""Whatever answers, failures, cancellations and restarts come in whichever order: a final decision is reached."""

import json
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from cj_pipeline.domain.continuation import ContinuationPolicy, Decision
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.plan import load_snapshot, plan, planned_session
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CjError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline_tests.support.benches import TestClock
from cj_pipeline_tests.support.driving import is_over, tick
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.memory_jobs import MemoryJobs, verdict_by_digest

MODES = ("provider_batch_api", "per_request", "serial_bundle")
_UNREADABLE = "I would rather not say."


class Course(RuleBasedStateMachine):
    """One assessment from its first submission on; what happens on the way is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name)
        self.clock = TestClock()
        self.share_unreadable = 0
        self.jobs = MemoryJobs(self.clock, provider="openai", length=timedelta(hours=2), answer=self._answer)

    def _answer(self, body: dict[str, Any]) -> str:
        verdict = verdict_by_digest(body)
        return _UNREADABLE if len(json.dumps(body)) % 10 < self.share_unreadable else verdict

    @initialize(
        mode=st.sampled_from(MODES),
        n=st.integers(3, 7),
        room=st.integers(0, 12),
        waves=st.integers(1, 3),
        share=st.sampled_from([0, 0, 1, 3, 10]),
        threshold=st.sampled_from([0.0, 0.025, 5.0]),
    )
    def begin(self, mode: str, n: int, room: int, waves: int, share: int, threshold: float) -> None:  # noqa: PLR0917
        """Plan and submit."""
        self.share_unreadable = share
        make_assessment(
            self.root,
            n_essays=n,
            llm_batching_mode=mode,
            max_pairs_cap=n - 1 + room,
            comparisons_per_essay=None,
            comparisons_per_wave=2,
            max_batch_waves=waves,
        )
        self.policy = ContinuationPolicy(stability_threshold=threshold, stability_floor=4)
        self.restart()
        self.engine.tables.save_snapshot(read_assessment_folder(self.root / "assessments", "small"))
        plan(self.engine, "small")
        self.submit()

    def restart(self) -> None:
        """A new process on the same folder."""
        options = EngineOptions(continuation=self.policy, canary_from=0, sync_workers=2)
        self.engine = Engine(
            ledger=SqlLedger(open_database(f"sqlite:///{self.root / 'ledger.db'}")),
            raw=RawFiles(self.root / "raw"),
            tables=TableFiles(self.root / "tables"),
            managers={"openai": self.jobs},
            clock=self.clock,
            options=replace(options),
        )

    @rule()
    def another_process(self) -> None:
        """The process ends; another one takes over."""
        self.restart()

    @rule(minutes=st.sampled_from([1, 15, 90, 1500]))
    def time_passes(self, minutes: int) -> None:
        """The sensors tick."""
        self.clock.advance(60 * minutes)
        tick(self.engine)

    @rule(lost=st.integers(0, 1), dropped=st.integers(0, 1))
    def replies_get_lost(self, lost: int, dropped: int) -> None:
        """The next calls have their effect without a reply, or no effect."""
        self.jobs.remote.script.lost_replies += lost
        self.jobs.remote.script.dropped_requests += dropped

    @rule(share=st.sampled_from([0, 2, 10]))
    def the_judge_changes_its_ways(self, share: int) -> None:
        """More or fewer of its answers are no verdicts."""
        self.share_unreadable = share

    @rule()
    def a_person_cancels(self) -> None:
        """Cancel."""
        cancel(self.engine, "small")

    @rule()
    def a_person_submits(self) -> None:
        """Submit again."""
        self.submit()

    def submit(self) -> None:
        """What a person's run does; it may fail, which is shown to the person."""
        try:
            submit(self.engine, "small")
        except CjError:
            return

    def teardown(self) -> None:
        """Left alone, it comes to its end."""
        if hasattr(self, "engine"):
            self._left_alone()
        self._folder.cleanup()

    def _left_alone(self) -> None:
        for _ in range(60):
            self.clock.advance(1800)
            tick(self.engine)
            if is_over(self.engine):
                break
        assert is_over(self.engine)
        session = planned_session(self.engine, load_snapshot(self.engine, "small"))
        last = self.engine.ledger.latest_decision(session.session_id)
        assert last is not None
        assert last.decision in {Decision.FINALIZE_SCORING, Decision.FINALIZE_FAILURE}
        made = self.engine.ledger.comparisons(session.session_id)
        assert len(made) <= load_snapshot(self.engine, "small").assessment.max_pairs_cap
        assert not any(c.status == "in_flight" for c in made)


TestCourse = Course.TestCase
TestCourse.settings = settings(
    max_examples=40, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
