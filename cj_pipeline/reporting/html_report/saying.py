"""A report's data in the words and numbers of one language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cj_pipeline.engine.grade_reasons import NoGrades
from cj_pipeline.engine.people_arrays import PERSON
from cj_pipeline.engine.rank import SYNTHETIC_JUDGE
from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.html_report.tables import Cell
from cj_pipeline.reporting.html_report.wording import wording
from cj_pipeline.reporting.shown_numbers import is_missing, shown

_NAMES: Final = 8
_PLAIN: Final = "standard_error"
"""Column whose look logits and averages have in sentences: two decimals, no plus."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Says a report.

    Attributes:
        data: What it says.
        language: In which language, ISO 639-1.
        page_of: Address of an essay's part of the report, by id.
    """

    data: ReportData
    language: str
    page_of: Callable[[str], str]

    @property
    def w(self) -> Mapping[str, Any]:
        """The wording."""
        return wording(self.language)

    @property
    def reasons_lang(self) -> str:
        """Language of the judges' reasons, where it is not the report's."""
        spoken = self.data.snapshot.assessment.language
        return "" if spoken == self.w["lang"] else spoken

    def say(self, key: str, **figures: object) -> str:
        """A sentence with its figures, each already as text or shown by its name."""
        said = {name: v if isinstance(v, str) else self.show(name, v) for name, v in figures.items()}
        return str(self.w[key]).format(**said)

    def show(self, column: str, value: object) -> str:
        """A value of a column as text."""
        return shown(column, value, self.language)

    def figure(self, name: str) -> str:
        """A figure of the whole ranking as text; empty where there is none."""
        return self.show(name, self.data.figures[name])

    def figures(self, *names: str) -> dict[str, str]:
        """Several figures, for `say`."""
        return {name: self.figure(name) for name in names}

    def number(self, column: str, value: object) -> Cell:
        """A cell with a number; a dash where there is none."""
        return Cell("–" if is_missing(value) else self.show(column, value), is_number=True)  # noqa: RUF001 (a dash)

    def essay(self, essay_id: str) -> Cell:
        """A cell with an essay's name, leading to its part of the report."""
        return Cell(self.data.name_of(essay_id), href=self.page_of(essay_id))

    def judge(self, name: str) -> str:
        """A judge's name as people say it; the synthetic judge is named as such."""
        return str(self.w["synthetic_judge"]) if name == SYNTHETIC_JUDGE else name.removeprefix(PERSON)

    def item(self, name: str) -> str:
        """An item of the manifest in the report's language, where it has a word for it or for what it begins with."""
        words: Mapping[str, str] = self.w["items"]
        kind, _, rest = name.partition(" ")
        return words[name] if name in words else f"{words[kind]} {rest}" if rest and kind in words else name

    @property
    def why_no_grades(self) -> str:
        """Why no grades are given, in the report's language; empty where they are."""
        return " ".join(self._why(reason) for reason in self.data.no_grades)

    def _why(self, reason: NoGrades) -> str:
        said = {name: self.show(_PLAIN, v) if isinstance(v, float) else str(v) for name, v in reason.figures.items()}
        said |= {name: self.data.name_of(said[name]) for name in ("lower", "higher") if name in said}
        return str(self.w[f"why_{reason.kind.value}"]).format(**said)

    def named(self, essay_ids: Sequence[str]) -> str:
        """Up to eight essays by name, and how many more there are."""
        names = ", ".join(self.data.name_of(essay_id) for essay_id in essay_ids[:_NAMES])
        more = len(essay_ids) - _NAMES
        return f"{names} {self.say('and_more', n=str(more))}" if more > 0 else names or str(self.w["none_named"])
