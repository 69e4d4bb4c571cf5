"""Names that columns go by in schools' tables, in English and Swedish."""

from collections.abc import Iterable, Mapping
from typing import Final

from cj_pipeline.domain.roster import bare

ROSTER: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "name",
        "full name",
        "student",
        "student name",
        "pupil",
        "candidate name",
        "namn",
        "elev",
        "elevens namn",
        "elevnamn",
        "fullständigt namn",
    ),
    "given": ("first name", "given name", "firstname", "forename", "givenname", "förnamn", "tilltalsnamn"),
    "surname": ("last name", "surname", "lastname", "family name", "familyname", "efternamn"),
    "id": (
        "id",
        "student id",
        "studentid",
        "pupil id",
        "student number",
        "candidate number",
        "candidate id",
        "sis id",
        "sourcedid",
        "username",
        "user name",
        "upn",
        "elev-id",
        "elevid",
        "elevnummer",
        "personnummer",
        "personnr",
        "pnr",
        "person number",
        "personal number",
        "användarnamn",
        "konto",
    ),
    "class": ("class", "group", "form", "section", "course", "class name", "klass", "grupp", "undervisningsgrupp"),
    "school": ("school", "school name", "skola", "skolenhet", "skolnamn"),
    "email": ("email", "e-mail", "email address", "mail", "e-post", "epost", "e-postadress", "mejl"),
    "phone": ("phone", "telephone", "mobile", "cell", "phone number", "telefon", "mobil", "telefonnummer", "tel"),
    "address": ("address", "home address", "street", "adress", "gatuadress", "hemadress", "postadress"),
}
"""Columns of a roster; a name may stand in one column or in two."""

ESSAY_TEXT: Final = ("text", "full text", "essay", "essay text", "answer", "response", "content", "uppsats", "svar")
ESSAY_ID: Final = (
    "essay id",
    "id",
    "text id",
    "script",
    "script id",
    "file",
    "filename",
    "file name",
    "uppsats-id",
    "fil",
)
GRADE: Final = ("grade", "anchor grade", "betyg", "provbetyg", "score", "overall", "mark", "poäng")


def matched(columns: Iterable[str], known: Iterable[str]) -> str | None:
    """The first column that goes by one of the names, the names in their order; None if none does."""
    by_name = {bare(column): column for column in reversed(list(columns))}
    return next((by_name[bare(name)] for name in known if bare(name) in by_name), None)
