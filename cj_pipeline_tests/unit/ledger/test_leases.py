"""Leases: one holder at a time, and a dead holder does not hold for ever."""

# ruff: noqa: D103 - the name of a test is its sentence

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from cj_pipeline.errors import LeaseHeldError
from cj_pipeline.ledger import tables
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import at
from cj_pipeline_tests.unit.ledger.together import both

NAME = "submit:holidays"


def holders(engine: sa.Engine) -> dict[str, str]:
    """Return who holds what."""
    with engine.begin() as connection:
        rows = connection.execute(sa.select(tables.leases.c.name, tables.leases.c.owner)).all()
    return {row[0]: row[1] for row in rows}


def test_a_lease_is_held_by_one_at_a_time(empty_ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    other = open_ledger()
    with empty_ledger.lease(NAME, 120, at(0)):
        with (
            pytest.raises(LeaseHeldError, match=r"submit:holidays: another process \(.+:\d+\) is .* in 90 s"),
            other.lease(NAME, 120, at(30)),
        ):
            pytest.fail("two held it")
        with other.lease("collect:holidays", 120, at(30)):
            pass

    with other.lease(NAME, 120, at(31)):
        pass


def test_a_lease_is_not_given_twice_within_one_process(empty_ledger: SqlLedger) -> None:
    with (
        empty_ledger.lease(NAME, 120, at(0)),
        pytest.raises(LeaseHeldError),
        empty_ledger.lease(NAME, 120, at(1)),
    ):
        pytest.fail("it was held twice")


def test_a_lease_is_given_back_when_its_work_fails(empty_ledger: SqlLedger, engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="no"), empty_ledger.lease(NAME, 120, at(0)):
        raise ValueError("no")

    assert holders(engine) == {}


@pytest.mark.parametrize("later", [120, 121])
def test_a_lease_that_ran_out_goes_to_the_next(empty_ledger: SqlLedger, open_ledger: OpenLedger, later: int) -> None:
    other = open_ledger()
    with ExitStack() as dead, ExitStack() as alive:
        dead.enter_context(empty_ledger.lease(NAME, 120, at(0)))
        alive.enter_context(other.lease(NAME, 120, at(later)))

        with pytest.raises(LeaseHeldError), empty_ledger.lease(NAME, 120, at(later)):
            pytest.fail("two held it")


def test_a_lease_just_before_its_end_is_still_held(empty_ledger: SqlLedger) -> None:
    with (
        empty_ledger.lease(NAME, 120, at(0)),
        pytest.raises(LeaseHeldError, match=r"in 0 s"),
        empty_ledger.lease(NAME, 120, at(119.999999)),
    ):
        pytest.fail("two held it")


def test_a_late_holder_gives_back_only_its_own(
    empty_ledger: SqlLedger, engine: sa.Engine, open_ledger: OpenLedger
) -> None:
    other = open_ledger()
    with ExitStack() as alive:
        with empty_ledger.lease(NAME, 10, at(0)):
            alive.enter_context(other.lease(NAME, 120, at(20)))
            owner = holders(engine)

        assert holders(engine) == owner
        with pytest.raises(LeaseHeldError), empty_ledger.lease(NAME, 10, at(30)):
            pytest.fail("two held it")

    assert holders(engine) == {}


@pytest.mark.parametrize("stale", [False, True])
def test_of_two_processes_exactly_one_gets_a_lease(
    empty_ledger: SqlLedger,
    open_ledger: OpenLedger,
    stale: bool,  # noqa: FBT001 - a parameter
) -> None:
    one, other = open_ledger(), open_ledger()
    with ExitStack() as held:
        if stale:
            held.enter_context(empty_ledger.lease(NAME, 10, at(-60)))

        def take(mine: SqlLedger) -> bool:
            try:
                held.enter_context(mine.lease(NAME, 120, at(0)))
            except LeaseHeldError:
                return False
            return True

        assert sorted(both(lambda: take(one), lambda: take(other))) == [False, True]


def test_a_renewed_lease_is_held_for_another_term(empty_ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    other = open_ledger()
    with empty_ledger.lease(NAME, 120, at(0)) as lease:
        lease.renew(at(100))

        assert other.lease_is_free(NAME, at(219)) is False
        assert other.lease_is_free(NAME, at(220)) is True
        with pytest.raises(LeaseHeldError), other.lease(NAME, 120, at(219)):
            pytest.fail("two held it")


def test_a_lease_that_somebody_took_over_cannot_be_renewed(empty_ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    other = open_ledger()
    with (
        empty_ledger.lease(NAME, 120, at(0)) as late,
        other.lease(NAME, 120, at(120)),
        pytest.raises(LeaseHeldError),
    ):
        late.renew(at(130))


def test_a_lease_that_ran_out_unnoticed_is_taken_up_again(empty_ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    other = open_ledger()
    with empty_ledger.lease(NAME, 120, at(0)) as lease:
        with other.lease(NAME, 120, at(120)):
            pass
        lease.renew(at(130))

        assert other.lease_is_free(NAME, at(131)) is False


def test_a_lease_that_nobody_holds_is_free(empty_ledger: SqlLedger) -> None:
    assert empty_ledger.lease_is_free(NAME, at(0)) is True


def test_another_host_is_seen_while_it_holds_a_lease(empty_ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_ledger.lease(NAME, 60, at(0)):
        alone = empty_ledger.other_host(at(1))
        monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")
        seen, run_out = empty_ledger.other_host(at(59)), empty_ledger.other_host(at(60))
    given_back = empty_ledger.other_host(at(1))

    assert seen is not None
    assert (alone, run_out, given_back) == (None, None, None)
