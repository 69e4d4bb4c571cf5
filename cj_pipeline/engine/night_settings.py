"""Variables of the environment about nights."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, Field, field_validator


class NightVariables(BaseModel):
    """The variables by name, with their defaults."""

    CJ_NIGHT_HOUR: int = Field(
        default=2, ge=0, le=23, description="Hour at which the nightly_submission_sensor, once switched on, submits."
    )
    CJ_NIGHT_TIME_ZONE: str = Field(default="UTC", description="Where that hour is, for example Europe/Stockholm.")
    CJ_NIGHT_BUDGET_USD: float | None = Field(
        default=None,
        gt=0,
        description="Most that everything submitted in one night may cost, US dollars, on top of the limit of every "
        "assessment; unset: nothing is submitted at night.",
    )

    @field_validator("CJ_NIGHT_TIME_ZONE")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no known time zone; name one like Europe/Stockholm")
        return value


@dataclass(frozen=True, slots=True)
class NightOptions:
    """When nights begin, and what they may cost.

    Attributes:
        hour: Hour of the day.
        zone: Where that hour is.
        budget_usd: Most that one night may cost; None: nothing is submitted.
    """

    hour: int = 2
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    budget_usd: float | None = None


def read_night(env: NightVariables) -> NightOptions:
    """The variables as options."""
    return NightOptions(env.CJ_NIGHT_HOUR, ZoneInfo(env.CJ_NIGHT_TIME_ZONE), env.CJ_NIGHT_BUDGET_USD)
