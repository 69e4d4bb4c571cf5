"""One file in, its text or its rows out. Whatever a library raises becomes the project's own error."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.decoding import decode
from cj_pipeline.intake.readers.kinds import Kind, kind_of

MOST_CHARS: Final = 200_000
"""Characters of the longest essay, some 35,000 words."""

Result = TypeVar("Result")

if TYPE_CHECKING:
    from cj_pipeline.intake.readers.rows import Table


def read_document(suffix: str, data: bytes) -> str:
    """Text of an essay's file.

    Args:
        suffix: Ending of its name, small letters, with the dot.
        data: The whole file.

    Raises:
        ConfigurationError: What is wrong and what to do, as a clause without a subject.
    """
    return _guarded(lambda: _text(suffix, data))


def read_rows(suffix: str, data: bytes, sheet: str = "") -> "Table":
    """Rows of a table's file; raises as `read_document` does."""
    from cj_pipeline.intake.readers.rows import read_table  # noqa: PLC0415 (loads pyarrow)

    return _guarded(lambda: read_table(kind_of(suffix, data), data, sheet))


def _text(suffix: str, data: bytes) -> str:
    if not data.strip():
        raise ConfigurationError("the essay is empty; add its text or remove the file.")
    kind = kind_of(suffix, data)
    text = _reader(kind)(data)
    if not text.replace("\ufeff", "").strip():
        raise ConfigurationError("the essay is empty; add its text or remove the file.")
    if len(text) > MOST_CHARS:
        raise ConfigurationError(
            f"holds {len(text):,} characters; an essay has {MOST_CHARS:,} at most. Keep what is to be judged."
        )
    return text.encode("utf-8", "replace").decode()


def _reader(kind: Kind) -> Callable[[bytes], str]:
    match kind:
        case Kind.PLAIN:
            return decode
        case Kind.DOCX:
            from cj_pipeline.intake.readers.docx_reader import read_docx  # noqa: PLC0415 (only where it is met)

            return read_docx
        case Kind.ODT:
            from cj_pipeline.intake.readers.odt_reader import read_odt  # noqa: PLC0415 (only where it is met)

            return read_odt
        case Kind.PDF:
            from cj_pipeline.intake.readers.pdf_reader import read_pdf  # noqa: PLC0415 (only where it is met)

            return read_pdf
        case Kind.HTML:
            from cj_pipeline.intake.readers.html_reader import read_html  # noqa: PLC0415 (only where it is met)

            return read_html
        case Kind.RTF:
            from cj_pipeline.intake.readers.rtf_reader import read_rtf  # noqa: PLC0415 (only where it is met)

            return read_rtf
        case _:
            raise ConfigurationError(f"is a table ({kind}); name it under essay_table in assessment.yaml.")


def _guarded(read: Callable[[], Result]) -> Result:
    try:
        return read()
    except ConfigurationError:
        raise
    except MemoryError as error:
        raise ConfigurationError("takes too much memory to read; copy its text into a new file.") from error
    except Exception as error:  # libraries raise whatever a broken file leads them to
        raise ConfigurationError(
            f"is damaged ({type(error).__name__}); open it in the program it was made with and save it again."
        ) from error
