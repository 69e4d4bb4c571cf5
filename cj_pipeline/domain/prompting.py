"""What a judge is shown: the static context first, then two essays under opaque labels inside delimiters.

The context (task, rubric, instructions) is the same for every comparison of an assessment, so that a provider can
cache it; the essays come after it. No id, name or grade of an essay is part of a prompt. The delimiters carry a nonce
that an essay cannot know, so that text inside an essay cannot close them.
What does not belong here: a provider's request format (providers) and reading the answer (verdicts).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, Final

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.prompt_templates import default_templates
from cj_pipeline.domain.verdicts import REASON_MAX_CHARS, STRENGTHS

PROMPT_VERSION: Final = "2026-11.2"
"""Changes whenever a word of the templates below changes: answers to different prompts never mix."""

_ESSAYS = """\
<essay_a nonce="{nonce}">
{first}
</essay_a nonce="{nonce}">

<essay_b nonce="{nonce}">
{second}
</essay_b nonce="{nonce}">

{question}"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt in its three parts.

    Attributes:
        system: Role and ground rules.
        context: Task, criteria and answer format; the same for all comparisons of an assessment.
        essays: The two essays and the question.
    """

    system: str
    context: str
    essays: str


def context_of(assessment: Assessment) -> tuple[str, str]:
    """System text and static context for an assessment.

    The texts are those of the assessment where it brings its own, else the defaults of its language.
    """
    templates = default_templates(assessment.language)
    context = (assessment.context_template or templates.context).format(
        task=assessment.task,
        rubric=assessment.rubric,
        language=templates.name_of(assessment.language),
        reason_max=REASON_MAX_CHARS,
        strengths=", ".join(f'"{name}"' for name in STRENGTHS),
    )
    return assessment.system_prompt or templates.system, context


def prompt_hash(assessment: Assessment) -> str:
    """SHA-256 over version, system text, context, essay template and answer schema: what a judge is asked."""
    question = default_templates(assessment.language).question
    parts = [PROMPT_VERSION, *context_of(assessment), _ESSAYS, question, json.dumps(answer_schema(), sort_keys=True)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def build_prompt(context: tuple[str, str], first: str, second: str, nonce: str, *, language: str = "en") -> Prompt:
    """Put two essays to a judge.

    Args:
        context: System text and static context from `context_of`.
        first: Text of the essay shown first, as essay A.
        second: Text of the essay shown second, as essay B.
        nonce: One-time code of the delimiters, from `delimiter_nonce`.
        language: Language of the essays, ISO 639-1.
    """
    system, static = context
    question = default_templates(language).question
    return Prompt(system, static, _ESSAYS.format(nonce=nonce, first=first, second=second, question=question))


def delimiter_nonce(secret: str, comparison_id: str) -> str:
    """Code of the delimiters: HMAC-SHA256 of the comparison under the session's secret, 16 hex digits.

    It is reproducible for whoever holds the ledger and unknown to whoever writes an essay.
    """
    return hmac.new(secret.encode(), comparison_id.encode(), hashlib.sha256).hexdigest()[:16]


def answer_schema() -> dict[str, Any]:
    """JSON schema of an answer, within what both providers' strict modes accept.

    The reason stands first so that a model gives its grounds before it decides.
    """
    return {
        "type": "object",
        "properties": {
            "reason": {"type": "string"},
            "better_essay": {"type": "string", "enum": ["A", "B"]},
            "strength": {"type": "string", "enum": list(STRENGTHS)},
        },
        "required": ["reason", "better_essay", "strength"],
        "additionalProperties": False,
    }
