"""From the printed lines of a PDF back to paragraphs: a PDF knows where letters stand, and nothing of paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

_WIDER_GAP: Final = 1.3
"""Two lines further apart than this, in usual distances, belong to two paragraphs."""

_INDENT: Final = 0.8
"""Least indent of a first line, in heights of a line."""

_SLACK: Final = 0.3
"""How far a line may stand from where it would have broken, in heights of a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, lengths in points.

    Attributes:
        page: Page, from 0.
        text: What is printed.
        left: Where it begins.
        right: Where it ends.
        baseline: How high on the page its letters stand, whatever their size.
        height: Height of its letters' boxes.
        first_word: Width of its first word, with a space before it.
        hyphenated: Whether its last word is broken by a hyphen that is no part of it.
    """

    page: int
    text: str
    left: float
    right: float
    baseline: float
    height: float
    first_word: float
    hyphenated: bool = False


def paragraphs_of(lines: Sequence[Line]) -> list[str]:
    r"""Paragraphs, with `\n` where a writer ended a line before the margin.

    A printer breaks a line only where the next word has no room. So a line that had room for it was ended by its
    writer; all others run on.

    Args:
        lines: Lines in reading order, none empty.
    """
    if not lines:
        return []
    edge = max(line.right for line in lines)
    usual = _usual_gap(lines, edge)
    body = median(line.left for line in lines)
    found = [lines[0].text]
    for above, below in pairwise(lines):
        ended = _is_ended(above, below, edge)
        if _is_apart(above, below, usual, body=body, ended=ended):
            found.append(below.text)
        elif above.hyphenated:
            found[-1] += below.text
        else:
            found[-1] += ("\n" if ended else " ") + below.text
    return found


def _is_ended(above: Line, below: Line, edge: float) -> bool:
    return above.right + below.first_word + _SLACK * above.height < edge


def _usual_gap(lines: Sequence[Line], edge: float) -> float:
    """The distance of lines within a paragraph: that of those that run on, where it is less than of all.

    In a short text most lines may be the last of their paragraphs, so that the usual distance would be the wider one.
    """
    pairs = [(above, below) for above, below in pairwise(lines) if _follows(above, below)]
    gaps = [above.baseline - below.baseline for above, below in pairs]
    run_on = [gap for gap, pair in zip(gaps, pairs, strict=True) if not _is_ended(*pair, edge)]
    return min(median(found) for found in (gaps or [0.0], run_on or gaps or [0.0]))


def _follows(above: Line, below: Line) -> bool:
    return above.page == below.page and above.baseline > below.baseline


def _is_apart(above: Line, below: Line, usual: float, *, body: float, ended: bool) -> bool:
    indented = below.left > body + _INDENT * below.height and below.left > above.left + _INDENT * below.height
    if not _follows(above, below):
        # Another page or column: nothing but the end of the line tells.
        return ended or indented
    return above.baseline - below.baseline > _WIDER_GAP * usual or indented
