"""The pages as HTML, from templates that escape everything."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.people import Turn
from cj_pipeline.judge_page.wording import wording


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders the pages of one assessment.

    Attributes:
        snapshot: The assessment.
        nonce: Value that style and script carry, so that nothing else runs.
        form_token: Value that every form carries, so that no other site can send one.
    """

    snapshot: AssessmentSnapshot
    nonce: str
    form_token: str

    def name(self, fault: str = "") -> str:
        """The page that asks who judges."""
        return self._render("name.html", {"fault": fault and self.words[fault]})

    def pair(self, turn: Turn, judge: str, token: str, notice: str) -> str:
        """The page with two essays."""
        if turn.pair is None:
            raise ValueError("there is no pair to show")
        first, second = (self.snapshot.essay(essay_id) for essay_id in turn.pair)
        shown = {"first": first.text, "second": second.text, "turn": token, "judge": judge, "progress": turn}
        return self._render("pair.html", {**shown, "notice": self._notice(notice), **self._counts(turn)})

    def done(self, turn: Turn, judge: str, notice: str) -> str:
        """The page at the end."""
        message = self.words["done" if turn.n_assigned else "none_assigned"]
        seen = {"judge": judge, "message": message, "n_mine": turn.n_mine}
        return self._render("done.html", {**seen, "notice": self._notice(notice), **self._counts(turn)})

    @property
    def words(self) -> Mapping[str, str]:
        """Texts in the language of the assessment."""
        return wording(self.snapshot.assessment.language)

    def _notice(self, key: str) -> str:
        return self.words.get(key, "")

    def _counts(self, turn: Turn) -> dict[str, str]:
        line = self.words["progress"].format(mine=turn.n_mine, assigned=turn.n_assigned, judged=turn.n_judged)
        return {"progress_line": line}

    def _render(self, template: str, values: Mapping[str, object]) -> str:
        fixed = {"w": self.words, "nonce": self.nonce, "form_token": self.form_token}
        assessment = self.snapshot.assessment
        return _TEMPLATES.get_template(template).render(**fixed, assessment=assessment, **values)


_TEMPLATES = Environment(
    loader=PackageLoader("cj_pipeline.judge_page"), autoescape=select_autoescape(), undefined=StrictUndefined
)
