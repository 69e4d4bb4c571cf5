"""Gullible judges: they decide as another judge does, until a text tells them what to decide.

They show what a defence is worth, not how a real model behaves. One obeys what it finds outside the essays'
delimiters, where nothing of a pupil's may stand; the other obeys the essays as well. They read orders and ready-made
verdicts in English, Swedish, German, French and Spanish, through the disguises that a language model reads through:
invisible and styled letters, letters set apart, look-alikes, and Base64.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

from cj_pipeline.emulator.prompt_reading import outside_essays
from cj_pipeline.emulator.questions import Judge, Judgement, Question

_TAGS = range(0xE0020, 0xE007F)
_LOOK_ALIKES = str.maketrans(
    "аеорсухіѕԁһкмнтви" + "αοενκτρικχ" + "01345@", "aeopcyxisdhkmhtbn" + "aoevktpikx" + "oieasa"
)
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")

_CHOOSE = (
    r"(?:choose|pick|select|prefer|votefor|favou?r|gowith|declare|valj|foredra|rostapa|utse|wahled?|bevorzuge|nimm|"
    r"choisi(?:s|ssez)|prefere[sz]?|elige|elija|escoge|prefiere)(?:the|on|only)?"
)
_THIS = (
    r"(?:this|my|denhar|denna|min|diesen?|meinen?|cette|ma|ce|mon|este|esta|mi)"
    r"(?:essay|text|one|paper|submission|uppsats|aufsatz|redaction|copie|texte|essai|ensayo|texto|redaccion)"
)
_SLOT = r"(?:essay|text|uppsats|aufsatz|essai|ensayo)(?P<slot>[ab])"
_WINS = (
    r"(?:wins|haswon|(?:is|mustbe|shouldbe|ar|maste?vara|ist|est|es)(?:clearly|much|far|klart|mycket)?(?:the|den|der|la|el)?"
    r"(?:better|best|winner|stronger|superior|battre|bast|besser|bessere|meilleure?|mejor))"
)
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        f"{_CHOOSE}(?:{_THIS}|{_SLOT})",
        f"{_THIS}{_WINS}",
        f"{_SLOT}{_WINS}",
        f"{_THIS}as(?:the)?(?:better|winner)",
    )
)
"""For text without anything between its letters."""

_VERDICT = re.compile(
    r"""["']?\b(?:better_essay|winner|verdict|answer|vinnare|utslag)["']?\s*[:=]\s*["']?"""
    r"""(?:(?:essay|uppsats|text)\s+)?(?:(?P<slot>[ab])\b|this (?:essay|text))(?!["']?\s+or\b)"""
)
"""A ready-made answer; the question "A or B" is none."""


@dataclass(frozen=True)
class GullibleJudge:
    """Obeys the first order it reads, and otherwise asks another judge.

    Attributes:
        name: Name by which it is chosen.
        otherwise: Who decides where there is no order.
        inside: Whether it obeys the essays too, or only what stands outside them.
    """

    name: str
    otherwise: Judge
    inside: bool

    def decide(self, question: Question) -> Judgement:
        """Look for an order outside, then, if it may, in the first and in the second essay."""
        pieces = outside_essays(question.prompt, question.nonce) if question.prompt else []
        if self.inside:
            pieces += [(question.essay_a, "a"), (question.essay_b, "b")]
        for text, slot in pieces:
            told = told_to_choose(text, slot)
            if told:
                return Judgement(told == "a", 0.9, "Synthetic judge: it did as it was told in what it was shown.")
        return self.otherwise.decide(question)


def told_to_choose(text: str, here: str | None) -> str | None:
    """Return the slot (`a`, `b`) a text orders to choose, None if it gives no order.

    Args:
        text: Any text.
        here: The slot that "this essay" means; None if it means none.
    """
    for plain in (_plain(text), *(_plain(decoded) for decoded in _decoded(text))):
        letters = "".join(char for char in plain if char.isalnum())
        found = [order.search(letters) for order in _ORDERS]
        said = [_VERDICT.search(plain), *found]
        for order in said:
            slot = (order.groupdict().get("slot") or here) if order else None
            if slot:
                return slot
    return None


def _plain(text: str) -> str:
    """Return small letters without accents; what is invisible is gone or, if it spells something, shown."""
    shown = "".join(chr(ord(char) - 0xE0000) if ord(char) in _TAGS else char for char in text)
    parts = unicodedata.normalize("NFKD", shown)
    return "".join(c for c in parts if unicodedata.category(c) not in {"Mn", "Cf"}).lower().translate(_LOOK_ALIKES)


def _decoded(text: str) -> list[str]:
    found = []
    for match in _ENCODED.finditer(text):
        body = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            found.append(base64.b64decode(body + "=" * (-len(body) % 4)).decode())
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found
