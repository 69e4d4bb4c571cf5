"""Which pair each open page shows, so that a page holds no id of an essay and no decision is written twice."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_MOST_OPEN: Final = 10_000
"""Pages remembered at a time; the oldest is forgotten first, and is then shown anew instead of saved."""


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A pair on an open page.

    Attributes:
        judge: Who sees it.
        pair: Essay shown first, essay shown second.
        shown_at: Since when.
    """

    judge: str
    pair: tuple[str, str]
    shown_at: datetime


class OpenTurns:
    """The pairs on open pages, by a token that only the page knows."""

    def __init__(self) -> None:
        self._open: dict[str, OpenTurn] = {}

    def show(self, turn: OpenTurn) -> str:
        """Remember a page; returns its token."""
        token = secrets.token_urlsafe(16)
        self._open[token] = turn
        while len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]
        return token

    def take(self, token: str, judge: str) -> OpenTurn | None:
        """The page of that token, once; None where it was used before, or is not this judge's."""
        turn = self._open.get(token)
        if turn is None or turn.judge != judge:
            return None
        return self._open.pop(token)
