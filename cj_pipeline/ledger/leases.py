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


@contextmanager
def hold_lease(engine: sa.Engine, name: str, ttl_s: float, now: datetime) -> Iterator[None]:
    """Hold a lease for the length of a `with` block.

    A lease keeps two processes from working side by side; what keeps a request from being paid twice is the state of
    its job, which changes hands by compare-and-set. So a lease that runs out too early costs time, never money.

    Raises:
        LeaseHeldError: Somebody else holds it.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    _acquire(engine, name, owner, ttl_s, now)
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.owner == owner))


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
