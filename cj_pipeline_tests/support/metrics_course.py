"""A course of small assessments in which everything happens that metrics count: twelve comparisons each."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cj_pipeline.domain.batches import BatchJobResult, Outcome, Usage
from cj_pipeline.engine import collect as collecting
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.errors import ProviderError
from cj_pipeline.observability.collector import Samples, changes, read_samples
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment

ASKED = r"/(chat/completions|messages)$"
MODEL = {"openai": "gpt-6.1-terra", "anthropic": "claude-haiku-5-5"}
USAGE = Usage(2000, 90, cached_input_tokens=1500, cache_write_tokens=300, reasoning_tokens=40)
"""What every answer is said to have used: the emulator keeps no prompt cache and does not reason."""

ANSWER_S = 1.5
"""How long every answer takes there."""


@dataclass
class Watch:
    """Reads the metrics of a rig before and after."""

    rig: Rig

    def read(self) -> Samples:
        """All samples as they are now."""
        return read_samples(self.rig.bench.ledger, self.rig.clock.now)

    def during(self, work: Callable[[], object]) -> Samples:
        """What changes while something is done."""
        before = self.read()
        work()
        return changes(before, self.read())


def batch(rig: Rig, provider: str, name: str, *faults: Mapping[str, Any], **settings: Any) -> None:  # noqa: ANN401
    """Ask an assessment through batch jobs, polled after ten minutes and after a day."""
    make_assessment(rig.root, name, provider=provider, **settings)
    rig.emulator.script_faults(*faults)
    rig.submit(name)
    rig.advance(600)
    rig.poll()
    end(rig, name)


def end(rig: Rig, name: str) -> None:
    """Let jobs end, and believe what does not change within the settle period."""
    rig.advance(24.5 * 3600 - 600)
    rig.poll()
    for _ in range(2):
        with suppress(ProviderError):
            rig.collect(name)
        rig.advance(rig.engine.options.settle_s)
    rig.conclude(name)


def at_once(rig: Rig, provider: str, name: str, mode: str, *faults: Mapping[str, Any]) -> None:
    """Ask an assessment in a synchronous mode."""
    make_assessment(rig.root, name, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults(*faults)
    rig.submit(name)
    rig.collect(name)
    rig.conclude(name)


def with_options(rig: Rig, **options: Any) -> Rig:  # noqa: ANN401 (whatever the options are)
    """The same rig with other options of the engine."""
    changed: EngineOptions = replace(rig.engine.options, **options)
    return replace(rig, bench=replace(rig.bench, engine=replace(rig.engine, options=changed)))


def refused_by_the_provider(rig: Rig, provider: str, name: str) -> None:
    """A job that is refused when it is to be created."""
    make_assessment(rig.root, name, provider=provider)
    rig.emulator.script_faults({"kind": "http_error", "path": "/batches$", "method": "POST", "status": 400})
    with pytest.raises(ProviderError):
        rig.submit(name)


def cancelled(rig: Rig, provider: str, name: str) -> None:
    """A job whose end is asked for before anything is answered."""
    make_assessment(rig.root, name, provider=provider)
    rig.submit(name)
    cancel(rig.engine, name)
    end(rig, name)


def lost(rig: Rig, provider: str, name: str) -> None:
    """A job that the provider does not know any more."""
    make_assessment(rig.root, name, provider=provider)
    rig.submit(name)
    gone = {"kind": "http_error", "path": "/batches/[^/]+$", "method": "GET", "status": 404, "times": None}
    rig.emulator.script_faults(gone)
    for _ in range(6):
        rig.advance(rig.engine.options.settle_s)
        rig.poll()
    rig.emulator.clear_faults()
    rig.collect(name)
    rig.conclude(name)


def with_caches(rig: Rig, provider: str, name: str) -> None:
    """Answers that take a while, of a provider that keeps a prompt cache and reasons, as its adapter reads it."""
    manager = rig.engine.managers[provider]
    ask, decode = manager.ask, manager.decode

    def asked(request: bytes) -> bytes:
        rig.clock.advance(ANSWER_S)
        return ask(request)

    def decoded(line: bytes) -> BatchJobResult | None:
        found = decode(line)
        return replace(found, usage=USAGE) if found and found.outcome is Outcome.OK else found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manager, "ask", asked)
        patch.setattr(manager, "decode", decoded)
        at_once(with_options(rig, sync_workers=1), provider, name, "per_request")


def unpriced(rig: Rig, provider: str, name: str) -> None:
    """Answers of a model whose price is not known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collecting, "price_of", lambda *_: lambda _usage: None)
        batch(rig, provider, name)


def unfinished(rig: Rig, provider: str, name: str) -> None:
    """A job that nobody has polled for two hours."""
    make_assessment(rig.root, name, provider=provider)
    rig.submit(name)
    rig.advance(7200)
