"""What the checks of verdicts and of people's decisions find: are any essays left out, do both sides agree."""

from collections import Counter
from typing import Final

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.people_tables import human_decisions_table
from cj_pipeline.scaling.proportions import share

_MOST_ROWS: Final = 10
_LEAST_KEPT: Final = 0.5
_COIN: Final = 0.5


def essays_keep_their_verdicts(pairs: PairSet) -> Finding:
    """No essay has lost more than half of its comparisons to answers without a verdict.

    Failures that gather on one essay (refusals of a subject, an essay too long for the model) leave its place open,
    however good the rest is. It warns.
    """
    planned, kept = Counter[str](), Counter[str]()
    for c in pairs.comparisons:
        planned.update((c.first_id, c.second_id))
        if c.status == Outcome.OK:
            kept.update((c.first_id, c.second_id))
    ordered = sorted(planned, key=lambda essay_id: (kept[essay_id] / planned[essay_id], essay_id))
    poor = [essay_id for essay_id in ordered if kept[essay_id] < _LEAST_KEPT * planned[essay_id]]
    words = (
        f"Without a verdict in more than half of their comparisons: {', '.join(poor[:_MOST_ROWS])}. Look at the causes "
        "in the column `error`, read these essays, and let people judge their pairs (cj judge)."
    )
    return Finding(
        not poor,
        words if poor else "",
        {"n_essays_with_few_verdicts": len(poor), "fewest_verdicts_of_an_essay": min(kept[e] for e in planned)},
        ("essay", "comparisons", "with a verdict"),
        tuple((essay_id, planned[essay_id], kept[essay_id]) for essay_id in ordered[:_MOST_ROWS]),
    )


def people_agree_with_models(pairs: PairSet) -> Finding:
    """No person decides against most models in more pairs than a coin would, beyond what chance explains.

    People and models may well differ. Somebody who mostly contradicts the models has more often a file in which winner
    and loser, or left and right, are swapped. Without pairs that both judged nothing can be said. It warns.
    """
    table = human_decisions_table(pairs)
    both = table[(table["winner"] != "") & (table["models_prefer"] != "")]
    asked = Counter(both["judge"])
    same = Counter(both.loc[both["winner"] == both["models_prefer"], "judge"])
    shares = {person: share(same[person], n) for person, n in asked.items()}
    against = sorted(person for person, found in shares.items() if found.high < _COIN)
    words = (
        f"Mostly against the models: {', '.join(against)}. See whether winner and loser are swapped in the file under "
        "decisions/; if they are not, talk about the task and the criteria."
    )
    return Finding(
        not against,
        words if against else "",
        {"n_people": int(table["judge"].nunique()), "n_pairs_of_both": len(both), "n_against_the_models": len(against)},
        ("person", "pairs of both", "same essay preferred"),
        tuple((person, n, same[person]) for person, n in asked.most_common(_MOST_ROWS)),
    )
