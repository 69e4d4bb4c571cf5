"""The neutral middle between a provider's request body and its answer: a question in, an answer text out.

Wire shapes belong to ``openai_wire`` and ``anthropic_wire``; what goes wrong with an answer is decided in ``fates``.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from cj_pipeline.emulator import answers, chance
from cj_pipeline.emulator.journal import BilledAnswer, Outcome
from cj_pipeline.emulator.judges import judge_without_essays
from cj_pipeline.emulator.manners import CHARS_PER_TOKEN, Kept, Manners, tokens
from cj_pipeline.emulator.prompt_reading import EssayPair, first_nonce, read_essay_pair
from cj_pipeline.emulator.questions import Judge, Judgement, Question
from cj_pipeline.emulator.wire import JsonObject, Provider, canonical

Spoiling = Literal["refused", "truncated", "unreadable"]


@dataclass(frozen=True)
class Asked:
    """A request body, understood.

    Attributes:
        model: Model that is asked.
        system: System text.
        user_text: All text the user sent.
        max_tokens: Largest answer allowed, or None.
        schema: JSON schema the answer must satisfy, or None for prose.
        tool: Name of the tool whose use is forced, or None.
        beginning: The part of the prompt that may be kept in a prompt cache, empty if none may.
        kept_hour: Whether it is to be kept for an hour.
    """

    model: str
    system: str
    user_text: str
    max_tokens: int | None
    schema: JsonObject | None
    tool: str | None = None
    beginning: str = ""
    kept_hour: bool = False

    @property
    def input_tokens(self) -> int:
        """Estimated prompt tokens."""
        return tokens(self.system) + tokens(self.user_text)


@dataclass(frozen=True)
class Answer:
    """An answer before it is put into a provider's shape.

    Attributes:
        text: The answer, JSON text if a schema was sent.
        outcome: Whether it can be used.
        input_tokens: Estimated prompt tokens.
        output_tokens: Estimated answer tokens.
        token: What the answer's ids are made of; differs between any two requests.
        nonce: Code of the first essay's delimiter in the prompt, None if there is none.
        latency_s: How long it takes when it is asked for at once, virtual seconds.
        kept: Which of the prompt tokens come from, or go to, a prompt cache.
        reasoning_tokens: Answer tokens spent on reasoning.
    """

    text: str
    outcome: Outcome
    input_tokens: int
    output_tokens: int
    token: str
    nonce: str | None = None
    latency_s: float = 0.0
    kept: Kept = field(default_factory=Kept)
    reasoning_tokens: int = 0


@dataclass(frozen=True)
class Respondent:
    """Who answers, and how.

    Attributes:
        judge: Who decides.
        manners: Billed tokens and time.
        seed: Seed for prompts that show no essays, and of tokens and time.
    """

    judge: Judge
    manners: Manners
    seed: int


def answer(who: Respondent, asked: Asked, token: str, *, spoiling: Spoiling | None, odd_lines: bool) -> Answer:
    """Let the judge answer.

    Args:
        who: Who answers.
        asked: The request.
        token: What the answer's ids are made of.
        spoiling: How the answer is spoiled, or None.
        odd_lines: Whether free text contains raw line separators.
    """
    pair = read_essay_pair(asked.user_text)
    text = _text(asked, _judgement(who, asked, pair, odd_lines=odd_lines), spoiling)
    outcome: Outcome = spoiling or "ok"
    if spoiling == "truncated":
        text = text[: len(text) // 2]
    elif asked.max_tokens is not None and tokens(text) > asked.max_tokens:
        text, outcome = text[: asked.max_tokens * CHARS_PER_TOKEN], "truncated"
    question = (who.seed, asked.model, *((pair.essay_a, pair.essay_b) if pair else (asked.user_text,)))
    return Answer(
        text=text,
        outcome=outcome,
        input_tokens=who.manners.input_tokens(asked.system + asked.user_text, asked.input_tokens),
        output_tokens=who.manners.output_tokens(text, *question),
        token=token,
        nonce=first_nonce(asked.user_text),
        latency_s=who.manners.latency_s(*question),
        kept=who.manners.kept(asked.model, asked.beginning),
        reasoning_tokens=who.manners.counts.reasoning if who.manners.counts else 0,
    )


def _judgement(who: Respondent, asked: Asked, pair: EssayPair | None, *, odd_lines: bool) -> Judgement:
    judge, seed = who.judge, who.seed
    if pair is None:
        found = judge_without_essays(seed, asked.model, asked.user_text)
    else:
        found = judge.decide(Question(pair.essay_a, pair.essay_b, asked.model, pair.nonce, asked.user_text))
    if odd_lines:
        return Judgement(found.first_wins, found.clearness, found.reason + answers.LINE_SEPARATORS)
    return found


def _text(asked: Asked, judgement: Judgement, spoiling: Spoiling | None) -> str:
    if spoiling == "refused":
        return answers.REFUSAL
    if spoiling == "unreadable":
        return answers.UNREADABLE
    if asked.schema is None:
        return answers.plain_sentence(judgement)
    return answers.render(asked.schema, judgement)


def bill(provider: Provider, model: str, body: JsonObject, found: Answer) -> BilledAnswer:
    """Return what an answer is charged for; a row of a batch job has yet to get its names."""
    return BilledAnswer(
        provider=provider,
        job_id=None,
        custom_id=None,
        body_sha256=hashlib.sha256(canonical(body)).hexdigest(),
        model=model,
        input_tokens=found.input_tokens,
        output_tokens=found.output_tokens,
        outcome=found.outcome,
        nonce=found.nonce,
        cached_tokens=found.kept.read,
        cache_write_tokens=found.kept.written,
        reasoning_tokens=found.reasoning_tokens,
    )


def answer_token(seed: int, *parts: object) -> str:
    """Return the token of an answer to the request that the parts name."""
    return chance.token("answer", seed, *parts)
