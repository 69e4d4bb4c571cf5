"""Recordings of how profiles answer, committed beside this module, and what has to agree with them.

A recording holds the reference system's trace, as documented, and one event for every comparison as this project's
emulator answered it, by provider. Winners have to be the same in every mode; tokens and times may move within bounds,
since prompts are reworded.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.harness.suites.checks import Check, equal, within
from cj_pipeline.harness.suites.observing import Observation

_FOLDER: Final = files("cj_pipeline.harness.suites").joinpath("recordings")
_MEAN_MS, _P95_MS = 100.0, 200.0
_TOKEN_SHARE, _FEWEST_TOKENS = 0.1, 5.0

Event = Mapping[str, Any]


def recording_path(name: str) -> Path:
    """Where a suite's recording lies."""
    return Path(str(_FOLDER.joinpath(f"{name}.json")))


def read_recording(name: str) -> dict[str, Any]:
    """A suite's recording."""
    found: dict[str, Any] = json.loads(recording_path(name).read_text("utf-8"))
    return found


def events_of(seen: Observation) -> list[dict[str, Any]]:
    """What happened, comparison by comparison, in the order of the plan."""
    ended: dict[str, AnswerRecord] = {a.comparison_id: a for a in seen.answers if a.response_id}
    return [
        {
            "first": c.first_id,
            "second": c.second_id,
            "replicate": c.replicate,
            "winner": c.winner,
            "prompt_tokens": ended[c.comparison_id].usage.input_tokens,
            "completion_tokens": ended[c.comparison_id].usage.output_tokens,
            "latency_ms": _ms(ended[c.comparison_id].latency_s),
        }
        for c in seen.comparisons
        if c.comparison_id in ended
    ]


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(1000 * seconds, 1)


def write_events(seen: Observation) -> Path:
    """Record a case anew, in place of what its provider's events were."""
    name = seen.case.suite.name
    recording = read_recording(name)
    recording["events"][seen.case.provider] = events_of(seen)
    path = recording_path(name)
    lines = {provider: [json.dumps(event) for event in events] for provider, events in recording["events"].items()}
    head = json.dumps({key: value for key, value in recording.items() if key != "events"}, indent=2)[:-2]
    body = ",\n".join(
        f'    "{provider}": [\n      ' + ",\n      ".join(events) + "\n    ]"
        for provider, events in sorted(lines.items())
    )
    path.write_text(f'{head},\n  "events": {{\n{body}\n  }}\n}}\n', "utf-8")
    return path


def as_recorded(seen: Observation) -> Iterator[Check]:
    """Shares, winners, tokens and times are those of the recording."""
    if not seen.case.suite.recorded:
        return
    recording = read_recording(seen.case.suite.name)
    events, kept = events_of(seen), recording["events"][seen.case.provider]
    yield equal("verdicts as recorded", [_verdict(e) for e in events], [_verdict(e) for e in kept])
    yield from _stable(events)
    yield from _like_trace(events, recording["trace"])
    for what in ("prompt_tokens", "completion_tokens"):
        mean = _mean(kept, what)
        bound = max(_FEWEST_TOKENS, _TOKEN_SHARE * mean)
        yield within(f"mean {what}", _mean(events, what), mean - bound, mean + bound)
    times = [event["latency_ms"] for event in events if event["latency_ms"] is not None]
    was = [event["latency_ms"] for event in kept if event["latency_ms"] is not None]
    if times and was:
        yield within("mean latency, ms", fmean(times), fmean(was) - _MEAN_MS, fmean(was) + _MEAN_MS)
        yield within("95th percentile of latency, ms", p95(times), p95(was) - _P95_MS, p95(was) + _P95_MS)


def _verdict(event: Event) -> tuple[str, str, int, str]:
    return event["first"], event["second"], event["replicate"], event["winner"]


def _mean(events: Sequence[Event], what: str) -> float:
    return fmean(float(event[what]) for event in events)


def p95(values: Sequence[float]) -> float:
    """The smallest value that at least 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _stable(events: Sequence[Event]) -> Iterator[Check]:
    """A pair in one order gets one verdict and the same tokens, however often it is put."""
    winners: dict[tuple[str, str], set[str]] = defaultdict(set)
    tokens: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for event in events:
        pair = event["first"], event["second"]
        winners[pair].add(event["winner"])
        tokens[pair].add((event["prompt_tokens"], event["completion_tokens"]))
    yield equal("pairs with more than one verdict", [pair for pair, won in winners.items() if len(won) > 1], [])
    yield equal("pairs with changing tokens", [pair for pair, used in tokens.items() if len(used) > 1], [])


def _like_trace(events: Sequence[Event], trace: Mapping[str, Any]) -> Iterator[Check]:
    """Within the reference system's own bounds of its own trace."""
    share = fmean(event["winner"] == "first" for event in events)
    tolerance = trace["share_tolerance"]
    yield within(
        "share of the essay shown first", share, trace["first_share"] - tolerance, trace["first_share"] + tolerance
    )
    if trace["first_share"] < 1 / 2 < trace["first_share"] + tolerance:
        yield Check("the essay shown second has the majority", share < 1 / 2, f"saw {share:.2f} for the first")
    for what, mean in trace.get("mean_tokens", {}).items():
        bound = max(trace["fewest_tokens"], trace["token_share"][what] * mean)
        yield within(f"mean {what} of the trace", _mean(events, what), mean - bound, mean + bound)
    times = [event["latency_ms"] for event in events if event["latency_ms"] is not None]
    if times and "latency_ms" in trace:
        yield within("mean latency of the trace, ms", fmean(times), 0.0, trace["latency_ms"]["mean"] + _MEAN_MS)
        yield within("95th percentile of the trace, ms", p95(times), 0.0, trace["latency_ms"]["p95"] + _P95_MS)
