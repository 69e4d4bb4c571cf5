"""How a result was made, as rows of a table: enough to make it again, and to see whether anything was changed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from cj_pipeline.domain.prompting import PROMPT_VERSION, context_of
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.records import JobRecord

MANIFEST_COLUMNS = ("section", "item", "value")


def manifest_table(
    ranking: Ranking,
    jobs: Sequence[JobRecord],
    versions: Mapping[str, str],
    made_at: datetime,
    tables: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Rows (section, item, value), all texts.

    Args:
        ranking: The ranking.
        jobs: Jobs of its judging session.
        versions: Versions of the programs that made it.
        made_at: When the report was made.
        tables: Tables of the report, by name; their digests are kept.
    """
    sections: dict[str, Mapping[str, object]] = {
        "assessment": _assessment(ranking),
        "left_out": dict(ranking.pairs.snapshot.left_out),
        "judging": _judging(ranking, jobs),
        "prompt": _prompt(ranking),
        "design": _design(ranking),
        "scale": _scale(ranking),
        "versions": {**versions, "report_made_at": _time(made_at)},
        "digests": {f"table {name}": table_digest(table) for name, table in tables.items()},
    }
    rows = [(section, item, str(value)) for section, items in sections.items() for item, value in items.items()]
    return pd.DataFrame(rows, columns=list(MANIFEST_COLUMNS))


def table_digest(table: pd.DataFrame) -> str:
    """SHA-256 of a table written as CSV (UTF-8, line feeds, full precision)."""
    return hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def _time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _assessment(ranking: Ranking) -> dict[str, object]:
    snapshot = ranking.pairs.snapshot
    return {
        "name": snapshot.name,
        "title": snapshot.assessment.title,
        "language": snapshot.assessment.language,
        "grade_scale": snapshot.assessment.scale.name,
        "digest of essays and settings": snapshot.digest,
    }


def _judging(ranking: Ranking, jobs: Sequence[JobRecord]) -> dict[str, object]:
    session = ranking.pairs.session
    rows: dict[str, object] = {
        "session": session.session_id,
        "session opened": _time(session.created_at),
        "first job prepared": _time(min((job.created_at for job in jobs), default=None)),
        "last job collected": _time(max((job.collected_at for job in jobs if job.collected_at), default=None)),
        "asked at": ", ".join(sorted(set(session.metadata.get("accounts", {}).values()))),
        "mode": session.metadata.get(MODE_KEY, ""),
    }
    for judge in ranking.pairs.snapshot.assessment.judges:
        settings = judge.parameters.model_dump(mode="json", exclude_none=True)
        said = ", ".join(f"{key} {value}" for key, value in settings.items())
        rows[f"judge {judge.name}"] = f"share {judge.share:g}" + (f"; {said}" if said else "")
    rows |= {f"job {job.provider_batch_id or job.job_id}": f"requests SHA-256 {job.request_sha256}" for job in jobs}
    return rows


def _prompt(ranking: Ranking) -> dict[str, object]:
    assessment = ranking.pairs.snapshot.assessment
    system, context = context_of(assessment)
    kept = ranking.pairs.session.metadata
    return {
        "version": kept.get("prompt_version", PROMPT_VERSION),
        "SHA-256": kept["prompt_hash"],
        "system text": system,
        "task, criteria and answer format": context,
    }


def _design(ranking: Ranking) -> dict[str, object]:
    assessment, pairs = ranking.pairs.snapshot.assessment, ranking.pairs
    return {
        "pair design": "fixed pairs" if pairs.snapshot.prescribed else assessment.pair_design,
        "orientation": assessment.orientation,
        "seed": assessment.seed,
        "waves": max((c.wave for c in pairs.comparisons), default=0),
        "digest of the pair set": pairs.digest,
        "why the asking ended": ranking.decided.explanation,
    }


def _scale(ranking: Ranking) -> dict[str, object]:
    fit, options = ranking.fit, ranking.scale.options
    return {
        "model": "Bradley-Terry with ordered strengths, Gaussian prior",
        "prior spread, logits": f"{fit.prior_sd:.4f} ({'estimated' if fit.prior_estimated else 'set'})",
        "judges' own effects": options.judge_effects,
        "cut points, logits": "; ".join(", ".join(f"{cut:+.4f}" for cut in cuts) for cuts in fit.cut_points),
        "standard errors": fit.errors_method,
        "largest gradient per comparison at the estimate": f"{fit.scaled_gradient:.1e}",
    }
