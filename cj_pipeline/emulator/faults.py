"""The durable script of faults: what was asked for, how often each still strikes, and who is struck next.

A fault is spent inside the transaction of the exchange it disturbs, so a killed emulator neither repeats nor loses one.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cj_pipeline.emulator.fault_kinds import FAULT_KINDS, Stage, checked_options, fault_kind
from cj_pipeline.emulator.store import Store
from cj_pipeline.emulator.wire import ApiError, JsonObject, Provider

_UNSPENT = "SELECT * FROM faults WHERE times IS NULL OR n_used < times + skip ORDER BY seq"
_COMMON = frozenset({"kind", "provider", "times", "skip"})


@dataclass(frozen=True)
class Fault:
    """One fault that strikes now, with all its options.

    Attributes:
        number: Its place in the script, which also seeds whom it chooses.
        kind: A name from the table of kinds.
        options: Every option of that kind.
    """

    number: int
    kind: str
    options: JsonObject

    @property
    def share(self) -> float:
        """The share of rows or requests that are struck."""
        return float(self.options.get("share", 1.0))

    @classmethod
    def from_record(cls, record: JsonObject) -> "Fault":
        """Return the fault that ``dataclasses.asdict`` described."""
        return cls(record["number"], record["kind"], record["options"])


class FaultScript:
    """Remembers scripted faults and hands out those that strike."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, wishes: Iterable[JsonObject]) -> None:
        """Append faults, all or none.

        Each is ``{"kind", "provider"?, "times"?, "skip"?, ...options}``. ``times`` defaults to 1 and null means for
        ever; ``skip`` lets the first matches pass unharmed.
        """
        rows = [_checked(wish) for wish in wishes]
        self._store.change_many(
            "INSERT INTO faults (kind, provider, times, skip, options) VALUES (?, ?, ?, ?, ?)", rows
        )

    def listing(self) -> list[JsonObject]:
        """Return every scripted fault, spent ones too."""
        return [_shown(row) for row in self._store.rows("SELECT * FROM faults ORDER BY seq")]

    def clear(self) -> None:
        """Forget the whole script; faults already attached to jobs stay with them."""
        self._store.change("DELETE FROM faults")

    def take_for_request(self, provider: Provider, method: str, path: str) -> Fault | None:
        """Spend and return the one fault that strikes an HTTP exchange: the oldest that matches."""

        def strikes(options: JsonObject) -> bool:
            return options["method"] in ("", method) and re.search(options["path"], path) is not None

        taken = self._take(provider, ("request",), strikes, most=1)
        return taken[0] if taken else None

    def take_for_job(self, provider: Provider) -> list[Fault]:
        """Spend and return the faults that go with a new job."""
        return self._take(provider, ("job", "answer"), lambda _: True)

    def take_for_answer(self, provider: Provider) -> list[Fault]:
        """Spend and return the faults that strike a synchronous answer."""
        return self._take(provider, ("answer",), lambda _: True)

    def _take(
        self,
        provider: Provider,
        stages: tuple[Stage, ...],
        strikes: Callable[[JsonObject], bool],
        most: int | None = None,
    ) -> list[Fault]:
        taken: dict[str, Fault] = {}
        with self._store.transaction():
            for row in self._store.rows(_UNSPENT):
                fault = Fault(int(row["seq"]), str(row["kind"]), json.loads(row["options"]))
                wanted = FAULT_KINDS[fault.kind].stage in stages and row["provider"] in (None, provider)
                if fault.kind in taken or not wanted or not strikes(fault.options):
                    continue
                self._store.change("UPDATE faults SET n_used = n_used + 1 WHERE seq = ?", fault.number)
                if row["n_used"] >= row["skip"]:
                    taken[fault.kind] = fault
                if len(taken) == most:
                    break
        return list(taken.values())


def _checked(wish: JsonObject) -> tuple[object, ...]:
    if not isinstance(wish, dict):
        raise ApiError(400, f"a fault is a JSON object, not {wish!r}")
    kind = fault_kind(wish.get("kind"))
    name = str(wish["kind"])
    options = checked_options(name, {key: value for key, value in wish.items() if key not in _COMMON})
    times, skip = wish.get("times", 1), wish.get("skip", 0)
    if not (times is None or (isinstance(times, int) and times >= 1)) or not (isinstance(skip, int) and skip >= 0):
        raise ApiError(400, f"times must be null or at least 1 and skip at least 0, not {times!r} and {skip!r}")
    return name, _provider(name, wish.get("provider"), kind.providers), times, skip, json.dumps(options)


def _provider(name: str, wanted: object, possible: tuple[Provider, ...]) -> Provider | None:
    if wanted is None:
        return possible[0] if len(possible) == 1 else None
    if wanted not in possible:
        raise ApiError(400, f"fault {name!r} knows the providers {', '.join(possible)}, not {wanted!r}")
    return wanted


def _shown(row: sqlite3.Row) -> JsonObject:
    left = None if row["times"] is None else max(0, row["times"] - max(0, row["n_used"] - row["skip"]))
    head = {"kind": row["kind"], "provider": row["provider"], "times": row["times"], "skip": row["skip"]}
    options: JsonObject = json.loads(row["options"])
    return {"number": row["seq"], **head, "times_left": left, **options}
