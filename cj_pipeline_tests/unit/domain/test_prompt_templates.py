# ruff: noqa: D103 - the names of the tests say it
"""Prompts by language, and templates of an assessment's own."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from cj_pipeline.domain import prompting
from cj_pipeline.domain.prompt_templates import default_templates, template_faults
from cj_pipeline.domain.prompting import build_prompt, context_of, prompt_hash
from cj_pipeline_tests.unit.domain.factories import make_assessment

OWN = "Do {task} by {rubric} in {language}, {reason_max} characters, {strengths}."


def test_swedish_essays_are_judged_in_swedish() -> None:
    system, context = context_of(make_assessment(language="sv"))
    shown = build_prompt((system, context), "Ett.", "Två.", "0" * 16, language="sv")

    assert system.startswith("Du är en erfaren bedömare")
    assert "skrivna på svenska" in context
    assert shown.essays.endswith("Vilken text är bäst, A eller B?")


def test_a_language_without_texts_of_its_own_has_the_english_ones() -> None:
    assert default_templates("fi") == default_templates("en")
    assert "written in Finnish." in context_of(make_assessment(language="fi"))[1]
    assert 'written in the language with code "xx".' in context_of(make_assessment(language="xx"))[1]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_default_texts_can_be_filled_in_and_name_every_field_of_the_answer(language: str) -> None:
    templates = default_templates(language)

    assert template_faults(templates.context) == []
    assert all(f'"{name}"' in templates.context for name in ("reason", "better_essay", "strength"))


def test_an_assessment_may_bring_its_own_texts() -> None:
    own = make_assessment(system_prompt="You judge.", context_template=OWN)

    assert context_of(own) == (
        "You judge.",
        (
            "Do Write about a holiday. by The clearer text is better. in English, 400 characters, "
            '"slightly", "clearly", "much".'
        ),
    )
    assert (
        len({prompt_hash(make_assessment()), prompt_hash(own), prompt_hash(own.model_copy(update={"task": "X"}))}) == 3
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Only {task}.", "lacks {rubric}, {reason_max}, {strengths}"),
        (OWN + " {essay}", "has unknown fields {essay}"),
        (OWN + " {task.__class__}", "has unknown fields {task.__class__}"),
        (OWN + " {", "cannot be filled in"),
    ],
)
def test_a_template_that_cannot_work_is_refused_with_its_reason(template: str, said: str) -> None:
    assert said in "; ".join(template_faults(template))
    with pytest.raises(ValidationError):
        make_assessment(context_template=template)


@pytest.mark.parametrize("part", ["system", "context", "question"])
def test_the_prompt_hash_changes_with_every_default_text(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, texts = prompt_hash(make_assessment()), default_templates("en")
    changed = replace(texts, **{part: getattr(texts, part) + " Think twice."})
    monkeypatch.setattr(prompting, "default_templates", lambda _: changed)

    assert prompt_hash(make_assessment()) != before
