"""`cj init`: a new assessment folder from a folder of essays."""

import os
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.new_assessment import NewAssessment, Wishes, make_assessment
from cj_pipeline.settings import load_settings


def start_assessment(name: str, source: Path, *, task: str, rubric: str, language: str) -> None:
    """Make an assessment folder and say what was found, what is amiss, and what comes next.

    Args:
        name: Name of the assessment.
        source: The folder with the essays.
        task: The writing task, `@FILE` for the text of a file; empty: looked for.
        rubric: The criteria, likewise.
        language: Language of the essays; empty: found out.

    Raises:
        ConfigurationError: Nothing can be made of it; nothing was written.
    """
    wishes = Wishes(_given(task), _given(rubric), language)
    _show(make_assessment(load_settings(os.environ).assessments_dir, name, source, wishes))


def _given(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{text[1:]} cannot be read: {error}.") from error


def _show(made: NewAssessment) -> None:
    console = Console(soft_wrap=True, highlight=False)
    name = made.folder.name
    console.print(f"[bold]{name}[/bold]: {made.folder}")
    console.print(f"  {made.n_essays} essays that can be used, language {made.assessment.language}")
    if made.n_students:
        console.print(f"  a class list of {made.n_students} students: their names, ids and contacts are never sent")
    if made.n_anchors:
        console.print(f"  {made.n_anchors} known grades, on the scale {made.assessment.grade_scale}")
    for what, why in made.passed_over.items():
        console.print(f"  left where it was: {escape(f'{what}: {why}')}")
    for what, why in made.unusable.items():
        console.print(f"  [red]cannot be used:[/red] {escape(f'{what}: {why}')}")
    if made.unusable:
        console.print(
            f"  Mend these in {made.folder / 'essays'}, or set skip_unreadable: true in assessment.yaml to go on "
            "without them."
        )
    for what in made.to_write:
        console.print(f"  [yellow]write into assessment.yaml:[/yellow] {escape(what)}")
    console.print(f"  next: cj plan {name}; cj run {name} --emulator tries it without a key and without cost")
