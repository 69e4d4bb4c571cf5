"""What becomes of each request of a job: answered well, answered badly, or refused by the API.

A request's fate is fixed when its job is created, by the faults attached to the job and by its own body.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.asking import Spoiling
from cj_pipeline.emulator.faults import Fault
from cj_pipeline.emulator.wire import ApiError, Provider, no_credit

_REFUSING = ("all_error_job", "item_errors", "rows_without_credit")
_SPOILING: dict[str, Spoiling] = {
    "refusals": "refused",
    "truncated_answers": "truncated",
    "unreadable_answers": "unreadable",
}


@dataclass(frozen=True)
class Fate:
    """One request's fate. With an error it is not answered at all."""

    error: ApiError | None = None
    spoiling: Spoiling | None = None
    odd_lines: bool = False


class Fates:
    """The fates of a job's requests, by their place in the input."""

    def __init__(self, provider: Provider, faults: Iterable[Fault], n_requests: int, *seeds: object) -> None:
        self._provider: Provider = provider
        self._struck = [(fault, chance.chosen(fault.share, n_requests, fault.number, *seeds)) for fault in faults]

    def of(self, index: int) -> Fate:
        """Return one request's fate; an API error goes before a bad answer."""
        striking = [fault for fault, indexes in self._struck if index in indexes]
        return Fate(
            error=next((self._error(fault) for fault in striking if fault.kind in _REFUSING), None),
            spoiling=next((_SPOILING[fault.kind] for fault in striking if fault.kind in _SPOILING), None),
            odd_lines=any(fault.kind == "u2028_in_rows" for fault in striking),
        )

    def _error(self, fault: Fault) -> ApiError:
        if fault.kind == "rows_without_credit":
            return no_credit(self._provider)
        return ApiError(int(fault.options["status"]), str(fault.options["message"]), code="scripted_fault")


def sync_fate(provider: Provider, faults: Iterable[Fault], *seeds: object) -> Fate:
    """Return the fate of a synchronous request: each fault strikes it with its share as probability."""
    striking = [fault for fault in faults if chance.unit("sync", fault.number, *seeds) < fault.share]
    certain = [Fault(fault.number, fault.kind, fault.options | {"share": 1.0}) for fault in striking]
    return Fates(provider, certain, 1).of(0)
