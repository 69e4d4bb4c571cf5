"""The part of a report about one essay: its place, its feedback, its comparisons."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cj_pipeline.engine.feedback import OUTDONE, STRENGTH, WEAKNESS
from cj_pipeline.reporting.html_report.overview import Row
from cj_pipeline.reporting.html_report.saying import Saying
from cj_pipeline.reporting.html_report.tables import Cell, Table
from cj_pipeline.reporting.shown_numbers import is_missing


@dataclass(frozen=True, slots=True)
class Remark:
    """A strength or weakness.

    Attributes:
        text: What, and how often.
        quotations: Reasons that say so.
    """

    text: str
    quotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EssayPart:
    """What is said of one essay.

    Attributes:
        essay_id: Its id.
        anchor: Name of its place in the page.
        name: What it is called.
        lines: Where it stands, in sentences.
        strengths: Most frequent first.
        weaknesses: Most frequent first.
        outdone: In what the other essay was preferred, most frequent first.
        comparisons: All its comparisons.
        text: The essay; empty where it is not to be shown.
    """

    essay_id: str
    anchor: str
    name: str
    lines: tuple[str, ...]
    strengths: tuple[Remark, ...]
    weaknesses: tuple[Remark, ...]
    outdone: tuple[Remark, ...]
    comparisons: Table
    text: str


def essay_parts(s: Saying, *, with_texts: bool) -> list[EssayPart]:
    """Every essay, best first.

    Args:
        s: The report and its language.
        with_texts: Whether the essays themselves are shown.
    """
    decided: dict[str, list[tuple[Row, bool]]] = defaultdict(list)
    for row in s.data.decisions.to_dict("records"):
        decided[row["left_id"]].append((row, True))
        decided[row["right_id"]].append((row, False))
    said: dict[str, list[Row]] = defaultdict(list)
    for row in s.data.feedback.to_dict("records"):
        said[row["essay_id"]].append(row)
    graded = {row["essay_id"]: row for row in s.data.grades.to_dict("records")}
    texts = {essay.essay_id: essay.text for essay in s.data.snapshot.essays} if with_texts else {}
    return [
        _part(s, place, row, graded.get(name), decided=decided[name], said=said[name], text=texts.get(name, ""))
        for place, row in enumerate(s.data.ranking.to_dict("records"), 1)
        for name in [str(row["essay_id"])]
    ]


def _part(
    s: Saying, place: int, row: Row, graded: Row | None, *, decided: list[tuple[Row, bool]], said: list[Row], text: str
) -> EssayPart:
    essay_id = str(row["essay_id"])
    name = s.data.name_of(essay_id)
    head = [s.w[key] for key in ("other", "outcome", "chance", "shown", "judge", "reason")]
    rows = [_compared(s, each, was_first=first) for each, first in decided]
    return EssayPart(
        essay_id=essay_id,
        anchor=f"essay-{place}",
        name=name,
        lines=tuple(_lines(s, row, graded, sum(bool(each["surprising"]) for each, _ in decided))),
        strengths=_remarks(s, said, STRENGTH),
        weaknesses=_remarks(s, said, WEAKNESS),
        outdone=_remarks(s, said, OUTDONE),
        comparisons=Table(s.say("comparisons", essay=name), head, rows),
        text=text,
    )


def _lines(s: Saying, row: Row, graded: Row | None, n_surprises: int) -> list[str]:
    lines = [
        s.say(
            "essay_line",
            n=str(len(s.data.ranking)),
            rank=row["rank"],
            low=str(row["rank_low"]),
            high=str(row["rank_high"]),
            measure=row["measure"],
            **{
                "from": s.show("interval_low", row["interval_low"]),
                "to": s.show("interval_high", row["interval_high"]),
            },
            wins=s.show("n_wins", row["n_wins"]),
            comparisons=s.show("n_comparisons", row["n_comparisons"]),
        )
    ]
    if not is_missing(row["anchor_grade"]):
        lines.append(s.say("essay_known", grade=row["anchor_grade"]))
    elif graded is not None:
        shares = {key: graded[key] for key in ("probability", "runner_up_probability")}
        grade = f"{graded['grade']}{graded['mark']}"
        lines.append(s.say("essay_grade", grade=grade, runner_up=graded["runner_up"], **shares))
    lines += [s.say("essay_above")] if row["misfit"] == "above" else []
    return [*lines, s.say("essay_surprises", n=str(n_surprises))] if n_surprises else lines


def _remarks(s: Saying, said: list[Row], kind: str) -> tuple[Remark, ...]:
    return tuple(_remark(s, each) for each in said if each["kind"] == kind)


def _remark(s: Saying, row: Row) -> Remark:
    criterion = s.w.get(f"criterion_{row['criterion']}", row["criterion"])
    counts = {"n": s.show("n_remarks", row["n_remarks"]), "of": s.show("n_reasons", row["n_reasons"])}
    return Remark(s.say("feedback_row", criterion=criterion, **counts), tuple(str(row["quotations"]).split("\n")))


def _compared(s: Saying, row: Mapping[Any, Any], *, was_first: bool) -> list[Cell]:
    other = row["right_id"] if was_first else row["left_id"]
    own = "left" if was_first else "right"
    outcome = {own: "won", "tie": "tie", "invalid": "invalid"}.get(row["winner"], "lost")
    strength = "" if is_missing(row["strength"]) else ", " + s.say(f"strength_{row['strength']}")
    surprising = f" ({s.w['surprising']})" if row["surprising"] else ""
    return [
        s.essay(other),
        Cell(f"{s.w[outcome]}{strength}{surprising}", is_marked=bool(row["surprising"])),
        s.number("chance", row["chance"]),
        Cell(s.w["shown_first" if was_first else "shown_second"]),
        Cell(s.judge(row["answered_by"] or row["judge_id"])),
        Cell(row["reason"] or row["error"], lang=s.reasons_lang if row["reason"] else ""),
    ]
