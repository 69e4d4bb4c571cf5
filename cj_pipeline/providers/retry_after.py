"""How long a provider asks us to wait, from the headers of its answer. Pure."""

import math
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; None where the provider does not say.

    `Retry-After` is a number or a date. A date is counted from the answer's own `Date`, so that the two clocks need
    not agree.
    """
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        return _until(text, headers.get("date", ""))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _until(text: str, sent: str) -> float | None:
    at, start = _date(text), _date(sent)
    if at is None or start is None:
        return None
    return max((at - start).total_seconds(), 0.0)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone cannot be set against another.
    return found if found.tzinfo else None
