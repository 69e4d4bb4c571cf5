"""Paragraphs and line breaks as every reader gives them: an empty line between paragraphs, a line end for a break."""

from collections.abc import Iterable


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs with one empty line between them; empty ones are left out."""
    stripped = (paragraph.strip() for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in stripped if paragraph)
