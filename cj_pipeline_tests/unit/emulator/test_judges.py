"""How the synthetic judges decide. The texts were written for these tests."""

# ruff: noqa: D103 - the name of a test is its sentence

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cj_pipeline.emulator.judges import (
    JUDGES,
    CoinJudge,
    FirstSlotJudge,
    SurfaceJudge,
    judge_without_essays,
    make_judge,
)
from cj_pipeline.emulator.questions import Question
from cj_pipeline.emulator.writing_features import FEATURES, contributions, quality
from cj_pipeline_tests.unit.emulator.samples import BAD, GOOD, GOOD_SHORT, MIDDLE

SWEDISH_GOOD = """Många anser att skolan borde börja senare på morgonen. Jag håller med, eftersom forskning visar att
tonåringar behöver mer sömn än vuxna. Dessutom blir koncentrationen bättre när eleverna har hunnit äta frukost.

Å andra sidan skulle skoldagen då sluta senare, vilket kan påverka fritidsaktiviteter. Trots det tror jag att
fördelarna överväger, även om familjer måste anpassa sina rutiner."""
SWEDISH_BAD = """jag tycker att skolan ska börja senare för att man är trött på morgonen och man orkar inte och då blir
det jobbigt o man lär sig inget. dom som bestämmer borde fatta att vi är trötta . jag tycker dom ska ändra det för
annars blir det bara jobbigt o man är trött hela dagen"""


def share_first(judge: SurfaceJudge, a: str, b: str, n: int = 200) -> float:
    """Return how often A wins when the same two texts are put to different models."""
    return sum(judge.decide(Question(a, b, f"model{k}", "nonce")).first_wins for k in range(n)) / n


def test_quality_follows_the_writing() -> None:
    assert quality(GOOD) > quality(MIDDLE) > quality(BAD)
    assert quality(SWEDISH_GOOD) > quality(SWEDISH_BAD)


def test_length_alone_does_not_decide() -> None:
    assert quality(GOOD_SHORT) > quality("\n\n".join([BAD] * 5))


def test_a_longer_text_of_equal_kind_is_a_little_better_and_no_more() -> None:
    gain = quality(GOOD + "\n\n" + MIDDLE) - quality(GOOD)
    assert contributions(GOOD * 6)["fuller development"] <= FEATURES["fuller development"].weight * 1.3
    assert gain < 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("He has two books and an apple.", "He have two book and a apple."),
        ("I don't think so. It is a good idea.", "i dont think so . it is good idea"),
        (
            "People are happier because they have information.",
            "Peoples is more happier becouse they have informations.",
        ),
        ("She did not go to the the party.".replace("the the", "the"), "She did not went to the the party."),
    ],
)
def test_common_errors_count_against_a_text(right: str, wrong: str) -> None:
    assert contributions(right)["more accurate language"] > contributions(wrong)["more accurate language"]


def test_the_better_text_wins_most_of_the_time_in_either_slot() -> None:
    judge = SurfaceJudge(seed=1)
    assert share_first(judge, GOOD, BAD) > 0.95
    assert share_first(judge, BAD, GOOD) < 0.05
    assert 0.8 < share_first(judge, MIDDLE, BAD) <= 1.0


def test_equal_texts_show_the_slot_preference() -> None:
    share = share_first(SurfaceJudge(seed=1), MIDDLE, MIDDLE, 2000)
    assert share == pytest.approx(0.55, abs=0.035)
    assert share_first(SurfaceJudge(seed=1, slot_preference=0.0), MIDDLE, MIDDLE, 2000) == pytest.approx(0.5, abs=0.035)


def test_swapping_the_texts_mirrors_the_odds() -> None:
    judge = SurfaceJudge(seed=2, slot_preference=0.0, temperature=3.0)
    shares = share_first(judge, GOOD, MIDDLE, 1000), share_first(judge, MIDDLE, GOOD, 1000)
    assert shares[0] == pytest.approx(1 - shares[1], abs=0.05)
    assert shares[0] > 0.5


def test_the_same_question_gets_the_same_judgement() -> None:
    question = Question(GOOD, MIDDLE, "model", "n")
    assert SurfaceJudge(4).decide(question) == SurfaceJudge(4).decide(question)


def test_seed_and_model_each_draw_anew_and_the_nonce_does_not() -> None:
    judgements = {
        SurfaceJudge(seed).decide(Question(MIDDLE, BAD, model, nonce)).clearness
        for seed, model, nonce in itertools.product((1, 2), ("m1", "m2"), ("a", "b"))
    }
    assert len(judgements) == 4


def test_plain_differences_are_clearer() -> None:
    judge = SurfaceJudge(seed=1)
    plain = [judge.decide(Question(GOOD, BAD, str(k), "n")).clearness for k in range(50)]
    close = [judge.decide(Question(MIDDLE, MIDDLE, str(k), "n")).clearness for k in range(50)]
    assert sum(plain) / 50 > sum(close) / 50 + 0.4
    assert all(0 <= value < 1 for value in plain + close)


def test_reasons_name_a_feature_that_speaks_for_the_winner() -> None:
    judgement = SurfaceJudge(seed=1).decide(Question(GOOD, BAD, "m", "n"))
    named = [name for name in FEATURES if name in judgement.reason]
    assert judgement.reason.startswith("Synthetic judge: ")
    assert named
    assert all(contributions(GOOD)[name] > contributions(BAD)[name] for name in named)


def test_reasons_vary() -> None:
    reasons = {SurfaceJudge(seed=1).decide(Question(GOOD, BAD, str(k), "n")).reason for k in range(30)}
    assert len(reasons) > 2


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_can_be_judged(a: str, b: str) -> None:
    judgement = SurfaceJudge(seed=0).decide(Question(a, b, "m", "n"))
    assert 0 <= judgement.clearness < 1
    assert abs(quality(a)) < 15


def test_the_other_judges() -> None:
    question = Question(BAD, GOOD, "m", "n")
    assert FirstSlotJudge().decide(question).first_wins
    tosses = [CoinJudge(1).decide(Question(BAD, GOOD, "m", str(k))).first_wins for k in range(400)]
    assert 0.4 < sum(tosses) / 400 < 0.6


def test_judges_are_chosen_by_name() -> None:
    assert {make_judge(name, 0).name for name in JUDGES} == set(JUDGES) >= {"surface", "first_slot", "coin"}
    with pytest.raises(ValueError, match="first_slot"):
        make_judge("nobody", 0)


def test_without_essays_the_reason_says_so() -> None:
    assert "no two essays" in judge_without_essays(0, "m", "prompt").reason
