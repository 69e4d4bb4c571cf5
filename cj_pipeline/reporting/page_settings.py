"""Variables of the environment about what Dagster's pages say: who is responsible, and where the documentation is."""

import re
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, Field

from cj_pipeline.errors import ConfigurationError

_TEAM: Final = "team:assessment"
_OWNER: Final = re.compile(r"team:[A-Za-z0-9_]+|[^@\s:,]+@[^@\s,]+\.[A-Za-z]{2,}")


class PageVariables(BaseModel):
    """The variables by name, with their defaults."""

    CJ_OWNERS: str = Field(
        default=_TEAM,
        description="Who is responsible, as the pages of all assets say it: teams (team:name) and e-mail addresses, "
        "separated by commas.",
    )
    CJ_DOCS_URL: str = Field(
        default="",
        description="Where the folder docs of this project can be read in a browser; the pages of assets link to it. "
        "Default: the files beside the code.",
    )


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What Dagster's pages say.

    Attributes:
        owners: Teams and e-mail addresses.
        docs_url: Address of the documentation, without a slash at its end; empty: the files beside the code.
    """

    owners: tuple[str, ...] = (_TEAM,)
    docs_url: str = ""


def read_pages(env: PageVariables) -> PageOptions:
    """What pages say.

    Raises:
        ConfigurationError: An owner is neither a team nor an e-mail address, or the address is none.
    """
    owners = tuple(part.strip() for part in env.CJ_OWNERS.split(",") if part.strip())
    faults = [
        f"environment variable CJ_OWNERS: {owner!r} is neither an e-mail address nor a team. Write team:name, with "
        "letters, digits and underscores."
        for owner in owners
        if not _OWNER.fullmatch(owner)
    ]
    if env.CJ_DOCS_URL and not env.CJ_DOCS_URL.startswith(("https://", "http://")):
        faults.append("environment variable CJ_DOCS_URL: must begin with https:// (or http://).")
    if faults:
        raise ConfigurationError(faults)
    return PageOptions(owners, env.CJ_DOCS_URL.rstrip("/"))
