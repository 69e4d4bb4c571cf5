"""What the sensors do, tick by tick, without Dagster."""

from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.cancel import cancel, unfinished_cancellations
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import rank
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CjError


def tick(engine: Engine) -> None:
    """Poll, finish cancellations, collect and decide, go on. A step that fails comes back at a later tick."""
    poll(engine)
    for unfinished in unfinished_cancellations(engine):
        cancel(engine, unfinished.assessment)
    for group in collect_groups(engine):
        _quietly(engine, group.assessment, goes_on=False)
    for more in continuations(engine):
        _quietly(engine, more.assessment, goes_on=True)


def _quietly(engine: Engine, name: str, *, goes_on: bool) -> None:
    try:
        if goes_on:
            plan(engine, name, continues=True)
            submit(engine, name, continues=True)
        else:
            collect(engine, name)
            rank(engine, name)
    except CjError:
        return


def is_over(engine: Engine) -> bool:
    """Whether nothing goes on by itself any more."""
    return not unfinished_assessments(engine) and not unfinished_cancellations(engine)
