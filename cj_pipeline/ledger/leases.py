"""Leases: who may do a piece of work right now. A lease that its holder cannot give back runs out by itself."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from cj_pipeline.errors import LeaseHeldError
from cj_pipeline.ledger.tables import leases


class HeldLease:
    """A lease that is held, for the length of a `with` block. Implements `engine.ledger_port.Lease`."""

    def __init__(self, engine: sa.Engine, name: str, owner: str, ttl_s: float) -> None:
        self._engine, self._name, self._owner, self._ttl_s = engine, name, owner, ttl_s

    def renew(self, now: datetime) -> None:
        """Hold it for another full term.

        Raises:
            LeaseHeldError: It ran out, and somebody else took it.
        """
        mine = (leases.c.name == self._name) & (leases.c.owner == self._owner)
        values = {"expires_at": now + timedelta(seconds=self._ttl_s)}
        with self._engine.begin() as connection:
            held = connection.execute(sa.update(leases).where(mine).values(values)).rowcount
        if not held:
            # It ran out and nobody may have noticed: it is ours again unless somebody else works there now.
            _acquire(self._engine, self._name, self._owner, self._ttl_s, now)


@contextmanager
def hold_lease(engine: sa.Engine, name: str, ttl_s: float, now: datetime) -> Iterator[HeldLease]:
    """Hold a lease for the length of a `with` block.

    A lease keeps two processes from working side by side; what keeps a request from being paid twice is the state of
    its job, which changes hands by compare-and-set. So a lease that runs out too early costs time, never money.

    Raises:
        LeaseHeldError: Somebody else holds it.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    _acquire(engine, name, owner, ttl_s, now)
    try:
        yield HeldLease(engine, name, owner, ttl_s)
    finally:
        with engine.begin() as connection:
            connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def lease_is_free(engine: sa.Engine, name: str, now: datetime) -> bool:
    """Whether nobody holds a lease."""
    held = sa.select(sa.func.count()).where((leases.c.name == name) & (leases.c.expires_at > now))
    with engine.begin() as connection:
        return connection.execute(held).scalar_one() == 0


def other_host(engine: sa.Engine, now: datetime) -> str | None:
    """A machine, other than this one, that holds a lease right now; None if there is none."""
    query = sa.select(leases.c.owner).where(leases.c.expires_at > now)
    with engine.begin() as connection:
        owners = connection.execute(query).scalars().all()
    hosts = {owner.rsplit(":", 2)[0] for owner in owners} - {socket.gethostname()}
    return min(hosts, default=None)


def _acquire(engine: sa.Engine, name: str, owner: str, ttl_s: float, now: datetime) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.expires_at <= now))
            row = {"name": name, "owner": owner, "expires_at": now + timedelta(seconds=ttl_s)}
            connection.execute(sa.insert(leases).values(row))
    except sa.exc.IntegrityError:
        raise LeaseHeldError(_held_message(engine, name, now)) from None


def _held_message(engine: sa.Engine, name: str, now: datetime) -> str:
    with engine.begin() as connection:
        row = connection.execute(sa.select(leases).where(leases.c.name == name)).mappings().first()
    if row is None:
        return f"{name}: another process was working on it a moment ago; try again."
    left = max(0.0, (row["expires_at"] - now).total_seconds())
    return (
        f"{name}: another process ({row['owner'].rsplit(':', 1)[0]}) is working on it. "
        f"If that process has died, its hold ends by itself in {left:.0f} s; try again then."
    )
