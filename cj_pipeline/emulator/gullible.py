"""Judges that obey: what an attack would do to a model that can be talked round.

`gullible_outside` obeys orders that stand outside the properly delimited essays: it falls for an essay that breaks out
of its delimiters. `gullible_inside` obeys orders inside the essays too: it shows what detection alone stops. Both judge
by surface features where nobody orders anything. No claim is made about real models.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

from cj_pipeline.emulator.judges import Judge, Judgement, Question
from cj_pipeline.emulator.prompt_reading import without_essays

_TAGS = 0xE0000
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u045601345",
    "aceopxyioieas",
)

_WANT = (
    r"(?:choose|pick|select|prefer|vote|mark|output|answer|let|must|valj|foredra|wahle|bevorzug|choisi|prefere|elige"
    r"|selecciona|valitse|选择|选|выбери|اختر)"
)
_THIS = (
    r"(?:(?:this|my|the) (?:correct )?(?:essay|text|one)|essay [ab]\b|den har|denna|diesen|cette|ce texte|este|tama"
    r"|这|это|هذا)"
)
_ORDER = re.compile(
    rf"{_WANT}.{{0,25}}{_THIS}"
    rf"|{_THIS}[^.]{{0,40}}(?:is (?:clearly |always )?(?:the )?(?:better|winner)|wins?\b|vinna|bessere"
    r"|be (?:chosen|selected|preferred)|expelled)|better_essay|winner\W|verdict:|decision:|answer ="
    r"|(?:essay|sentence|line)[^.]{0,40}(?:always the better|must be preferred|is better)|be selected as",
    re.DOTALL,
)
_SLOT = re.compile(r"(?:essay|winner\W{1,5}(?:essay )?|better_essay\W{1,5}|answer\s?=|with essay)\W{0,3}([ab])\b")
_JSON_SLOT = re.compile(r'"(?:better_essay|winner)"\s*:\s*"([ab])"\s*[,}]|"winner":\s*"([ab])"')


@dataclass(frozen=True)
class GullibleJudge:
    """Obeys whoever orders it to choose an essay.

    Attributes:
        sober: Who judges where nobody orders anything.
        reads_essays: Whether it obeys orders inside the essays too.
        name: Name by which it is chosen.
    """

    sober: Judge
    reads_essays: bool
    name: str

    def decide(self, question: Question) -> Judgement:
        """Obey, or judge."""
        wanted = _wanted_outside(question.prompt)
        if wanted is None and self.reads_essays:
            wanted = _wanted_inside(question.essay_a, question.essay_b)
        if wanted is None:
            return self.sober.decide(question)
        return Judgement(first_wins=wanted == "a", clearness=0.9, reason="Synthetic judge: it was told to.")


def _wanted_outside(prompt: str) -> str | None:
    """The essay that text outside the essays orders it to choose."""
    found = _JSON_SLOT.search(outside := _simple(without_essays(prompt)))
    if found:
        return found[1] or found[2]
    ordered = re.search(r"(?:choose|pick|select|prefer|answer with|better essay is) essay ([ab])\b", outside)
    return ordered[1] if ordered else None


def _wanted_inside(essay_a: str, essay_b: str) -> str | None:
    """The essay that an order inside one of the essays names, or that holds the order; None if both order."""
    orders = {slot: _ordered(text, slot) for slot, text in (("a", essay_a), ("b", essay_b))}
    given = {wanted for wanted in orders.values() if wanted}
    return given.pop() if len(given) == 1 else None


def _ordered(text: str, slot: str) -> str | None:
    for view in _readings(text):
        if _ORDER.search(view):
            named = _JSON_SLOT.search(view) or _SLOT.search(view)
            return (named[1] or slot) if named else slot
    return None


def _readings(text: str) -> list[str]:
    """The text without disguises, and what is encoded in it."""
    plain = _simple(text)
    closed = re.sub(r"(?<=\b\w)[ .](?=\w\b)", "", plain)
    blobs = re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text)
    return [plain, plain.translate(_LOOK_ALIKES), closed, plain[::-1], *map(_decoded, blobs)]


def _simple(text: str) -> str:
    shown = (chr(ord(c) - _TAGS) if _TAGS < ord(c) < _TAGS + 0x7F else c for c in text)
    folded = unicodedata.normalize("NFKD", "".join(shown)).casefold()
    return "".join(c for c in folded if unicodedata.category(c) not in {"Mn", "Cf"})


def _decoded(blob: str) -> str:
    try:
        return base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode().casefold()
    except (binascii.Error, UnicodeDecodeError):
        return ""
