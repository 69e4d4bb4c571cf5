"""Tables as templates show them: cells of text, some with a link, a language of their own or a mark."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Attributes:
        text: What it says.
        href: Where it leads; empty: nowhere.
        lang: Language of the text, where it is not the report's.
        is_number: Whether it is set as a number.
        is_marked: Whether it stands out.
    """

    text: str
    href: str = ""
    lang: str = ""
    is_number: bool = False
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        head: Column names.
        rows: Its rows; the first cell names the row.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)


def number(text: str) -> Cell:
    """A cell that holds a number."""
    return Cell(text, is_number=True)
