"""What the checks of verdicts and people's decisions find, on classes that are healthy or have one thing wrong."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from datetime import UTC, datetime

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.people_records import HumanDecision, PersonsWinner
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.engine.verdict_findings import essays_keep_their_verdicts, people_agree_with_models
from cj_pipeline_tests.support.rankings import ClassRoom, without_verdicts

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def decided(c: ComparisonRecord, judge: str, *, against: bool) -> HumanDecision:
    """A person's decision about the pair of a comparison, with the model or against it."""
    other: PersonsWinner = "second" if c.winner == "first" else "first"
    same: PersonsWinner = "first" if c.winner == "first" else "second"
    return HumanDecision(
        decision_id=f"{judge}:{c.comparison_id}",
        assessment="class",
        judge=judge,
        first_id=c.first_id,
        first_digest=c.first_digest,
        second_id=c.second_id,
        second_digest=c.second_digest,
        winner=other if against else same,
        ties_allowed=False,
        ordered=True,
        time_ms=None,
        source="decisions/paper.csv",
        decided_at=None,
        recorded_at=NOW,
    )


def with_people(n: int, *, n_against: int, judge: str = "Anna") -> PairSet:
    """A class of which a person judged the first pairs too."""
    pairs = ClassRoom().pairs()
    people = tuple(decided(c, judge, against=k < n_against) for k, c in enumerate(pairs.comparisons[:n]))
    return replace(pairs, people=people)


def test_a_healthy_class_passes_both_with_figures() -> None:
    essays, people = essays_keep_their_verdicts(ClassRoom().pairs()), people_agree_with_models(ClassRoom().pairs())

    assert (essays.holds, essays.words, people.holds, people.words) == (True, "", True, "")
    assert essays.numbers == {"n_essays_with_few_verdicts": 0, "fewest_verdicts_of_an_essay": 12}
    assert people.numbers == {"n_people": 0, "n_pairs_of_both": 0, "n_against_the_models": 0}


def test_an_essay_that_lost_most_of_its_verdicts_is_named() -> None:
    found = essays_keep_their_verdicts(without_verdicts(ClassRoom().pairs(), "essay-05", keep=5))

    assert not found.holds
    assert not found.is_grave
    assert found.words.startswith("Without a verdict in more than half of their comparisons: essay-05.")
    assert found.rows[0] == ("essay-05", 12, 5)


def test_an_essay_that_lost_half_of_its_verdicts_is_not() -> None:
    assert essays_keep_their_verdicts(without_verdicts(ClassRoom().pairs(), "essay-05", keep=6)).holds


def test_a_person_against_the_models_beyond_chance_is_named() -> None:
    found = people_agree_with_models(with_people(20, n_against=16))

    assert not found.holds
    assert not found.is_grave
    assert found.words.startswith("Mostly against the models: Anna. See whether winner and loser are swapped")
    assert found.rows == (("Anna", 20, 4),)


def test_a_person_who_differs_as_chance_would_is_not() -> None:
    assert people_agree_with_models(with_people(20, n_against=12)).holds
    assert people_agree_with_models(with_people(3, n_against=3)).holds
