"""Taking what is personal out of the ledger, and leaving what was asked, paid and answered.

Every text column is either listed here or known to hold nothing personal; a test asks that of each new one.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import (
    attempts,
    batch_jobs,
    comparisons,
    decisions,
    human_decisions,
    judging_sessions,
    metadata,
    standings,
)

_WORDS_OF_JUDGES: Final = {"reason": "", "error": ""}
_TEXTS_OF_TEACHERS: Final = ("config_overrides", "llm_overrides")
_SHORT: Final = 2
"""Ids of at most so many characters are renamed where they stand alone only: a text has them as words of its own."""

FORGOTTEN: Final = "forgotten-"
"""Begins the name that a forgotten essay has in the ledger instead of its own."""


class ForgettingRows(LedgerPart):
    """The ledger's part that forgets."""

    def attempts_about(self, assessment: str, essay_id: str | None) -> dict[str, set[str]]:
        """Custom ids of all attempts about an essay, or about any, by job; jobs of earlier sessions included."""
        query = (
            sa.select(attempts.c.job_id, attempts.c.custom_id)
            .join_from(attempts, comparisons)
            .where(_of(assessment) & _about(essay_id))
        )
        found: dict[str, set[str]] = defaultdict(set)
        with self._engine.begin() as connection:
            for job_id, name in connection.execute(query):
                found[job_id].add(name)
        return dict(found)

    def essay_ids(self, assessment: str) -> set[str]:
        """Ids of all essays that were ever compared in an assessment, by whomever, and not forgotten since."""
        planned = (sa.select(c).where(_of(assessment)) for c in (comparisons.c.first_id, comparisons.c.second_id))
        by_people = (
            sa.select(c).where(human_decisions.c.assessment == assessment)
            for c in (human_decisions.c.first_id, human_decisions.c.second_id)
        )
        with self._engine.begin() as connection:
            found = connection.execute(sa.union(*planned, *by_people)).scalars().all()
        return {essay_id for essay_id in found if not essay_id.startswith(FORGOTTEN)}

    def forget_texts(self, assessment: str, essay_id: str | None) -> int:
        """Replace ids and digests of an essay (of all essays), empty the judges' words and delete people's decisions.

        Returns:
            Number of comparisons that were about it.
        """
        gone = {essay_id} if essay_id else self.essay_ids(assessment)
        names = {each: f"{FORGOTTEN}{secrets.token_hex(4)}" for each in sorted(gone)}
        about = sa.select(comparisons.c.comparison_id).where(_of(assessment) & _about(essay_id))
        with self._engine.begin() as connection:
            which = connection.execute(about).scalars().all()
            connection.execute(sa.update(attempts).where(attempts.c.comparison_id.in_(about)).values(_WORDS_OF_JUDGES))
            connection.execute(
                sa.update(comparisons).where(_of(assessment) & _about(essay_id)).values(_WORDS_OF_JUDGES)
            )
            connection.execute(sa.update(batch_jobs).where(batch_jobs.c.assessment == assessment).values(message=""))
            connection.execute(sa.delete(human_decisions).where(_by_people(assessment, essay_id)))
            for old, new in names.items():
                _rename(connection, assessment, old, new)
            _clean_notes(connection, assessment, names, whole=essay_id is None)
        return len(which)

    def move_raw(self, job_id: str, paths: Mapping[str, str]) -> None:
        """Keep the new paths of a job's raw files; those that have none are gone."""
        where = batch_jobs.c.job_id == job_id
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(batch_jobs).where(where)).mappings().one()
            files = [new for old in row["result_files"] if (new := _moved(old, paths))]
            values = {"request_path": paths.get(row["request_path"], ""), "result_files": files}
            connection.execute(sa.update(batch_jobs).where(where).values(values))

    def compact(self) -> None:
        """Let the database give up the bytes of what was overwritten, as far as it can."""
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            if self._engine.dialect.name == "sqlite":
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return
            connection.rollback()
            connection.driver_connection.autocommit = True  # type: ignore[union-attr] # psycopg2's
            for table in metadata.sorted_tables:
                cursor.execute(f"VACUUM FULL {table.name}")
        finally:
            connection.invalidate()
            connection.close()


def _of(assessment: str) -> sa.ColumnElement[bool]:
    sessions = sa.select(judging_sessions.c.session_id).where(judging_sessions.c.assessment == assessment)
    return comparisons.c.session_id.in_(sessions)


def _about(essay_id: str | None) -> sa.ColumnElement[bool]:
    return (
        sa.true()
        if essay_id is None
        else sa.or_(comparisons.c.first_id == essay_id, comparisons.c.second_id == essay_id)
    )


def _by_people(assessment: str, essay_id: str | None) -> sa.ColumnElement[bool]:
    c = human_decisions.c
    about = sa.true() if essay_id is None else sa.or_(c.first_id == essay_id, c.second_id == essay_id)
    return (c.assessment == assessment) & about


def _rename(connection: sa.Connection, assessment: str, old: str, new: str) -> None:
    for name, digest in (("first_id", "first_digest"), ("second_id", "second_digest")):
        which = _of(assessment) & (comparisons.c[name] == old)
        connection.execute(sa.update(comparisons).where(which).values({name: new, digest: ""}))


def _clean_notes(connection: sa.Connection, assessment: str, names: Mapping[str, str], *, whole: bool) -> None:
    """Rename essays wherever sessions, decisions and standings name them; of a whole assessment, drop its prompts."""
    mine = judging_sessions.c.assessment == assessment
    for row in connection.execute(sa.select(judging_sessions).where(mine)).mappings().all():
        kept = {k: v for k, v in row["processing_metadata"].items() if not (whole and k in _TEXTS_OF_TEACHERS)}
        update = sa.update(judging_sessions).where(judging_sessions.c.session_id == row["session_id"])
        connection.execute(update.values(processing_metadata=_renamed(kept, names)))
    sessions = sa.select(judging_sessions.c.session_id).where(mine)
    for row in connection.execute(sa.select(decisions).where(decisions.c.session_id.in_(sessions))).mappings().all():
        update = sa.update(decisions).where(decisions.c.decision_id == row["decision_id"])
        connection.execute(update.values(numbers=_renamed(row["numbers"], names)))
    connection.execute(sa.update(standings).where(standings.c.assessment == assessment).values(reason=""))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 (any JSON)
    """The same JSON with essays renamed, as keys, as values, and as words of a text."""
    if isinstance(value, Mapping):
        return {_renamed(k, names): _renamed(v, names) for k, v in value.items()}
    if isinstance(value, str):
        return names[value] if value in names else _reworded(value, names)
    if isinstance(value, Sequence):
        return [_renamed(each, names) for each in value]
    return value


def _reworded(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        if len(old) > _SHORT and old in text:
            text = re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", new, text)
    return text


def _moved(file: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any] | None:
    path = paths.get(file["path"], "")
    return {**file, "path": path} if path else None
