"""Canary: before a large job, one of its requests is asked by itself.

What would fail in every request (a parameter the model does not take, a schema it does not keep, an allowance too small
for its reasoning) shows at once, for the price of a few requests and not of thousands. The canary is a planned
comparison's first attempt: its answer counts, and it is not asked again.
"""

from cj_pipeline.domain.batches import CANARY, Outcome
from cj_pipeline.engine.asking import Asker
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.preparing import JobWriter
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.errors import CanaryError

_MOST_CANARIES = 3
_GOOD = {Outcome.OK.value, Outcome.REFUSED.value}


def fly_canary(
    asker: Asker, engine: Engine, writer: JobWriter, comparisons: list[ComparisonRecord]
) -> list[ComparisonRecord]:
    """Ask the first comparison by itself, and up to two more if it fails.

    Args:
        asker: Asks.
        engine: The engine.
        writer: Prepares jobs of this judge.
        comparisons: What is to be asked.

    Returns:
        The comparisons without those that were asked.

    Raises:
        CanaryError: Three requests in a row failed.
        ProviderError: The provider could not be asked.
    """
    last = ""
    for n, comparison in enumerate(comparisons[:_MOST_CANARIES], start=1):
        job = writer.prepare([comparison], CANARY)
        engine.ledger.begin_asking(job.job_id, engine.clock.now())
        asker.ask_side_by_side(job)
        asked = engine.ledger.comparison(comparison.comparison_id)
        if asked.status in _GOOD:
            return comparisons[n:]
        last = f"{asked.status}: {asked.error}"
    raise CanaryError(
        f"the first {_MOST_CANARIES} requests to {comparisons[0].judge}, sent by themselves, gave no verdict (last: "
        f"{last}). The other {len(comparisons) - _MOST_CANARIES} were not sent. Look at the judge's parameters in "
        "assessment.yaml, above all max_output_tokens, and submit again."
    )
