"""Knowing a file of decisions by its header.

Names of columns are compared without regard to case, spaces, dots, dashes and underscores, so `Time.Taken` and
`time_taken` are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cj_pipeline.domain.decision_conventions import CONVENTIONS, Convention
from cj_pipeline.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file has what.

    Attributes:
        convention: The kind of file.
        cells: Place of every column that says something about the verdict, by role.
        judge: Place of the judge's column, or None.
        duration: Place of the column of durations with its unit in seconds, or None.
        time: Place of the column of times, or None.
    """

    convention: Convention
    cells: Mapping[str, int]
    judge: int | None
    duration: tuple[int, float] | None
    time: int | None


def layout_of(header: Sequence[str], source: str) -> Layout:
    """Know a kind of decisions file by its header.

    Args:
        header: Names of the columns.
        source: What the file is called in messages.

    Raises:
        ConfigurationError: The header fits none, or two kinds that name the essays in different columns, or a column
            that counts is there twice; with what was found and what is accepted.
    """
    places = _places(header)
    found = [layout for c in CONVENTIONS if (layout := _layout(c, places))]
    if not found:
        raise ConfigurationError(_unknown(header, source))
    best = found[0]
    rivals = [
        x for x in found[1:] if (x.cells["first"], x.cells["second"]) != (best.cells["first"], best.cells["second"])
    ]
    if rivals:
        names = " or ".join(f"{_columns(x.convention)} ({x.convention.name})" for x in (best, rivals[0]))
        raise ConfigurationError(f"{source}:1: the columns can be read in two ways, {names}; remove those of one.")
    twice = [header[i] for i in best.cells.values() if len(places[_plain(header[i])]) > 1]
    if twice:
        raise ConfigurationError(f"{source}:1: the column {twice[0]} is there twice; keep one.")
    return best


def _layout(convention: Convention, places: Mapping[str, Sequence[int]]) -> Layout | None:
    cells = {role: _place(names, places) for role, names in convention.needs.items()}
    if None in cells.values():
        return None
    further = {role: _place(names, places) for role, names in convention.may_have.items()}
    durations = [
        (places[_plain(name)][0], unit) for name, unit in convention.duration.items() if _plain(name) in places
    ]
    return Layout(
        convention,
        {role: place for role, place in (cells | further).items() if place is not None},
        _place(convention.judge, places),
        durations[0] if durations else None,
        _place(convention.time, places),
    )


def _place(names: Sequence[str], places: Mapping[str, Sequence[int]]) -> int | None:
    return next((places[_plain(name)][0] for name in names if _plain(name) in places), None)


def _places(header: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, name in enumerate(header):
        places.setdefault(_plain(name), []).append(i)
    return places


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _columns(convention: Convention) -> str:
    return ",".join(names[0] for names in convention.needs.values())


def _unknown(header: Sequence[str], source: str) -> str:
    found = ", ".join(name.strip() or "(nameless)" for name in header) or "none"
    kinds = "".join(f"\n  {_columns(c)}   ({c.name})" for c in CONVENTIONS)
    return (
        f"{source}:1: these columns are no decisions that can be read: {found}. Rename them as one of these kinds has "
        f"them (further columns do no harm, docs/reference/decisions-files.md):{kinds}"
    )
