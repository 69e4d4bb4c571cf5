"""Sections of the alignment report, each from the artefact's figures to words and tables."""

from collections.abc import Sequence
from typing import Final

from cj_pipeline.harness.eng5.markdown import code, count, figure, plain, share, table
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.harness.eng5.schema_inputs import JudgeEntry
from cj_pipeline.harness.eng5.schema_studies import Alignment, InversionEntry, PlacedAnchor

_TAU_TARGET: Final = 0.90
_INVERSIONS_TARGET: Final = 1
_TARGETS: Final = ("at most 1", "none", "at least 0.90")
_BASELINE: Final = ("5", "1", "0.82")
"""Of the reference system's batch 108."""

_STRENGTHS: Final = ("slightly", "clearly", "much")
_MOST_REASONS: Final = 3
_POSITION_Z: Final = 2.0
_COIN: Final = 0.5


def in_short(artefact: Artefact, found: Alignment) -> str:
    """The result in a few sentences."""
    tau = f"Kendall's tau-b is {figure(found.tau_b)}" if found.tau_b.value is not None else "tau-b is not defined"
    sentences = [
        f"**In short.** The judge ordered {count(found.n_anchors, 'anchor')} without knowing their grades; {tau}.",
        _about_inversions(found),
        _about_places(found),
        _about_zero_wins(artefact, found),
    ]
    return " ".join(sentences)


def _about_inversions(found: Alignment) -> str:
    inverted, split = len(found.direct_inversions), len(found.split_pairs)
    surely = sum(inversion.beyond_error for inversion in found.direct_inversions)
    said = f"Of {found.n_pairs} pairs of different grade, {count(inverted, 'was', 'were')} decided against the grades"
    if inverted:
        said += (
            f" ({count(surely, 'of them', 'of them')} by more than the errors of measurement explain)"
            if surely
            else (", though not by more than the errors of measurement explain")
        )
    return said + (f", and {count(split, 'was', 'were')} split." if split else ".")


def _about_places(found: Alignment) -> str:
    said = f"By place, {found.within_one.k} of {found.within_one.n} anchors come within one step of their grade"
    most = max(abs(anchor.steps_off) for anchor in found.anchors)
    if most <= 1:
        return f"{said}."
    named = [
        f"{plain(a.essay_id)} ({a.grade}), {count(most, 'step')} {'too high' if a.steps_off > 0 else 'too low'}"
        for a in found.anchors
        if abs(a.steps_off) == most
    ]
    return f"{said}; farthest off: {'; '.join(named)}."


def _about_zero_wins(artefact: Artefact, found: Alignment) -> str:
    if not found.zero_win_anchors:
        return "Every anchor won at least once."
    grade_of = {anchor.essay_id: anchor.grade for anchor in found.anchors}
    lowest = min(found.anchors, key=lambda anchor: artefact.metadata.grades.index(anchor.grade)).grade
    named = ", ".join(f"{plain(name)} ({grade_of[name]})" for name in found.zero_win_anchors)
    expected = all(grade_of[name] == lowest for name in found.zero_win_anchors)
    return f"{named} won nothing" + (
        ", as the lowest grade may." if expected else ", which its grade does not explain."
    )


def targets(found: Alignment, before: Artefact | None) -> str:
    """The figures beside their targets, the reference system's, and those of an earlier run."""
    mine, tau = _figures(found), found.tau_b.value
    met = [
        len(found.direct_inversions) <= _INVERSIONS_TARGET,
        not found.zero_win_anchors,
        tau is not None and tau >= _TAU_TARGET,
    ]
    said = [f"{target}: {'met' if is_met else '**not met**'}" for target, is_met in zip(_TARGETS, met, strict=True)]
    columns = [list(mine), list(mine.values()), _filled(said, len(mine)), _filled(_BASELINE, len(mine))]
    head = ["figure", "this run", "target", "reference system"]
    if before is not None and before.alignment is not None:
        head.insert(2, f"before ({before.metadata.generated_at:%Y-%m-%d %H:%M})")
        columns.insert(2, list(_figures(before.alignment).values()))
    return table(head, zip(*columns, strict=True))


def _figures(found: Alignment) -> dict[str, str]:
    return {
        "direct inversions": str(len(found.direct_inversions)),
        "anchors without a win": str(len(found.zero_win_anchors)),
        "Kendall's tau-b": figure(found.tau_b),
        "split pairs": f"{len(found.split_pairs)} of {found.n_pairs}",
        "pairs whose measures are in the wrong order": f"{found.n_measure_inversions} of {found.n_pairs}",
        "within one step, by place": share(found.within_one),
        "same grade, by place": share(found.exact),
        "quadratic weighted kappa, by place": figure(found.qwk),
        "within one step, foretold by the others": share(found.foretold_within_one),
        "same grade, foretold by the others": share(found.foretold_exact),
        "quadratic weighted kappa, foretold": figure(found.foretold_qwk),
    }


def _filled(cells: Sequence[str], n: int) -> list[str]:
    return [*cells, *[""] * (n - len(cells))]


def about_run(artefact: Artefact, artefact_file: str) -> str:
    """What was asked of whom, how, when, and for how much."""
    metadata, costs = artefact.metadata, artefact.costs
    asked, status = artefact.inputs.prompt_reference, artefact.validation.runner_status
    tokens = costs.token_counts
    n_verdicts = sum(c.status == "succeeded" for c in artefact.llm_comparisons)
    rows = [
        *(("judge", _judge(judge)) for judge in metadata.judges),
        ("mode", f"`{metadata.llm_batching_mode.value}` (chosen by: {metadata.llm_batching_mode_source})"),
        ("prompt", f"version {asked.version}, `{asked.prompt_hash[:16]}`, from `{asked.path}`"),
        ("rubric", f"`{asked.rubric_sha256[:16]}`"),
        ("verdicts", f"{n_verdicts} of {len(artefact.llm_comparisons)} comparisons, cap {metadata.max_comparisons}"),
        ("tokens", f"{sum(t.prompt_tokens for t in tokens):,} in, {sum(t.completion_tokens for t in tokens):,} out"),
        ("cost", f"{costs.total_usd:.4f} USD at list price" + (", nothing was paid" if metadata.synthetic else "")),
        ("time", f"{status.started_at:%Y-%m-%d %H:%M:%S} to {status.ended_at:%H:%M:%S} UTC"),
        ("judging session", f"`{metadata.judging_session}`"),
        ("version", f"{metadata.runner_version}, commit `{(metadata.git_sha or 'unknown')[:12]}`"),
        ("command", code(f"cj {' '.join(artefact.validation.cli_environment.arguments)}")),
        ("artefact", f"[{artefact_file}]({artefact_file})"),
    ]
    return table(("", ""), rows)


def _judge(judge: JudgeEntry) -> str:
    sent = {"reasoning effort": judge.reasoning_effort, "verbosity": judge.verbosity, "temperature": judge.temperature}
    given = [f"{name} {value}" for name, value in sent.items() if value is not None]
    return f"`{judge.provider}/{judge.model}` at {judge.account}; {', '.join(given) or 'model defaults'}"


def anchors_in_order(artefact: Artefact, found: Alignment) -> str:
    """One row per anchor, best measure first."""
    measures = {entry.essay_id: entry for entry in artefact.bt_summary}
    rows = []
    for place, anchor in enumerate(found.anchors, 1):
        entry = measures[anchor.essay_id]
        rows.append(
            (
                place,
                plain(anchor.essay_id),
                anchor.grade,
                anchor.place_grade,
                _off(anchor),
                anchor.foretold_grade or "",
                f"{entry.theta:+.2f} ± {entry.standard_error:.2f}",
                f"{entry.rank_low}-{entry.rank_high}",
                f"{anchor.n_wins} of {anchor.n_comparisons}",
            )
        )
    head = (
        "place",
        "anchor",
        "grade",
        "grade by place",
        "off by",
        "foretold",
        "measure ± standard error",
        "rank, 90 %",
        "won",
    )
    return table(head, rows)


def _off(anchor: PlacedAnchor) -> str:
    if not anchor.steps_off:
        return ""
    return f"{count(abs(anchor.steps_off), 'step')} {'up' if anchor.steps_off > 0 else 'down'}"


def inversions(found: Alignment) -> str:
    """Every direct inversion with the judge's own reasons."""
    if not found.direct_inversions:
        return "None: no pair of anchors of different grade was decided against the grades."
    return "\n\n".join(_inversion(inversion) for inversion in found.direct_inversions)


def _inversion(inversion: InversionEntry) -> str:
    strength = _STRENGTHS[round(inversion.strength) - 1]
    surely = "by more than their errors explain" if inversion.beyond_error else "within their errors"
    head = (
        f"**{plain(inversion.lower_id)} ({inversion.lower_grade}) over {plain(inversion.higher_id)} "
        f"({inversion.higher_grade})**, {count(inversion.steps, 'step')}: {inversion.n_for_lower} of "
        f"{inversion.n_verdicts} verdicts, on average {strength} better; the measures differ {surely}."
    )
    reasons = [f"> {plain(reason)}" for reason in inversion.reasons[:_MOST_REASONS]]
    return "\n\n".join([head, *reasons])


def splits(found: Alignment) -> str:
    """Pairs with as many verdicts for either, and whether the order of showing decided them."""
    if not found.split_pairs:
        return ""
    grade_of = {anchor.essay_id: anchor.grade for anchor in found.anchors}
    by_first = sum(split.first_always for split in found.split_pairs)
    rows = [
        f"{plain(s.higher_id)} ({grade_of[s.higher_id]}) and {plain(s.lower_id)} ({grade_of[s.lower_id]})"
        for s in found.split_pairs
    ]
    said = f"**Split pairs**, widest apart first; in {count(by_first, 'of them', 'of them')} the essay shown first won "
    return f"{said}each time: {'; '.join(rows)}."


def by_steps(found: Alignment) -> str:
    """How often verdicts follow the grades, by the steps between them."""
    upwards = found.agreement_from_steps
    rows = [(steps, share(rate), share(upwards[steps])) for steps, rate in found.agreement_by_steps.items()]
    head = ("steps between grades", "verdicts for the higher grade", "so many steps and more")
    return f"{_about_steps(found)}\n\n{table(head, rows)}"


def _about_steps(found: Alignment) -> str:
    sure = [steps for steps, rate in found.agreement_by_steps.items() if rate.low is not None and rate.low > _COIN]
    if not sure:
        return "At no distance between grades do verdicts follow them plainly more often than a coin would."
    first = min(sure)
    nearer = [steps for steps in found.agreement_by_steps if steps < first]
    before = f"At {count(max(nearer), 'step')} the judge cannot be told from a coin. " if nearer else ""
    pooled = share(found.agreement_from_steps[first])
    return f"{before}From {count(first, 'step')} on, verdicts follow the grades: {pooled}."


def position(artefact: Artefact, found: Alignment) -> str:
    """What the order of showing does."""
    after = artefact.validation.post_run
    said = [f"Verdicts for the essay shown first: {share(found.first_shown)}."]
    if found.order_flips.n:
        said.append(f"Pairs put in both orders whose verdict changed with the order: {share(found.order_flips)}.")
    if after.position_effect is not None and after.position_effect_se is not None:
        is_plain = abs(after.position_effect) > _POSITION_Z * after.position_effect_se
        # Rounded first: a value that rounds to zero has no minus sign.
        effect = f"{round(after.position_effect, 2) + 0.0:+.2f} ± {after.position_effect_se:.2f} logits"
        verdict = "more than its error explains" if is_plain else "no more than its error explains"
        said.append(f"The advantage of being shown first is {effect}, {verdict}; it is taken out of the measures.")
    return " ".join(said)
