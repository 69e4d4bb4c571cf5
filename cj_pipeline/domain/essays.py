"""What is judged: an essay, its digest, and its role.

What does not belong here: reading files (intake) and storing tables (storage).
"""

import hashlib
import unicodedata
from dataclasses import dataclass


def normalise_text(text: str) -> str:
    r"""Return the text as it is judged: NFC, `\n` line ends, no spaces at line ends, no outer blank lines.

    Two files that differ only in these respects are the same essay and are never paid for twice.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def text_digest(text: str) -> str:
    """SHA-256 of the normalised text, 64 hex digits. It identifies a version of an essay."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Essay:
    """One essay as it is judged.

    Attributes:
        essay_id: Name within the assessment; never sent to a provider.
        text: Normalised text.
        anchor_grade: Known grade on the assessment's scale; None for a student's essay.
        known_measure: Known measure on another scale, in its units; None where there is none.
        known_measure_error: Its standard error.
    """

    essay_id: str
    text: str
    anchor_grade: str | None = None
    known_measure: float | None = None
    known_measure_error: float = 0.0

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return text_digest(self.text)

    @property
    def n_words(self) -> int:
        """Words, split at white space."""
        return len(self.text.split())

    @property
    def is_anchor(self) -> bool:
        """Whether the grade, or the measure on another scale, is known beforehand."""
        return self.anchor_grade is not None or self.known_measure is not None
