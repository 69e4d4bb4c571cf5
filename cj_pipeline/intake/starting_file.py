"""The first `assessment.yaml` of an assessment: sensible settings, each with a word on what it does."""

import math
from dataclasses import dataclass
from typing import Any, Final

import yaml

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.prompting import context_of
from cj_pipeline.engine.cost import worst_case_usd
from cj_pipeline.intake.essay_files import EssayTexts
from cj_pipeline.intake.found_material import FoundMaterial

_TASKS: Final = {
    "en": "The writing task is not given. Take both essays as answers to one and the same task.",
    "sv": "Skrivuppgiften är inte angiven. Betrakta båda texterna som svar på en och samma uppgift.",
}
_RUBRICS: Final = {
    "en": "Which essay is the better piece of writing as a whole? Weigh together: content and ideas, and how well\n"
    "they are supported; structure and coherence; vocabulary; grammar and spelling. Do not reward length as such.",
    "sv": "Vilken text är bäst som helhet? Väg samman: innehåll och tankar, och hur väl de underbyggs; disposition\n"
    "och sammanhang; ordförråd; grammatik och stavning. Belöna inte längd i sig.",
}
_PER_ESSAY: Final = 12
_ROOM: Final = 1.25
"""Room under the cap for essays that are added later."""

_ENVELOPE_BYTES: Final = 2_000
_STEP_USD: Final = 0.5

_FILE: Final = """\
# Made by cj init. Every key is explained in docs/reference/assessment-yaml.md.
title: {title}
{language_note}language: {language}
{task_note}task: {task}
{rubric_note}rubric: {rubric}
# Scale of the grades in anchors.csv (essays whose grade is known); it changes nothing where there is no such file.
grade_scale: {grade_scale}
{essay_table}# false: an essay that cannot be read stops everything, and is named. true: it is left out, and named.
skip_unreadable: false
# Who compares. Several judges may share the work (share); models and prices are in docs/reference/models.md.
judges:
  - provider: {provider}
    model: {model}
    parameters:
      max_output_tokens: {max_output_tokens}
# Batch jobs cost half and take up to 24 hours; serial_bundle answers at once.
llm_batching_mode: provider_batch_api
# More comparisons make smaller standard errors: four times as many, half the error.
comparisons_per_essay: {comparisons_per_essay}
# Most comparisons there may ever be; leaves room for {room} more essays or so.
max_pairs_cap: {max_pairs_cap}
# Hard stop on spending, US dollars. The worst case of all comparisons fits in; cj plan shows what is expected.
max_cost_usd: {max_cost_usd:.2f}
seed: 1
"""


@dataclass(frozen=True, slots=True)
class StartingFile:
    """A first `assessment.yaml`.

    Attributes:
        text: What stands in it.
        assessment: What it says, validated.
        to_write: What had to be made up, in words for people.
    """

    text: str
    assessment: Assessment
    to_write: list[str]


def starting_file(found: FoundMaterial, essays: EssayTexts, *, language: str, scale: str) -> StartingFile:
    """Settings for what was found.

    Args:
        found: What was found.
        essays: Its essays, read.
        language: Language of the essays, ISO 639-1.
        scale: Scale of the known grades.
    """
    to_write = []
    if not found.task:
        to_write.append("task: the writing task, as the students were given it")
    if not found.rubric:
        to_write.append("rubric: what makes one essay better than another")
    n = len(essays.texts) + len(essays.left_out)
    per_essay = min(_PER_ESSAY, 2 * (n - 1))
    fields: dict[str, Any] = {
        "title": found.folder.resolve().name.replace("_", " ").replace("-", " ").strip().capitalize() or "Essays",
        "language": language,
        "task": found.task or _TASKS.get(language, _TASKS["en"]),
        "rubric": found.rubric or _RUBRICS.get(language, _RUBRICS["en"]),
        "grade_scale": scale,
        "judges": [{"provider": "openai", "model": "gpt-6.1-terra", "parameters": {"max_output_tokens": 1200}}],
        "llm_batching_mode": "provider_batch_api",
        "comparisons_per_essay": per_essay,
        "max_pairs_cap": max(n, math.ceil(n * per_essay / 2 * _ROOM)),
        "seed": 1,
    }
    if found.table is not None:
        fields["essay_table"] = found.table.model_dump(exclude_none=True)
    fields["max_cost_usd"] = _limit(Assessment.model_validate(fields), essays)
    room = int(n * (_ROOM - 1))
    return StartingFile(_text(fields, to_write, room), Assessment.model_validate(fields), to_write)


def _limit(assessment: Assessment, essays: EssayTexts) -> float:
    """The worst case of as many comparisons as may ever be, in steps of half a dollar."""
    longest = sorted((len(text.encode()) for text in essays.texts.values()), reverse=True)
    usual = sum(longest) / len(longest)
    size = math.ceil(2 * usual) + sum(len(part.encode()) for part in context_of(assessment)) + _ENVELOPE_BYTES
    worst = worst_case_usd(assessment.judges[0], [size] * assessment.max_pairs_cap) or 0.0
    return max(_STEP_USD, math.ceil(worst / _STEP_USD) * _STEP_USD)


def _text(fields: dict[str, Any], to_write: list[str], room: int) -> str:
    judge = fields["judges"][0]
    made_up = {line.partition(":")[0] for line in to_write}
    table = (
        yaml.safe_dump({"essay_table": fields["essay_table"]}, allow_unicode=True) if "essay_table" in fields else ""
    )
    return _FILE.format(
        title=_scalar(fields["title"]),
        language=fields["language"],
        language_note="# Found from the essays, ISO 639-1.\n",
        task=_block(fields["task"]),
        task_note="# REPLACE: the writing task, as the students were given it.\n" if "task" in made_up else "",
        rubric=_block(fields["rubric"]),
        rubric_note="# REPLACE, or keep: what makes one essay better than another.\n" if "rubric" in made_up else "",
        grade_scale=fields["grade_scale"],
        essay_table=table,
        provider=judge["provider"],
        model=judge["model"],
        max_output_tokens=judge["parameters"]["max_output_tokens"],
        comparisons_per_essay=fields["comparisons_per_essay"],
        room=room,
        max_pairs_cap=fields["max_pairs_cap"],
        max_cost_usd=fields["max_cost_usd"],
    )


def _scalar(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=1_000, default_style='"').strip()


def _block(text: str) -> str:
    """A text over several lines, as a person would write it into YAML; quoted where a block cannot hold it."""
    lines = text.strip().split("\n")
    block = "|\n" + "\n".join(f"  {line}".rstrip() for line in lines)
    plain = lines[0][:1] not in " \t" and yaml.safe_load(f"x: {block}\n")["x"].strip() == text.strip()
    return block if plain else _scalar(text.strip())
