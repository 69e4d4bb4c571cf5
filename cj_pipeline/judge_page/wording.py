"""What the judging page says, by language. English serves every language that is not here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ENGLISH: Final = {
    "lang": "en",
    "title": "Which essay is better?",
    "your_name": "Your name or initials",
    "name_help": "It stands beside your decisions, so that judges can be compared. It stays on this machine.",
    "begin": "Begin",
    "judging_as": "Judging as",
    "task": "The task and what counts",
    "essay_a": "Essay A",
    "essay_b": "Essay B",
    "a_better": "A is better",
    "b_better": "B is better",
    "equal": "Equally good",
    "undo": "Undo my last decision",
    "key_help": "Keys: left arrow for A, right arrow for B",
    "key_help_tie": ", down arrow with Shift for equally good",
    "key_help_undo": ", Ctrl+Z to undo.",
    "progress": "{mine} of {assigned} pairs judged by you; {judged} judged by anybody.",
    "saved": "Your decision is saved.",
    "undone": "Your last decision was taken back; here is the pair again, or another one.",
    "nothing_to_undo": "There is no decision of yours to take back.",
    "again": "That page was no longer current; nothing was saved from it.",
    "done_title": "Thank you, that was all",
    "done": "You have judged every pair that is assigned to people. You can close this page.",
    "none_assigned": "No pair is assigned to people: people_share in assessment.yaml is 0.",
    "name_missing": "Please write a name or initials, at most 100 characters.",
}

_SWEDISH: Final = {
    "lang": "sv",
    "title": "Vilken text är bäst?",
    "your_name": "Ditt namn eller dina initialer",
    "name_help": "Det står vid dina beslut, så att bedömare kan jämföras. Det stannar på den här datorn.",
    "begin": "Börja",
    "judging_as": "Bedömare:",
    "task": "Uppgiften och vad som räknas",
    "essay_a": "Text A",
    "essay_b": "Text B",
    "a_better": "A är bättre",
    "b_better": "B är bättre",
    "equal": "Lika bra",
    "undo": "Ångra mitt senaste beslut",
    "key_help": "Tangenter: vänsterpil för A, högerpil för B",
    "key_help_tie": ", skift och nedåtpil för lika bra",
    "key_help_undo": ", Ctrl+Z för att ångra.",
    "progress": "Du har bedömt {mine} av {assigned} par; {judged} är bedömda av någon.",
    "saved": "Ditt beslut är sparat.",
    "undone": "Ditt senaste beslut är borttaget; här är paret igen, eller ett annat.",
    "nothing_to_undo": "Det finns inget beslut av dig att ångra.",
    "again": "Sidan var inte längre aktuell; inget sparades från den.",
    "done_title": "Tack, det var allt",
    "done": "Du har bedömt alla par som människor ska bedöma. Du kan stänga sidan.",
    "none_assigned": "Inget par ska bedömas av människor: people_share i assessment.yaml är 0.",
    "name_missing": "Skriv ett namn eller initialer, högst 100 tecken.",
}

_BY_LANGUAGE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"en": _ENGLISH, "sv": _SWEDISH})


def wording(language: str) -> Mapping[str, str]:
    """The texts of the page.

    Args:
        language: ISO 639-1 code of the essays' language.
    """
    return _BY_LANGUAGE.get(language, _ENGLISH)
