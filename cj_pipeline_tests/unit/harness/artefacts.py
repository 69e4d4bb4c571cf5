"""A small artefact, made for tests without running anything."""

from typing import Any

from cj_pipeline.harness.eng5.schema import Artefact

SHA = "ab" * 32
TIME = "2026-11-25T08:00:00Z"


def comparison(sequence: int, first: str, second: str, winner: str | None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (any key)
    """A comparison; with a winner it succeeded."""
    won = winner is not None
    return {
        "sequence": sequence,
        "correlation_id": f"c{sequence}",
        "request_id": "r" if won else None,
        "response_id": "x" if won else None,
        "wave": 1,
        "replicate": 0,
        "essay_a_id": first,
        "essay_b_id": second,
        "winner_id": winner,
        "loser_id": ({first, second} - {winner}).pop() if won else None,
        "strength": 2 if won else None,
        "justification": "It says more." if won else None,
        "prompt_hash": SHA,
        "provider": "openai",
        "model": "gpt-6.1-terra",
        "tokens_prompt": 100 if won else None,
        "tokens_completion": 20 if won else None,
        "cost_usd": 0.001 if won else None,
        "started_at": TIME if won else None,
        "completed_at": TIME if won else None,
        "status": "succeeded" if won else "planned",
        "n_attempts": int(won),
        "outcome": "ok" if won else None,
        "error_code": None,
        "failure_reason": None,
        **changes,
    }


def content() -> dict[str, Any]:
    """The content of a complete artefact of two essays and one comparison."""
    essay = {"sha256": SHA, "text_sha256": SHA, "n_words": 120}
    text = {"sha256": SHA, "content": "Write."}
    judge = {"provider": "openai", "model": "gpt-6.1-terra", "account": "emulator", "share": 1.0}
    sent = {"max_output_tokens": 1200, "temperature": None, "reasoning_effort": "low", "verbosity": None}
    return {
        "schema_version": "1.0.0",
        "metadata": {
            "assignment_id": "one",
            "course_id": "ENG5",
            "assessment": "one",
            "title": "One",
            "grade_scale": "eng5_np_legacy_9_step",
            "grades": ["F", "E", "D"],
            "runner_version": "0.1.0",
            "git_sha": None,
            "generated_at": TIME,
            "runner_mode": "execute",
            "llm_batching_mode": "per_request",
            "llm_batching_mode_source": "run_override",
            "max_comparisons": 4,
            "pair_design": "regular",
            "seed": 1,
            "language": "en",
            "judges": [{**judge, **sent}],
            "judging_session": "s",
            "synthetic": True,
        },
        "inputs": {
            "instructions": {"path": "assessment.yaml#task", **text},
            "prompt_reference": {
                "path": "default:en",
                **text,
                "version": "1",
                "prompt_hash": SHA,
                "rubric_sha256": SHA,
            },
            "anchors": [{"essay_id": "a", "path": "essays/a.txt", "grade": "D", **essay}],
            "students": [{"essay_id": "b", "path": "essays/b.txt", **essay}],
        },
        "llm_comparisons": [comparison(1, "a", "b", "a")],
        "bt_summary": [measure("a", 0.4, 1, grade="D"), measure("b", -0.4, 2)],
        "grade_projections": [],
        "grade_boundaries": boundaries(available=False),
        "alignment": None,
        "boundary_test": None,
        "costs": {
            "total_usd": 0.001,
            "possible_usd": 0.0,
            "n_unpriced": 0,
            "expected_usd": 0.0,
            "worst_case_usd": 0.0,
            "limit_usd": 1.0,
            "token_counts": [],
        },
        "validation": {
            "artefact_checksum": "",
            "manifest": [{"path": "essays/a.txt", "sha256": SHA, "bytes": 7}],
            "cli_environment": {
                "python": "3.11",
                "platform": "Linux",
                "arguments": ["eng5", "execute", "one"],
                "settings": {},
                "packages": {},
            },
            "runner_status": {
                "state": "complete",
                "exit_code": 0,
                "reason": "",
                "started_at": TIME,
                "ended_at": TIME,
                "wait_limit_s": 1800.0,
                "decision": "FINALIZE_SCORING",
                "stop_reason": "budget",
                "is_final": True,
            },
            "post_run": {
                "n_waves": 1,
                "n_jobs": 1,
                "n_attempts": 1,
                "by_status": {"ok": 1},
                "n_possibly_paid": 0,
                "n_duplicates": 0,
                "n_strangers": 0,
                "n_unreadable": 0,
                "position_effect": 0.1,
                "position_effect_se": 0.2,
                "trouble": [],
            },
        },
    }


def boundaries(*, available: bool) -> dict[str, Any]:
    """How the scale was cut into grades."""
    reason = "" if available else "no grades: too few anchors"
    empty: dict[str, Any] = {"remarks": [], "thresholds": [], "evidence": None, "withheld": False}
    return {"available": available, "method": "anchors", "reason": reason, **empty}


def measure(essay_id: str, theta: float, rank: int, grade: str | None = None) -> dict[str, Any]:
    """An essay's place on the scale."""
    return {
        "essay_id": essay_id,
        "theta": theta,
        "standard_error": 0.5,
        "rank": rank,
        "rank_low": 1,
        "rank_high": 2,
        "comparison_count": 1,
        "n_wins": int(rank == 1),
        "is_anchor": grade is not None,
        "anchor_grade": grade,
        "grade_projection": None,
    }


def artefact() -> Artefact:
    """A complete artefact of two essays and one comparison."""
    return Artefact.model_validate(content())
