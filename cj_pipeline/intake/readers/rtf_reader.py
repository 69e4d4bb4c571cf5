"""Rich text (.rtf), by striprtf."""

import re
from typing import Final

from striprtf.striprtf import font_table_group, rtf_to_text

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.paragraphs import joined

_LINE: Final = "\ue000"
"""Stands for a line break while striprtf, which makes it and the end of a paragraph the same, does its work."""

_LINE_WORD: Final = re.compile(r"\\line(?![a-z]) ?")
_GROUP: Final = re.compile(r"(?<!\\)\{")
_FONT: Final = re.compile(r"\\f(\d{1,5})(?!\w)[^{};]{0,200}?\\fcharset(\d{1,3})(?!\d)")
_MOST_FONTS: Final = 2_000


def read_rtf(data: bytes) -> str:
    """Text of a rich text file.

    Raises:
        ConfigurationError: The file does not begin as rich text does, or its table of fonts has no end.
    """
    source = data.decode("cp1252", "replace")
    if not source.lstrip().startswith(r"{\rtf"):
        raise ConfigurationError("is not rich text; open it in Word or LibreOffice and save it as .docx.")
    # striprtf looks for links with a pattern that takes the square of a line's length. With every group on a line of
    # its own (line ends mean nothing in rich text) it finds none: their words are read, their addresses are not.
    lines = _GROUP.sub("\n{", _plain_fonts(_LINE_WORD.sub(_LINE, source)))
    text = rtf_to_text(lines, errors="replace")
    return joined(paragraph.replace(_LINE, "\n") for paragraph in text.split("\n"))


def _plain_fonts(source: str) -> str:
    """The source with nothing in its table of fonts but their character sets: in another one striprtf may get lost."""
    group = font_table_group(source)
    if not group:
        return source
    if group.count("{") != group.count("}"):
        raise ConfigurationError("is damaged (fonts); open it in the program it was made with and save it again.")
    fonts = "".join(rf"{{\f{number}\fcharset{charset} x;}}" for number, charset in _FONT.findall(group)[:_MOST_FONTS])
    return source.replace(group, rf"{{\fonttbl{fonts}}}", 1)
