"""What the verbs of `cj eng5` do: read the options, run, write the files, say where they are.

Dagster is not needed here, and would take seconds to import; what it drives stands in eng5_executing.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from cj_pipeline.cli.emulating import embedded_emulator
from cj_pipeline.cli.eng5_view import print_boundary, print_capacity, print_outcome
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.alignment_report import alignment_picture, alignment_report
from cj_pipeline.harness.eng5.artefact_files import read_artefact, write_artefact
from cj_pipeline.harness.eng5.capacity import capacity
from cj_pipeline.harness.eng5.running import EXIT_COMPLETE, EXIT_FAILED, anchor_align, boundary, dry_run
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.harness.eng5.wishes import RunnerWishes
from cj_pipeline.settings import Settings, load_settings
from cj_pipeline.storage.atomic import atomic_write

Given = Mapping[str, Any]
"""Options as click gives them, by name."""

_TEXTS = {"prompt": "context_template", "system_prompt": "system_prompt", "rubric": "rubric"}
_PLAIN = ("llm_batching_mode", "provider", "model", "reasoning_effort", "verbosity")


def show_capacity(given: Given) -> int:
    """Print what there is and what it would take; returns the exit code."""
    found = capacity(load_settings(os.environ), given["name"], read_options("plan", given))
    print_capacity(Console(soft_wrap=True), found)
    return EXIT_COMPLETE if found.is_within_limit else EXIT_FAILED


def run_dry(given: Given) -> int:
    """Write the artefact of a run that is not made; returns the exit code."""
    settings = load_settings(os.environ)
    return finish(settings, given, dry_run(settings, given["name"], read_options("dry-run", given)))


def run_alignment(given: Given) -> int:
    """Align the anchors; returns the exit code."""
    before = read_artefact(given["compare"]) if given["compare"] else None
    with settings_for(given) as settings:
        artefact = anchor_align(settings, given["name"], read_options("anchor-align", given))
    path = _artefact_path(settings, given, artefact)
    code = finish(settings, given, artefact)
    report = given["report"] or path.with_suffix(".md")
    picture = report.with_suffix(".png")
    if artefact.bt_summary:
        _write(picture, alignment_picture(artefact))
    text = alignment_report(artefact, artefact_file=path.name, picture_file=picture.name, before=before)
    _write(report, text.encode())
    Console(soft_wrap=True).print(f"  report    {report}", highlight=False)
    return code


def run_boundary(given: Given) -> int:
    """Put pairs many times; returns the exit code."""
    pairs = _pairs(given["pairs"])
    with settings_for(given) as settings:
        artefact = boundary(settings, given["name"], read_options("boundary", given), pairs, given["iterations"])
    print_boundary(Console(soft_wrap=True), artefact)
    return finish(settings, given, artefact)


def verify(path: Path) -> None:
    """Check an artefact and say what it is.

    Raises:
        ConfigurationError: It cannot be trusted.
    """
    artefact = read_artefact(path)
    print_outcome(Console(soft_wrap=True), artefact)
    Console(soft_wrap=True).print(f"  {path}: valid, unaltered, version {artefact.schema_version}", highlight=False)


@contextmanager
def settings_for(given: Given) -> Iterator[Settings]:
    """The settings, with the emulator behind them where that is wanted."""
    with ExitStack() as stack:
        if given["emulator"]:
            stack.enter_context(embedded_emulator(load_settings(os.environ), given["emulator_judge"]))
        yield load_settings(os.environ)


def read_options(mode: str, given: Given) -> RunnerWishes:
    """Read the options.

    Raises:
        ConfigurationError: A file cannot be read, or a wish cannot be met.
    """
    wanted: dict[str, Any] = {key: given[key] for key in _PLAIN if given[key] is not None}
    wanted |= {field: _text(key, given[key]) for key, field in _TEXTS.items() if given[key] is not None}
    return RunnerWishes(
        overrides=RunOverrides.read(wanted),
        max_comparisons=given["max_comparisons"],
        course_id=given.get("course_id", "ENG5"),
        assignment_id=given.get("assignment_id"),
        wait_limit_s=given.get("wait_limit", 0.0),
        arguments=("eng5", mode, *_typed(given)),
    )


def _text(key: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"--{key.replace('_', '-')}: {path} cannot be read: {error}.") from error


def _pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs, faults = [], []
    for text in texts:
        one, found, other = text.partition(":")
        if found and one and other:
            pairs.append((one, other))
        else:
            faults.append(f"--pair {text!r}: give two essays as ESSAY:ESSAY.")
    if faults:
        raise ConfigurationError(faults)
    return pairs


def _artefact_path(settings: Settings, given: Given, artefact: Artefact) -> Path:
    made = f"{artefact.metadata.generated_at:%Y%m%dT%H%M%SZ}"
    default = settings.work_dir / "eng5" / "artefacts" / f"{given['name']}-{artefact.metadata.runner_mode}-{made}.json"
    return Path(given["output"] or default)


def finish(settings: Settings, given: Given, artefact: Artefact) -> int:
    """Write the artefact and say how the run ended; returns the exit code."""
    path = _artefact_path(settings, given, artefact)
    written = write_artefact(path, artefact)
    console = Console(soft_wrap=True)
    print_outcome(console, written)
    console.print(f"  artefact  {path}", highlight=False)
    return written.validation.runner_status.exit_code


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as file:
        file.write(content)


def _typed(given: Given) -> list[str]:
    """The assessment and the options as they would be typed, for the artefact; those not given are left out."""
    words = [str(given["name"])]
    for key, value in given.items():
        if key == "name" or value in (None, False, ()):
            continue
        flag = f"--{key.replace('_', '-')}"
        values = value if isinstance(value, tuple) else (value,)
        words += [flag if one is True else f"{flag}={one}" for one in values]
    return words
