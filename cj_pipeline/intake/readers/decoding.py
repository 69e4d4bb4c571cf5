"""Bytes to text: which encoding a text file is in."""

import codecs
from typing import Final

from charset_normalizer import from_bytes

from cj_pipeline.errors import ConfigurationError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks; that of UTF-32 begins like that of UTF-16 and is looked for first."""

_ONE_BYTE: Final = ("cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp437", "cp850")
"""What a school's computers write where it is not Unicode; what is tried, and nothing else."""

_SAMPLE: Final = 50_000
_MOST_CONTROLS: Final = 0.01
_NUL_SHARE: Final = 0.2


def decode(data: bytes) -> str:
    """The text of a file: by its byte-order mark, else UTF-8, else UTF-16 by its zero bytes, else by its letters.

    Args:
        data: The whole file.

    Raises:
        ConfigurationError: The bytes are no text in any of these encodings. The message is a clause without a subject.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(data, _guessed(data))
    else:
        if "\x00" in text:
            text = _strict(data, _utf16_without_mark(data))
    return _plausible(text)


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"is not whole {name} text (byte {error.start}); open it in a text editor and save it as UTF-8."
        ) from error


def _guessed(data: bytes) -> str:
    if data[:_SAMPLE].count(0) > len(data[:_SAMPLE]) * _NUL_SHARE:
        return _utf16_without_mark(data)
    found = list(from_bytes(data[:_SAMPLE], cp_isolation=list(_ONE_BYTE), preemptive_behaviour=False))
    least = min((match.chaos for match in found), default=0.0)
    # Western Europe wherever it reads no worse than the best: texts are short and give the detector little to go by.
    if any("cp1252" in match.could_be_from_charset and match.chaos <= least for match in found):
        return "cp1252"
    return found[0].encoding if found else "latin-1"


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 by where its zero bytes stand.

    Raises:
        ConfigurationError: They stand everywhere: it is no text.
    """
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 2 * _NUL_SHARE or min(even, odd) > max(even, odd) // 10:
        raise ConfigurationError("holds binary data, not text; save it as plain UTF-8 text.")
    return "utf-16-le" if odd > even else "utf-16-be"


def _plausible(text: str) -> str:
    """The text, if it is one.

    Raises:
        ConfigurationError: More than one in a hundred characters is a control character.
    """
    controls = sum(ord(c) < 32 and c not in "\t\n\r\x0b\x0c\x1a" for c in text)  # noqa: PLR2004 (ASCII's controls)
    if "\x00" in text or controls > len(text) * _MOST_CONTROLS:
        raise ConfigurationError("holds binary data, not text; save it as plain UTF-8 text.")
    return text
