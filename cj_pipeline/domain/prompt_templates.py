"""The default texts of prompts by language, as data beside this module, and what a template of one's own must hold."""

import string
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_LANGUAGES: Final = {
    "en": {"en": "English", "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish", "de": "German",
           "fr": "French", "es": "Spanish", "nl": "Dutch"},
    "sv": {"sv": "svenska"},
}  # fmt: skip

REQUIRED_FIELDS: Final = ("task", "rubric", "reason_max", "strengths")
"""Fields that every context template must hold; `language` may be left out."""

_PARTS: Final = ("system", "context", "question")
_KNOWN_FIELDS: Final = {*REQUIRED_FIELDS, "language"}


@dataclass(frozen=True, slots=True)
class Templates:
    """The texts of one language.

    Attributes:
        language: Language they are written in, ISO 639-1.
        system: Role and ground rules.
        context: Task, criteria and answer format, with fields to fill in.
        question: What stands after the essays.
    """

    language: str
    system: str
    context: str
    question: str

    def name_of(self, language: str) -> str:
        """How this language calls another one."""
        return _LANGUAGES[self.language].get(language, f'the language with code "{language}"')


@cache
def default_templates(language: str) -> Templates:
    """The default texts for essays in a language; English ones where there are none of its own."""
    own = language if language in _LANGUAGES else "en"
    folder = files("cj_pipeline.domain").joinpath("prompts")
    texts = (
        folder.joinpath(f"{own}.{part}.md").read_text("utf-8").strip() for part in ("system", "context", "question")
    )
    return Templates(own, *texts)


def template_faults(template: str) -> list[str]:
    """What is wrong with a context template, empty if nothing."""
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError as error:
        return [f"cannot be filled in ({error}); write {{{{ and }}}} for braces that are meant as such"]
    missing = [f"{{{name}}}" for name in REQUIRED_FIELDS if name not in found]
    unknown = [f"{{{name}}}" for name in sorted(found - _KNOWN_FIELDS)]
    faults = [f"lacks {', '.join(missing)}"] if missing else []
    return faults + ([f"has unknown fields {', '.join(unknown)}"] if unknown else [])
