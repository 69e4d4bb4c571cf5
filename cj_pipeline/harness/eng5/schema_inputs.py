"""The artefact's account of what went in: metadata and inputs. Shapes only."""

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from cj_pipeline.domain.batching_mode import BatchingMode

RunnerMode = Literal["dry-run", "execute", "anchor-align", "boundary"]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1)]

SCHEMA_VERSION: Final = "1.0.0"
"""The middle number rises when keys are added, the first when a key changes its meaning or goes."""


class Part(BaseModel):
    """A part of an artefact: immutable, every key known, every number finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class JudgeEntry(Part):
    """A judge as it was asked."""

    provider: Name = Field(description="Whose model.")
    model: Name = Field(description="The provider's name of the model.")
    account: Name = Field(description="Who was asked: a host name, or `emulator`.")
    share: float = Field(gt=0, description="Relative share of the comparisons.")
    max_output_tokens: int = Field(ge=1, description="Output allowance per request.")
    temperature: float | None = Field(description="Sampling temperature; null: not sent.")
    reasoning_effort: str | None = Field(description="How much the model may reason; null: not sent.")
    verbosity: str | None = Field(description="How long the model should write; null: not sent.")


class Metadata(Part):
    """What was run, when, and by which version."""

    assignment_id: Name = Field(description="The assignment; the assessment's name unless another was given.")
    course_id: Name = Field(description="The course.")
    assessment: Name = Field(description="Name of the assessment that was run.")
    title: Name = Field(description="Its title.")
    grade_scale: Name = Field(description="Scale of the anchors' grades.")
    grades: tuple[Name, ...] = Field(
        min_length=2, description="Labels an essay can get, lowest first, what lies below the lowest grade included."
    )
    runner_version: Name = Field(description="Version of the program.")
    git_sha: str | None = Field(description="Commit of the checkout it ran from; null outside a checkout.")
    generated_at: AwareDatetime = Field(description="When the artefact was made.")
    runner_mode: RunnerMode = Field(description="What the runner was asked to do.")
    llm_batching_mode: BatchingMode = Field(description="How comparisons reach the models.")
    llm_batching_mode_source: Name = Field(
        description="Who chose the mode: run_override, assessment, settings, default."
    )
    max_comparisons: int = Field(ge=1, description="Most comparisons that may be planned.")
    pair_design: Name = Field(description="Which essays meet.")
    seed: int = Field(ge=0, description="Seed of the pair set.")
    language: Name = Field(description="Language of the essays.")
    judges: tuple[JudgeEntry, ...] = Field(min_length=1, description="Who was asked.")
    judging_session: str | None = Field(
        description="Name of the judging session in the ledger; null if none was opened."
    )
    synthetic: bool = Field(description="Whether a synthetic judge (the emulator) answered.")


class TextInput(Part):
    """A text that was part of every prompt."""

    path: Name = Field(description="Where it stands, relative to the assessment's folder; after # the key.")
    sha256: Sha256 = Field(description="SHA-256 of the content.")
    content: Name = Field(description="The text.")


class PromptReference(TextInput):
    """What a judge is asked, without the essays."""

    version: Name = Field(description="Version of the prompt's form.")
    prompt_hash: Sha256 = Field(description="SHA-256 of all that a judge is asked apart from the essays.")
    rubric_sha256: Sha256 = Field(description="SHA-256 of the rubric.")


class EssayInput(Part):
    """An essay as it was read."""

    essay_id: Name = Field(description="Name within the assessment.")
    path: Name = Field(description="Its file, relative to the assessment's folder.")
    sha256: Sha256 = Field(description="SHA-256 of the file.")
    text_sha256: Sha256 = Field(description="SHA-256 of the text as it is judged.")
    n_words: int = Field(ge=0, description="Words, split at white space.")


class AnchorInput(EssayInput):
    """An anchor essay."""

    grade: Name = Field(description="Its known grade.")


class Inputs(Part):
    """Everything that was read, with digests."""

    instructions: TextInput = Field(description="The task as the students were given it.")
    prompt_reference: PromptReference = Field(description="The prompt.")
    anchors: tuple[AnchorInput, ...] = Field(description="Essays of known grade.")
    students: tuple[EssayInput, ...] = Field(description="Essays without one.")
