"""Rich text (.rtf), by striprtf."""

import re
from typing import Final

from striprtf.striprtf import rtf_to_text

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.paragraphs import joined

_LINE: Final = "\ue000"
"""Stands for a line break while striprtf, which makes it and the end of a paragraph the same, does its work."""

_LINE_WORD: Final = re.compile(r"\\line(?![a-z]) ?")


def read_rtf(data: bytes) -> str:
    """Text of a rich text file.

    Raises:
        ConfigurationError: The file does not begin as rich text does.
    """
    source = data.decode("cp1252", "replace")
    if not source.lstrip().startswith(r"{\rtf"):
        raise ConfigurationError("is not rich text; open it in Word or LibreOffice and save it as .docx.")
    text = rtf_to_text(_LINE_WORD.sub(_LINE, source), errors="replace")
    return joined(paragraph.replace(_LINE, "\n") for paragraph in text.split("\n"))
