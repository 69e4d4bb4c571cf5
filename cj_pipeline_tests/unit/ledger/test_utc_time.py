"""Times in the ledger: aware, UTC, and in order on every database."""

# ruff: noqa: D103 - the name of a test is its sentence

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from cj_pipeline.ledger.tables import UtcTime, leases

STOCKHOLM = timezone(timedelta(hours=2))
TIMES = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(999, 12, 31, tzinfo=UTC),
    datetime(2026, 6, 1, 12, 0, 0, tzinfo=STOCKHOLM),
    datetime(2026, 6, 1, 10, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 6, 1, 10, 0, 0, 100000, tzinfo=UTC),
    datetime(2026, 6, 1, 10, 0, 1, tzinfo=UTC),
    datetime(2026, 6, 1, 23, 59, tzinfo=STOCKHOLM),
    datetime(2026, 6, 1, 22, 0, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


def keep(connection: sa.Connection, times: list[datetime]) -> None:
    """Write times to a table of the ledger."""
    rows = [{"name": f"{k:02d}", "owner": "", "expires_at": time} for k, time in enumerate(times)]
    connection.execute(sa.insert(leases), rows)


def test_a_time_is_read_as_the_same_moment_in_utc(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        keep(connection, TIMES)
        found = connection.execute(sa.select(leases.c.expires_at).order_by(leases.c.name)).scalars().all()

    assert found == TIMES
    assert all(time.tzinfo is UTC or time.utcoffset() == timedelta(0) for time in found)


def test_times_sort_and_compare_as_moments(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        keep(connection, TIMES[::-1])
        in_order = connection.execute(sa.select(leases.c.expires_at).order_by(leases.c.expires_at)).scalars().all()
        counts = [
            connection.execute(
                sa.select(sa.func.count()).select_from(leases).where(leases.c.expires_at <= time)
            ).scalar_one()
            for time in TIMES
        ]

    assert in_order == TIMES == sorted(TIMES)
    assert counts == list(range(1, len(TIMES) + 1))


@pytest.mark.parametrize("time", TIMES)
def test_a_time_is_text_of_one_width(time: datetime) -> None:
    text = UtcTime().process_bind_param(time, sa.Dialect())

    assert text is not None
    assert len(text) == 32
    assert text.endswith("+00:00")


def test_no_time_stays_none() -> None:
    assert UtcTime().process_bind_param(None, sa.Dialect()) is None
    assert UtcTime().process_result_value(None, sa.Dialect()) is None
