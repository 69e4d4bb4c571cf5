"""The report as a page: whole, in both languages, safe against what essays and judges say."""

# ruff: noqa: D103 - the name of a test is its sentence

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

from cj_pipeline.domain.continuation import StopReason
from cj_pipeline.engine.grade_reasons import NoGrades, ReasonKind
from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.html_report import pages
from cj_pipeline.reporting.html_report.pages import report_pages
from cj_pipeline.reporting.html_report.wording import LANGUAGES, wording
from cj_pipeline.reporting.html_report.writing import write_report
from cj_pipeline.reporting.shown_numbers import shown
from cj_pipeline_tests.support.rankings import ClassRoom
from cj_pipeline_tests.support.reports import Judged

HOSTILE = "</td><script>alert(1)</script> <img src=x onerror=alert(1)> & $x_1$"


@pytest.fixture(scope="module")
def data() -> ReportData:
    return Judged(synthetic=True).report()


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, data: ReportData) -> str:
    return report_pages(data, request.param)[""]


class Seen(HTMLParser):
    """Tags, ids and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(  # noqa: D102 (described by HTMLParser)
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "href" and tag == "a":
                self.links.append(str(value))
            if name in {"src", "srcset", "data"}:
                self.loads.append(str(value))


def seen(text: str) -> Seen:
    found = Seen()
    found.feed(text)
    return found


def test_the_languages_have_the_same_texts_with_the_same_figures() -> None:
    english, swedish = wording("en"), wording("sv")
    assert english.keys() == swedish.keys()
    for key, text in english.items():
        if isinstance(text, str):
            fields = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in (text, swedish[key])]
            assert fields[0] == fields[1], key
    assert all(f"stop_{reason.value}" in english for reason in StopReason)


def test_one_file_holds_everything_and_every_link_leads_somewhere(page: str) -> None:
    found = seen(page)
    assert found.loads == []
    assert "script" not in found.tags
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert "url(http" not in page


def test_every_essay_stands_there_with_its_figures(data: ReportData) -> None:
    for language in LANGUAGES:
        page = report_pages(data, language)[""]
        for row in data.ranking.to_dict("records"):
            assert f">{row['essay_id']}</a>" in page
            for column in ("measure", "standard_error", "interval_low", "interval_high"):
                assert shown(column, row[column], language) in page
        assert page.count('class="essay"') == 24


def test_a_synthetic_judge_is_named_on_every_page(page: str, data: ReportData) -> None:
    assert 'class="synthetic"' in page
    honest = report_pages(Judged().report(), "en")[""]
    assert 'class="synthetic"' not in honest
    assert data.is_synthetic


def test_nothing_that_came_from_outside_takes_effect() -> None:
    room = ClassRoom(settings={"title": HOSTILE, "rubric": HOSTILE, "task": HOSTILE})
    names = {f"essay-{i:02d}": f"{HOSTILE} {i}" for i in range(24)}
    page = report_pages(Judged(room, reason=HOSTILE, names=names).report(), "en", with_texts=True)[""]
    found = seen(page)
    assert "script" not in found.tags
    assert "img" not in found.tags
    assert "&lt;script&gt;" in page


def test_essay_texts_are_shown_only_where_asked_for(data: ReportData) -> None:
    assert "word word word" not in report_pages(data, "en")[""]
    assert "word word word" in report_pages(data, "en", with_texts=True)[""]


def test_charts_have_a_text_alternative_and_real_letters(page: str) -> None:
    assert len(re.findall(r'role="img" aria-label="[^"]{60,}"', page)) == 2
    assert "essay-22" in "".join(re.findall(r"<text[^>]*>([^<]*)</text>", page))


def test_without_people_or_grades_the_report_says_so() -> None:
    data = Judged(n_people=0).report()
    none = (NoGrades(ReasonKind.NO_ANCHORS, "no anchors."),)
    bare = replace(data, grades=data.grades.iloc[:0], anchors=data.anchors.iloc[:0], no_grades=none)
    page = report_pages(bare, "en")[""]
    assert "No grades are given out. No essay of known grade was judged along" in page
    assert "There are no anchors in this group." in page
    assert "No person has judged these essays." in page
    assert "People have made no decisions" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ReasonKind)
def test_why_there_are_no_grades_is_said_in_every_language(data: ReportData, kind: ReasonKind, language: str) -> None:
    figures: dict[str, str | int | float] = {
        "lower": "essay-01", "lower_grade": "E-", "higher": "essay-02", "higher_grade": "D+", "gap": 1.234,
        "gap_error": 0.2, "n": 2, "needed": 3, "grade": "C+", "upper_grade": "B", "upper_at": -1.0, "lower_at": 1.0,
        "error": 1.5, "guess": 1.25,
    }  # fmt: skip
    reason = NoGrades(kind, "Only for the operator.", figures)
    bare = replace(data, grades=data.grades.iloc[:0], no_grades=(reason,), names={"essay-01": "Åsa Berg"})
    page = report_pages(bare, language)[""]
    assert "Only for the operator" not in page
    if kind is ReasonKind.INVERSION:
        assert "Åsa Berg" in page
        assert {"en": "1.23", "sv": "1,23"}[language] in page


def test_nothing_is_left_in_english_in_a_swedish_report(data: ReportData) -> None:
    """Words of the report itself; rubric, reasons and the manifest's values are quoted as they are."""
    page = report_pages(data, "sv")[""]
    before_manifest = page[: page.index('id="made"')]
    quoted = r"<svg.*?</svg>|<style>.*?</style>|<ul[^>]*lang=.en.*?</ul>|<td[^>]*lang=.en.*?</td>"
    text = re.sub(rf"{quoted}|<[^>]*>", " ", before_manifest, flags=re.DOTALL)
    english = re.findall(r"\b(?:the|and|with|judges?|essays?|synthetic|known|by|was)\b", text.replace("essay-", ""))
    assert english == []
    assert "varför frågandet slutade" in page


def test_many_essays_get_pages_of_their_own(data: ReportData, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages, "MOST_IN_ONE_FILE", 23)
    found = report_pages(data, "sv")
    assert len(found) == 25
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "essay-99.html").write_text("from an earlier report")
    written = write_report(tmp_path / "report.html", found)
    assert len(written) == 25
    assert not (tmp_path / "essays" / "essay-99.html").exists()
    for link in seen(found[""]).links:
        if not link.startswith("#"):
            assert (tmp_path / link).exists()
    for beside, text in found.items():
        if beside:
            assert all((tmp_path / "essays" / link.partition("#")[0]).exists() for link in seen(text).links)
            assert 'class="synthetic"' in text


def test_a_folder_with_other_files_is_left_alone(data: ReportData, tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "mine.txt").write_text("not ours")
    write_report(tmp_path / "report.html", report_pages(data, "en"))
    assert (tmp_path / "essays" / "mine.txt").exists()


def test_what_was_left_out_is_named_with_the_reason() -> None:
    room = ClassRoom()
    pairs = Judged(room).pairs()
    left_out = (("bad.pdf", "is scanned: run text recognition (OCR) over it."), ("person-07", "the essay is empty."))
    shown_as = replace(pairs.snapshot, left_out=left_out)
    data = replace(Judged(room).report(), snapshot=shown_as, names={"person-07": "Åsa Berg"})
    rows = pd.DataFrame([("left_out", *row) for row in left_out], columns=data.manifest.columns)
    page = report_pages(replace(data, manifest=rows), "sv")[""]
    assert "saknar rang: 2 (bad.pdf, Åsa Berg)" in page
    assert re.search(r'bad.pdf</th>\s*<td lang="en">is scanned', page)
    assert "saknar rang" not in report_pages(Judged(room).report(), "sv")[""]
