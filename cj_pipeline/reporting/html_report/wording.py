"""What the report says, by language. English serves every language that is not here."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "sv")
"""Languages of the report."""


@cache
def wording(language: str) -> dict[str, Any]:
    """The texts of the report, with places for figures in braces.

    Args:
        language: ISO 639-1 code.
    """
    known = language if language in LANGUAGES else LANGUAGES[0]
    text = files("cj_pipeline.reporting.html_report").joinpath(f"wording_{known}.json").read_text("utf-8")
    return dict(json.loads(text))
