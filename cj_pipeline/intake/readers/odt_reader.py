"""OpenDocument texts (.odt), by odfdo."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from odfdo import Document, Element

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.archives import require_harmless
from cj_pipeline.intake.readers.paragraphs import joined

_PARAGRAPHS: Final = {"text:p", "text:h"}
_PASSED_OVER: Final = {"text:tracked-changes", "text:note", "office:annotation", "text:hidden-text", "office:forms"}
_SIGNS: Final = {"text:tab": "\t", "text:line-break": "\n"}
_MANIFEST: Final = "META-INF/manifest.xml"
_LOCKED: Final = b"encryption-data"
_MOST_SPACES: Final = 1000


def read_odt(data: bytes) -> str:
    """Text of an OpenDocument text: what a reader sees, without comments, notes and deleted text.

    Raises:
        ConfigurationError: It is locked with a password.
    """
    require_harmless(data)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if _MANIFEST in archive.namelist() and _LOCKED in archive.read(_MANIFEST):
            raise ConfigurationError("is locked with a password; save it without one.")
    document = Document(BytesIO(data))
    return joined(_paragraphs(document.body))


def _paragraphs(element: Element) -> Iterator[str]:
    for child in element.children:
        if child.tag in _PARAGRAPHS:
            yield "".join(_pieces(child))
        if child.tag not in _PASSED_OVER:
            yield from _paragraphs(child)


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.children:
        if child.tag == "text:s":
            count = str(child.get_attribute("text:c") or "1")
            yield " " * min(int(count), _MOST_SPACES)
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _PASSED_OVER | _PARAGRAPHS:
            yield from _pieces(child)
        yield child.tail or ""
